"""Mails: sent from rows by the worker, together, tried again when they fail, given up in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import override_settings
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import MailState, Membership, Notification, Topic, User
from tests.conftest import Company
from tests.portal.notices.conftest import Told, notices
from tests.portal.notices.post import nobody_answers, server_that

Turn = Callable[[], None]
Post = list[EmailMessage]


def test_a_mail_goes_once(told: Told, turn: Turn, mailoutbox: Post) -> None:
    told("administrator", title="OpenSolar: Needs a new login", text="It said no.", url="/connections/1/")
    assert mailoutbox == []
    turn()
    turn()
    (mail,) = mailoutbox
    assert mail.subject == "OpenSolar: Needs a new login"
    assert mail.to == ["administrator@sunny.example"]
    assert "It said no." in mail.body
    assert "https://portal.example.com/connections/1/" in mail.body
    assert "https://portal.example.com/notifications/choices/" in mail.body
    (html,) = mail.alternatives  # type: ignore[attr-defined]
    assert 'href="https://portal.example.com/connections/1/"' in html[0]
    (notice,) = notices()
    assert (notice.mail_state, notice.mail_tries, notice.mail_error) == (MailState.SENT, 1, "")
    assert notice.mailed_at is not None


def test_several_for_one_person_go_as_one_mail(told: Told, turn: Turn, mailoutbox: Post) -> None:
    told("sales", key="a", topic=Topic.ASSIGNED, title="Yours now: Roof 1")
    told("sales", key="b", topic=Topic.ASSIGNED, title="Yours now: Roof 2")
    told("administrator", key="b", topic=Topic.ASSIGNED, title="Yours now: Roof 2")
    turn()
    assert mailoutbox == []  # they gather for a minute, so that one sync makes one mail
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        turn()
    digest, single = sorted(mailoutbox, key=lambda mail: mail.to, reverse=True)
    assert digest.subject == "2 things happened at Sunny Solar"
    assert "Roof 1" in digest.body
    assert "Roof 2" in digest.body
    assert single.subject == "Yours now: Roof 2"


def test_what_is_urgent_takes_the_rest_along(told: Told, turn: Turn, mailoutbox: Post) -> None:
    told("administrator", key="a", topic=Topic.ASSIGNED, title="Yours now: Roof 1")
    told("administrator", key="b")
    turn()
    assert [mail.subject for mail in mailoutbox] == ["2 things happened at Sunny Solar"]


def test_a_long_digest_is_cut(told: Told, turn: Turn, mailoutbox: Post) -> None:
    for number in range(40):
        told("administrator", key=str(number), title=f"Thing {number}!")
    turn()
    (mail,) = mailoutbox
    assert "Thing 24!" in mail.body
    assert "Thing 25!" not in mail.body
    assert "And 15 more in the portal." in mail.body
    assert {notice.mail_state for notice in notices()} == {MailState.SENT}


@override_settings(PORTAL_BASE_URL="")
def test_without_an_address_there_is_a_sentence_and_no_link(told: Told, turn: Turn, mailoutbox: Post) -> None:
    told("administrator", url="/connections/1/")
    turn()
    (mail,) = mailoutbox
    assert "Open the portal to see more." in mail.body
    for text in (mail.body, mail.alternatives[0][0]):  # type: ignore[attr-defined]
        assert "/connections/" not in text
        assert "href" not in text


def test_a_vendors_words_do_no_harm(told: Told, turn: Turn, mailoutbox: Post) -> None:
    told("administrator", title="Sold:\nBcc: everybody@example.com <b>Roof</b>")
    turn()
    (mail,) = mailoutbox
    assert mail.subject == "Sold: Bcc: everybody@example.com <b>Roof</b>"
    assert mail.recipients() == ["administrator@sunny.example"]
    assert "<b>Roof" not in mail.alternatives[0][0]  # type: ignore[attr-defined]


def test_a_server_that_is_down_is_asked_again(told: Told, turn: Turn, mailoutbox: Post) -> None:
    told("administrator", "sales")
    with nobody_answers():
        turn()
    first, second = notices()
    # Nobody answers: the second mail is not tried in the same turn.
    assert (first.mail_tries, first.mail_error) == (1, "The mail server does not answer.")
    assert (second.mail_tries, second.mail_state) == (0, MailState.WAITING)
    turn()
    assert [mail.to for mail in mailoutbox] == [["sales@sunny.example"]]
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        turn()
    assert [mail.to for mail in mailoutbox][1:] == [["administrator@sunny.example"]]
    assert [(n.mail_state, n.mail_error) for n in notices()] == [(MailState.SENT, "")] * 2


def test_after_five_tries_it_is_given_up_with_the_reason(told: Told, turn: Turn, mailoutbox: Post) -> None:
    told("administrator")
    now = timezone.now()
    with server_that(DATA="451 later"):
        for hours in range(12):
            with time_machine.travel(now + timedelta(hours=3 * hours)):
                turn()
    (notice,) = notices()
    assert (notice.mail_state, notice.mail_tries) == (MailState.FAILED, 5)
    assert notice.mail_error == "The mail server refused it (451)."
    with time_machine.travel(now + timedelta(days=3)):
        turn()
    assert mailoutbox == []


def test_an_address_that_does_not_exist_is_not_tried_again(told: Told, turn: Turn) -> None:
    told("administrator")
    with server_that(RCPT="550 nobody here"):
        turn()
    (notice,) = notices()
    assert (notice.mail_state, notice.mail_tries) == (MailState.FAILED, 1)
    assert notice.mail_error == "The mail server does not accept this address."


def test_a_worker_that_died_while_sending_is_made_up_for(told: Told, turn: Turn, mailoutbox: Post) -> None:
    """At least once: the claim holds for a while, then the mail goes (again), under the same Message-ID."""
    told("administrator")
    with scopes_disabled():
        claim = {"mail_tries": 1, "mail_due_at": timezone.now() + timedelta(minutes=2)}
        Notification.objects.update(**claim)
    turn()
    assert mailoutbox == []
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        turn()
    assert len(mailoutbox) == 1
    with scopes_disabled():
        Notification.objects.update(mail_state=MailState.WAITING, mail_due_at=timezone.now())
    turn()
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 1


def test_one_that_killed_its_worker_every_time_is_given_up(told: Told, turn: Turn, mailoutbox: Post) -> None:
    told("administrator")
    with scopes_disabled():
        Notification.objects.update(mail_tries=5)
    turn()
    (notice,) = notices()
    assert (mailoutbox, notice.mail_state) == ([], MailState.FAILED)


@pytest.mark.parametrize("gone", ["left", "locked"])
def test_who_left_meanwhile_gets_no_mail(sunny: Company, told: Told, turn: Turn, mailoutbox: Post, gone: str) -> None:
    told("administrator")
    with scopes_disabled():
        if gone == "left":
            Membership.objects.update(ended_at=timezone.now())
        else:
            User.objects.update(is_active=False)
    turn()
    (notice,) = notices()
    assert (mailoutbox, notice.mail_state, notice.mail_error) == ([], MailState.FAILED, "No longer in the team.")
