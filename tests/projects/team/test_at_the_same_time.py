"""Two at once, where the database lets them: one membership, and never no administrator."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Kind, Membership, Organisation, User
from portal.services.first_run import secret
from projects.models import Invitation
from projects.tasks import send_invitations
from tests.conftest import Company, found, signed_in
from tests.projects.team.post import NAMED, audited, caroline, invite, memberships

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(transactional_db: Any) -> Company:
    """A company whose rows are committed, so that every thread sees them."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]
        pytest.skip("Threads share nothing in a database in memory.")
    return found("sunny", "1")


@pytest.fixture
def empty(transactional_db: Any) -> None:
    """A portal without anybody."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]
        pytest.skip("Threads share nothing in a database in memory.")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Starts all at the same moment; their answers, in order."""
    start, answers = threading.Barrier(len(acts)), dict[int, Any]()

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            start.wait()
            answers[number] = act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers.get(number) for number in range(len(acts))]


def test_accepting_twice_at_once_makes_one_person_and_one_membership(busy: Company) -> None:
    link = invite(signed_in(busy.people["administrator"]), caroline(busy))
    codes = [answer.status_code for answer in at_once(*[lambda: Client().post(link, NAMED)] * 4)]
    assert codes.count(302) == 1
    assert set(codes) <= {302, 409, 410}
    assert len(memberships("caroline@herschel.example")) == 1
    assert len(audited("team.joined")) == 1


def test_two_workers_send_one_mail(busy: Company, mailoutbox: list[Any]) -> None:
    signed_in(busy.people["administrator"]).post(f"/team/roles/{caroline(busy).pk}/invite/")
    at_once(*[send_invitations] * 4)
    assert len(mailoutbox) == 1


def test_inviting_twice_at_once_leaves_one_open(busy: Company) -> None:
    role = caroline(busy)
    clients = [signed_in(busy.people["administrator"]) for _ in range(4)]
    at_once(*[lambda client=client: client.post(f"/team/roles/{role.pk}/invite/") for client in clients])
    with scopes_disabled():
        assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_two_administrators_who_leave_at_once_do_not_both_go(busy: Company) -> None:
    with scopes_disabled():
        Membership.objects.filter(user=busy.people["administrator"]).update(given_kind=Kind.ADMINISTRATOR)
        vera = User.objects.create_user("vera@rubin.example")
        Membership.objects.create(organisation=busy.organisation, user=vera, given_kind=Kind.ADMINISTRATOR)
    first, second = signed_in(busy.people["administrator"]), signed_in(vera)
    at_once(lambda: first.post("/team/leave/"), lambda: second.post("/team/leave/"))
    with scopes_disabled():
        assert Membership.objects.filter(given_kind=Kind.ADMINISTRATOR, ended_at=None).count() == 1


def test_of_two_first_administrators_one_comes_too_late(empty: None) -> None:
    """They name different companies, so no short name keeps the second one out."""
    path = f"/welcome/start/{secret()}/"

    def begin(name: str) -> int:
        form = {"company": f"{name} Solar", "first_name": name, "email": f"{name}@example.com"}
        return Client().post(path, {**form, "password": "radium and polonium"}).status_code

    assert sorted(at_once(lambda: begin("marie"), lambda: begin("pierre"))) == [302, 410]
    assert User.objects.count() == Organisation.objects.count() == 1
