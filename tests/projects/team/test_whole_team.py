"""One click invites everybody who can be invited, and says whom it left out and why."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from projects.models import Invitation
from projects.tasks import send_invitations
from tests.conftest import Company
from tests.factories import NOON, make_role
from tests.projects.pages.reading import text_of
from tests.projects.team.post import audited, caroline, invite


def press(administrator: Client) -> str:
    return text_of(administrator.post("/team/invite-all/", follow=True))


def test_everybody_is_invited_who_can_be(sunny: Company, ada: Client) -> None:
    invite(ada, caroline(sunny))
    make_role(sunny.connection, display="Vera Rubin", email="vera@rubin.example")
    make_role(sunny.connection, display="Vera again", email="VERA@rubin.example")
    make_role(sunny.connection, display="Cecilia Payne", user_email="cecilia@payne.example")
    make_role(sunny.connection, display="Annie Cannon")
    make_role(sunny.connection, display="Maria Mitchell", email="maria@mitchell.example", is_hidden=True)
    make_role(sunny.connection, display="Gone", email="gone@example.com", removed_at=NOON)
    said = press(ada)
    assert "2 people are invited." in said
    for words in (
        "1 without an e-mail address (Annie Cannon)",
        "1 with the address of somebody else in the team (Vera again)",
        "1 hidden at OpenSolar (Maria Mitchell)",
        "1 invited already",
        "5 with access already, now or before",
    ):
        assert words in said
    mail.outbox.clear()
    send_invitations()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["cecilia@payne.example", "vera@rubin.example"]
    assert len(audited("team.invited")) == 3


def test_the_second_click_invites_nobody_again(sunny: Company, ada: Client) -> None:
    caroline(sunny)
    assert "1 person is invited." in press(ada)
    assert "Nobody was left to invite." in press(ada)
    with scopes_disabled():
        assert Invitation.objects.count() == 1


def test_who_let_it_expire_is_invited_again(sunny: Company, ada: Client) -> None:
    caroline(sunny)
    press(ada)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        ada.force_login(sunny.people["administrator"])
        assert "1 person is invited." in press(ada)
        with scopes_disabled():
            assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_many_names_are_cut(sunny: Company, ada: Client) -> None:
    for number in range(8):
        make_role(sunny.connection, display=f"Star {number}")
    assert "8 without an e-mail address (Star 0, Star 1, Star 2, Star 3, Star 4 and 3 more)" in press(ada)
