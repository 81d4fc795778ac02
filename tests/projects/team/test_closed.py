"""Links that let nobody in: each says why and what to do, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Membership, User
from projects.models import Role
from tests.conftest import Company, signed_in
from tests.factories import NOON
from tests.projects.pages.reading import text_of
from tests.projects.team.post import NAMED, caroline, invite, memberships, role_of, the_invitation


def change(role: Role, **columns: Any) -> None:
    """What a sync does to a role."""
    with scopes_disabled():
        Role.objects.filter(pk=role.pk).update(**columns)


def test_used_twice(sunny: Company, ada: Client) -> None:
    link = invite(ada, caroline(sunny))
    browser = Client()
    assert browser.post(link, NAMED).status_code == 302
    for client in (browser, Client()):
        for answer in (client.get(link), client.post(link, NAMED)):
            assert answer.status_code == 410
            assert "accepted already" in text_of(answer)
    assert len(memberships("caroline@herschel.example")) == 1


def test_expired(sunny: Company, ada: Client) -> None:
    link = invite(ada, caroline(sunny))
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1)):
        for answer in (Client().get(link), Client().post(link, NAMED)):
            assert answer.status_code == 410
            assert "Ask an administrator of Sunny Solar to invite you again" in text_of(answer)
    assert not User.objects.filter(email="caroline@herschel.example").exists()


def test_revoked(sunny: Company, ada: Client) -> None:
    link = invite(ada, caroline(sunny))
    ada.post(f"/team/invitations/{the_invitation().pk}/take-back/")
    for answer in (Client().get(link), Client().post(link, NAMED)):
        assert answer.status_code == 410
        assert "was taken back" in text_of(answer)


@pytest.mark.parametrize("columns", [{"is_hidden": True}, {"removed_at": NOON}, {"withheld_at": NOON}])
def test_role_removed_or_hidden_meanwhile(sunny: Company, ada: Client, columns: dict[str, Any]) -> None:
    role = caroline(sunny)
    link = invite(ada, role)
    change(role, **columns)
    for answer in (Client().get(link), Client().post(link, NAMED)):
        assert answer.status_code == 410
        assert "no longer in this team at OpenSolar" in text_of(answer)
    assert not User.objects.filter(email="caroline@herschel.example").exists()
    change(role, **{name: False if name == "is_hidden" else None for name in columns})
    assert Client().get(link).status_code == 200


def test_role_bound_to_somebody_else_meanwhile(sunny: Company, ada: Client) -> None:
    role = caroline(sunny)
    link = invite(ada, role)
    user = User.objects.create_user("vera@rubin.example", first_name="Vera", last_name="Rubin")
    with scopes_disabled():
        other = Membership.objects.create(organisation=sunny.organisation, user=user)
    change(role, membership=other)
    for answer in (Client().get(link), Client().post(link, NAMED)):
        assert answer.status_code == 410
        assert "Somebody else signs in with this role" in text_of(answer)
        assert "Rubin" not in text_of(answer)
    assert role_of(role).membership == other


def test_role_of_somebody_who_was_removed_can_be_taken_over(sunny: Company, ada: Client) -> None:
    role = sunny.roles["sales"]
    ada.post(f"/team/members/{sunny.membership('sales').pk}/remove/")
    change(role, email="caroline@herschel.example")
    assert Client().post(invite(ada, role), NAMED).status_code == 302
    (membership,) = memberships("caroline@herschel.example")
    assert role_of(role).membership == membership
    assert sunny.membership("sales").ended_at is not None


def test_somebody_who_is_here_as_another_role(sunny: Company, ada: Client) -> None:
    role = caroline(sunny)
    link = invite(ada, role)
    user = User.objects.create_user("caroline@herschel.example")
    with scopes_disabled():
        membership = Membership.objects.create(organisation=sunny.organisation, user=user)
    other = caroline(sunny, email="", membership=membership)
    answer = signed_in(user).post(link)
    assert answer.status_code == 410
    assert "One login stands for one role" in text_of(answer)
    assert role_of(role).membership is None
    change(other, is_hidden=True)
    assert signed_in(user).post(link).status_code == 302
    assert role_of(role).membership == membership
    assert role_of(other).membership is None


@pytest.mark.parametrize("token", ["nothing", "x" * 5000, "%00", "%F0%9F%8C%9E", "..%2F..", "'; --"])
def test_unknown_link_is_not_found_and_learns_nothing(sunny: Company, ada: Client, token: str) -> None:
    invite(ada, caroline(sunny))
    act: Callable[..., Any]
    for act in (Client().get, Client().post):
        answer = act(f"/invitations/{token}/")
        assert answer.status_code == 404
        assert "Sunny" not in answer.content.decode()


def test_link_of_another_organisation_says_nothing_of_mine(sunny: Company, kestrel: Company, ada: Client) -> None:
    caroline(sunny)
    other = invite(signed_in(kestrel.people["administrator"]), caroline(kestrel))
    page = ada.get(other).content.decode()
    assert "Kestrel Solar" in page
    assert "Sunny Solar" not in page
