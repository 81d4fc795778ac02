"""A lost password: nothing tells whether an address is known, and who has no password yet gets the first one."""

from __future__ import annotations

import re
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client, RequestFactory

from portal.models import User
from portal.views.account_password import quiet_reset
from tests.conftest import PASSWORD, Company
from tests.portal.accounts.doors import has_come_in, set_up_app, sign_in

RESET = "/accounts/password/reset/"
KNOWN, UNKNOWN = "sales@sunny.example", "nobody@sunny.example"


class BrokenMail(EmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, messages: Any) -> int:
        raise SMTPServerDisconnected("Connection unexpectedly closed")


def outside(email: str) -> tuple[Any, ...]:
    """All that somebody who asks can see: status, headers, the page after it."""
    client = Client()
    answer = client.post(RESET, {"email": email})
    page = client.get(answer.headers["Location"]).content.decode()
    shown = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.split("<body")[1])
    headers = {name: value for name, value in answer.headers.items() if name != "Server-Timing"}
    return answer.status_code, headers, answer.content, sorted(answer.cookies), shown


def test_known_and_unknown_look_the_same(sunny: Company) -> None:
    assert outside(KNOWN) == outside(UNKNOWN)


def test_only_the_known_address_gets_a_letter(sunny: Company) -> None:
    outside(UNKNOWN)
    assert mail.outbox == []
    outside(KNOWN.upper())
    assert [letter.to for letter in mail.outbox] == [[KNOWN]]
    assert "example.com" not in mail.outbox[0].body


def test_closed_accounts_get_none(sunny: Company) -> None:
    User.objects.filter(email=KNOWN).update(is_active=False)
    assert outside(KNOWN) == outside(UNKNOWN)
    assert mail.outbox == []


def test_the_letter_leaves_after_the_answer(sunny: Company, rf: RequestFactory) -> None:
    """A mail server takes its time; the visitor must not be able to measure that."""
    from allauth.account.middleware import AccountMiddleware
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.sessions.backends.db import SessionStore

    request: Any = rf.post(RESET, {"email": KNOWN})
    request.user, request.session = AnonymousUser(), SessionStore()
    request._dont_enforce_csrf_checks = True
    answer: Any = AccountMiddleware(quiet_reset)(request)
    assert (answer.status_code, mail.outbox) == (302, [])
    answer.close()
    assert len(mail.outbox) == 1


def test_a_broken_mail_server_tells_nothing_either(sunny: Company, settings: Any, caplog: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenMail"
    assert outside(KNOWN) == outside(UNKNOWN)
    assert "A mail to an account was not sent" in caplog.text


def test_asking_again_and_again_is_slowed_down_for_both(sunny: Company) -> None:
    for email in (KNOWN, UNKNOWN):
        codes = [Client().post(RESET, {"email": email}).status_code for _attempt in range(6)]
        assert codes == [302] * 5 + [429]


def follow_the_letter(client: Client, password: str) -> Any:
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link
    form = client.get(link[1], follow=True)
    return client.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})


@pytest.mark.parametrize("before", [PASSWORD, None])
def test_the_link_sets_the_password_also_the_first_one(sunny: Company, before: str | None) -> None:
    person = sunny.people["sales"]
    person.set_password(before)
    person.save()
    outside(KNOWN)
    assert follow_the_letter(Client(), "another long pass phrase").status_code == 302
    assert has_come_in(sign_in(KNOWN, "another long pass phrase")[0])
    assert not has_come_in(sign_in(KNOWN)[0])


def test_the_link_works_once(sunny: Company) -> None:
    outside(KNOWN)
    letter = mail.outbox[-1]
    follow_the_letter(Client(), "another long pass phrase")
    mail.outbox.append(letter)
    link = re.search(r"http://testserver(/\S+)", str(letter.body))
    assert link
    assert "no longer works" in Client().get(link[1], follow=True).content.decode()


def test_a_new_password_ends_old_sessions_and_is_told(sunny: Company) -> None:
    old, _ = sign_in(KNOWN)
    outside(KNOWN)
    follow_the_letter(Client(), "another long pass phrase")
    assert not has_come_in(old)
    assert "This has changed on your account" in mail.outbox[-1].body


def test_a_reset_is_no_way_around_the_second_factor(sunny: Company) -> None:
    owner, _ = sign_in(KNOWN)
    set_up_app(owner)
    outside(KNOWN)
    follow_the_letter(Client(), "another long pass phrase")
    client, answer = sign_in(KNOWN, "another long pass phrase")
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not has_come_in(client)
