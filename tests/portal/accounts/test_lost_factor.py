"""Phone and recovery codes are gone: whoever runs the portal lets the person in again, and everybody hears of it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from portal.models import Organisation
from tests.conftest import Company
from tests.portal.accounts.doors import STEP, has_come_in, set_up_app, sign_in
from tests.portal.pages.reading import words

ADA = "administrator@sunny.example"


def forget(email: str) -> str:
    out = StringIO()
    call_command("forgetfactors", email, stdout=out)
    return out.getvalue()


def test_the_password_opens_again_and_a_new_factor_is_asked_for(sunny: Company) -> None:
    set_up_app(sign_in(ADA)[0])
    Organisation.objects.update(administrators_need_second_factor=True)
    locked, answer = sign_in(ADA)
    assert (answer.headers["Location"], has_come_in(locked)) == (STEP, False)
    mail.outbox.clear()
    assert "signs in with the password alone" in forget("Administrator@Sunny.example")
    browser, _answer = sign_in(ADA)
    assert browser.get("/").headers["Location"] == "/accounts/second-factor/"
    (letter,) = mail.outbox
    assert (letter.to, "choose a new password now" in letter.body) == ([ADA], True)
    set_up_app(browser)
    assert browser.get("/").status_code == 200
    text = words(browser.get("/organisation/audit/"))
    assert "Command line Removed a lost second factor Administrator" in text


@pytest.mark.parametrize(("email", "said"), [("nobody@example.com", "Nobody signs in"), (ADA, "has no second factor")])
def test_nothing_to_forget_is_said(sunny: Company, email: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        forget(email)
    assert mail.outbox == []


def test_administrators_see_who_has_one(sunny: Company) -> None:
    browser, _answer = sign_in(ADA)
    page = f"/team/members/{sunny.membership('administrator').pk}/"
    assert "Second factor None" in words(browser.get(page))
    set_up_app(browser)
    assert "Second factor Set up" in words(browser.get(page))
