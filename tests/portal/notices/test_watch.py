"""Administrators are told what needs them: vendors that refuse us, many removals, records not taken in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Connection, ConnectionState, Kind, Membership, Notification, SyncProblem, Topic, User
from portal.sandbox.server import Sandbox
from portal.services.notices_watch import look
from projects.models import Project
from tests.conftest import Company
from tests.portal.notices.conftest import notices
from tests.world import World, connection

Turn = Callable[[], None]
Post = list[EmailMessage]
LOGIN_PAGE = "/opensolar/api-token-auth/"


@pytest.fixture
def world(db: Any) -> Iterator[World]:
    """A vendor with 40 projects, an organisation connected and synced, its administrator and a salesperson."""
    with Sandbox(projects=40, today=date(2026, 11, 20)) as sandbox, scopes_disabled():
        world = World(sandbox)
        assert world.connect().code == 0
        assert world.sync().code == 0
        for name, kind in (("ada", Kind.ADMINISTRATOR), ("grace", Kind.SALES)):
            person = User.objects.create_user(f"{name}@example.com")
            Membership.objects.create(organisation=connection().organisation, user=person, given_kind=kind)
        yield world


def test_a_login_that_is_refused_is_told_once_and_over_when_it_works_again(
    world: World, turn: Turn, mailoutbox: Post
) -> None:
    turn()
    assert notices() == []
    world.expire_tokens()
    world.fault("status", path=LOGIN_PAGE, method="POST", status=400, times=None)
    assert world.sync().code == 1
    for _ in range(2):
        turn()
        world.sync()
    (notice,) = notices()
    assert (notice.topic, notice.title) == (Topic.CONNECTION, "OpenSolar: Needs a new login")
    assert "does not accept this e-mail address and password" in notice.text
    assert notice.url == f"/connections/{connection().pk}/"
    assert [mail.to for mail in mailoutbox] == [["ada@example.com"]]
    world.heal()
    assert world.sync().code == 0
    turn()
    (notice,) = notices()
    assert notice.read_at is not None
    assert len(mailoutbox) == 1


def test_the_next_time_it_is_told_again(world: World, turn: Turn, mailoutbox: Post) -> None:
    for _ in range(2):
        world.expire_tokens()
        world.fault("status", path=LOGIN_PAGE, method="POST", status=400, times=None)
        world.sync()
        turn()
        world.heal()
        world.sync()
        turn()
    assert len(notices()) == len(mailoutbox) == 2


def test_a_mail_that_waits_is_not_sent_when_it_is_over(sunny: Company, turn: Turn, mailoutbox: Post) -> None:
    with scopes_disabled():
        Connection.objects.update(state=ConnectionState.PLAN, state_since=timezone.now(), message="Not in your plan.")
        look()
        Connection.objects.update(state=ConnectionState.WELL, state_since=timezone.now())
    turn()
    (notice,) = notices()
    assert (mailoutbox, notice.mail_error) == ([], "It was over before the e-mail went out.")


def test_a_vendor_that_does_not_answer_needs_nobody(sunny: Company, turn: Turn) -> None:
    with scopes_disabled():
        Connection.objects.update(state=ConnectionState.UNREACHABLE, state_since=timezone.now())
    turn()
    assert notices() == []


def test_records_not_taken_in_are_told_once_a_run_with_their_number(world: World, turn: Turn, mailoutbox: Post) -> None:
    for number in Project.objects.order_by("pk").values_list("opensolar_id", flat=True)[:3]:
        world.replace("projects", number, {"id": number, "stage": {"not": "a stage"}})
    world.sync("--full")
    turn()
    world.sync("--full")
    turn()
    told = notices()
    assert [(n.topic, n.title) for n in told] == [(Topic.PROBLEM, "OpenSolar: 3 records could not be taken in")]
    assert told[0].url.endswith("#problems")
    assert mailoutbox == []


def test_many_removals_ask_for_a_decision(sunny: Company, turn: Turn, mailoutbox: Post) -> None:
    with scopes_disabled():
        problem = SyncProblem.objects.create(
            connection=sunny.connection,
            what=SyncProblem.What.REMOVALS,
            resource="projects",
            reason="40 of 50 projects are missing.",
            seen_at=timezone.now(),
        )
    turn()
    turn()
    (notice,) = notices()
    assert notice.title == "OpenSolar: many removals wait for your decision"
    assert notice.text == "40 of 50 projects are missing."
    assert [mail.to for mail in mailoutbox] == [["administrator@sunny.example"]]
    with scopes_disabled():
        SyncProblem.objects.filter(pk=problem.pk).update(approved_by=sunny.people["administrator"])
    turn()
    assert notices()[0].read_at is not None


def test_the_neighbours_are_not_told(sunny: Company, kestrel: Company, turn: Turn) -> None:
    with scopes_disabled():
        rows = Connection.objects.filter(pk=sunny.connection.pk)
        rows.update(state=ConnectionState.FORBIDDEN, state_since=timezone.now(), message="No.")
    turn()
    with scopes_disabled():
        assert [n.membership.user.email for n in Notification.objects.all()] == ["administrator@sunny.example"]
