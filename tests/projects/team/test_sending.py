"""Mails leave by the worker: retried with growing pauses, given up after five, never two at once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from projects.models import Invitation
from projects.tasks import send_invitations
from tests.conftest import Company
from tests.projects.pages.reading import text_of
from tests.projects.team.post import caroline, invite, link_in, next_link, the_invitation

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def broken_post(settings: Any) -> Iterator[Any]:
    """A mail server that nobody answers at; call it to mend."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

        def mend() -> None:
            settings.EMAIL_BACKEND = LOCMEM

        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield mend


def test_a_mail_that_failed_is_sent_by_a_later_sweep(sunny: Company, ada: Client, broken_post: Any) -> None:
    ada.post(f"/team/roles/{caroline(sunny).pk}/invite/")
    send_invitations()
    row = the_invitation()
    assert (row.sent_at, row.send_tries) == (None, 1)
    assert "The mail did not leave" in row.send_error
    assert "Mail waits" in text_of(ada.get("/team/?show=invited"))
    broken_post()
    send_invitations()
    assert mail.outbox == []  # not due yet
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        link = next_link()
    row = the_invitation()
    assert row.sent_at
    assert row.send_error == ""
    assert Client().get(link).status_code == 200


def test_after_five_tries_the_team_page_says_so(sunny: Company, ada: Client, broken_post: Any) -> None:
    role = caroline(sunny)
    ada.post(f"/team/roles/{role.pk}/invite/")
    now = timezone.now()
    for hours in range(8):
        with time_machine.travel(now + timedelta(hours=3 * hours)):
            send_invitations()
    row = the_invitation()
    assert (row.sent_at, row.send_due_at, row.send_tries) == (None, None, 5)
    page = ada.get("/team/?show=trouble")
    assert "Mail not sent" in text_of(page)
    assert "Caroline Herschel" in text_of(page)
    assert "The mail did not leave" in text_of(ada.get(f"/team/roles/{role.pk}/"))
    assert _team_count(ada) == 1
    broken_post()
    invite(ada, role)
    assert _team_count(ada) == 0


def _team_count(client: Client) -> int:
    (item,) = [item for item in client.get("/").context["nav_admin"] if item["url"] == "/team/"]
    return int(item["count"])


def test_a_worker_killed_over_it_costs_minutes_and_its_link_is_dead(
    sunny: Company, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(self: Any, messages: Any) -> int:
        lost.append(messages[0].body)
        raise Killed

    lost: list[str] = []
    ada.post(f"/team/roles/{caroline(sunny).pk}/invite/")
    with monkeypatch.context() as patch:
        patch.setattr(f"{LOCMEM}.send_messages", killed)
        with pytest.raises(Killed):
            send_invitations()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        link = next_link()
    assert Client().get(link).status_code == 200
    assert Client().get(link_in(lost[0])).status_code == 404
    assert "newest mail" in text_of(Client().get(link_in(lost[0])))


def test_a_dead_server_is_not_asked_for_each_of_many(sunny: Company, ada: Client, broken_post: Any) -> None:
    for number in range(10):
        caroline(sunny, email=f"comet{number}@herschel.example")
    ada.post("/team/invite-all/")
    send_invitations()
    with scopes_disabled():
        assert Invitation.objects.filter(send_tries=1).count() == 3
        assert Invitation.objects.filter(send_tries=0).count() == 7


def test_two_sweeps_send_one_mail(sunny: Company, ada: Client) -> None:
    ada.post(f"/team/roles/{caroline(sunny).pk}/invite/")
    send_invitations()
    send_invitations()
    assert len(mail.outbox) == 1


def test_what_expired_before_it_left_is_not_sent(sunny: Company, ada: Client) -> None:
    ada.post(f"/team/roles/{caroline(sunny).pk}/invite/")
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        send_invitations()
    assert mail.outbox == []
