"""An authenticator app: set up, asked for at each sign-in, a way back without the phone, removed again."""

from __future__ import annotations

import base64
import re

from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.conftest import PASSWORD, Company, signed_in
from tests.portal.accounts.doors import (
    LOGIN,
    SET_UP,
    STEP,
    YOU,
    app_code,
    forget_used_codes,
    has_come_in,
    lasting_moment,
    recovery_codes,
    set_up_app,
    sign_in,
)

SALES = "sales@sunny.example"


def with_app(company: Company, who: str = "sales") -> tuple[Client, str]:
    client, _ = sign_in(f"{who}@sunny.example")
    secret = set_up_app(client)
    forget_used_codes()
    return client, secret


def test_setting_up_leads_to_the_recovery_codes(
    sunny: Company, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client, _ = sign_in(SALES)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(client)
    assert len(set(recovery_codes(client))) == 10
    page = client.get(YOU).content.decode()
    assert "10 unused codes" in page
    assert [letter.to for letter in mail.outbox] == [[SALES]]
    assert "This has changed on your account" in mail.outbox[0].body
    assert "/accounts/password/reset/" in mail.outbox[0].body


def test_the_code_to_scan_is_an_image_that_the_policy_allows(sunny: Company) -> None:
    client, _ = sign_in(SALES)
    answer = client.get(SET_UP)
    page = answer.content.decode()
    image = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert image
    assert b"<svg" in base64.b64decode(image[1])
    assert "img-src 'self' data:" in answer.headers["Content-Security-Policy"]
    assert " style=" not in page


def test_a_wrong_code_sets_nothing_up(sunny: Company) -> None:
    client, _ = sign_in(SALES)
    client.get(SET_UP)
    answer = client.post(SET_UP, {"code": "000000"})
    assert "That did not work" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_the_secret_is_encrypted_at_rest(sunny: Company) -> None:
    _, secret = with_app(sunny)
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_after_the_password_the_code_is_asked_for(sunny: Company) -> None:
    _, secret = with_app(sunny)
    client, answer = sign_in(SALES)
    assert answer.headers["Location"] == STEP
    assert not has_come_in(client)
    assert "authenticator app" in client.get(STEP).content.decode()
    assert client.post(STEP, {"code": app_code(secret)}).headers["Location"] == "/"
    assert has_come_in(client)


def test_where_the_person_wanted_to_go_outlives_the_second_step(sunny: Company) -> None:
    _, secret = with_app(sunny)
    client = Client()
    client.post(LOGIN, {"login": SALES, "password": PASSWORD, "next": "/projects/"})
    assert client.post(STEP, {"code": app_code(secret)}).headers["Location"] == "/projects/"


def test_a_code_opens_once(sunny: Company) -> None:
    _, secret = with_app(sunny)
    now = lasting_moment()
    first, _ = sign_in(SALES)
    first.post(STEP, {"code": app_code(secret, now)})
    second, _ = sign_in(SALES)
    second.post(STEP, {"code": app_code(secret, now)})
    assert has_come_in(first)
    assert not has_come_in(second)


def test_codes_cannot_be_guessed_without_end(sunny: Company) -> None:
    _, secret = with_app(sunny)
    client, _ = sign_in(SALES)
    for _attempt in range(5):
        client.post(STEP, {"code": "000000"})
    answer = client.post(STEP, {"code": app_code(secret)})
    assert "Too many failed" in answer.content.decode()
    assert not has_come_in(client)


def test_without_the_password_the_second_step_is_not_there(sunny: Company) -> None:
    _, secret = with_app(sunny)
    client = Client()
    assert client.post(STEP, {"code": app_code(secret)}).headers["Location"] == LOGIN
    assert not has_come_in(client)


def test_a_recovery_code_opens_once(sunny: Company) -> None:
    client, _ = with_app(sunny)
    code = recovery_codes(client)[0]
    lost, _ = sign_in(SALES)
    lost.post(STEP, {"code": code})
    again, _ = sign_in(SALES)
    again.post(STEP, {"code": code})
    assert has_come_in(lost)
    assert not has_come_in(again)
    assert code not in recovery_codes(client)


def test_recovery_codes_come_as_a_file_and_are_replaced(sunny: Company) -> None:
    client, _ = with_app(sunny)
    before = recovery_codes(client)
    answer = client.get("/accounts/2fa/recovery-codes/download/")
    assert answer.content.decode().split() == before
    assert "attachment" in answer.headers["Content-Disposition"]
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert not set(before) & set(recovery_codes(client))


def test_the_app_is_removed_with_its_codes(sunny: Company) -> None:
    client, _ = with_app(sunny)
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()
    _, answer = sign_in(SALES)
    assert answer.headers["Location"] == "/"


def test_removing_twice_is_not_there(sunny: Company) -> None:
    client, _ = with_app(sunny)
    client.post("/accounts/2fa/totp/deactivate/")
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 404


def test_a_browser_left_open_asks_again_before_it_changes_who_gets_in(sunny: Company) -> None:
    """A sign-in long ago (here: one without any record of how) is not enough."""
    client = signed_in(sunny.people["sales"])
    for path in (SET_UP, "/accounts/2fa/webauthn/add/"):
        assert client.get(path).headers["Location"].startswith("/accounts/reauthenticate/")
    client.post(f"/accounts/reauthenticate/?next={SET_UP}", {"password": "wrong"})
    assert client.get(SET_UP).status_code == 302
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": SET_UP})
    assert answer.headers["Location"] == SET_UP
    assert client.get(SET_UP).status_code == 200


def test_whoever_has_no_password_shows_a_code_instead(sunny: Company) -> None:
    _, secret = with_app(sunny)
    person = sunny.people["sales"]
    person.set_unusable_password()
    person.save()
    client = signed_in(person)
    page = client.get("/accounts/2fa/recovery-codes/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/2fa/reauthenticate/")
    body = {"code": app_code(secret), "next": "/accounts/2fa/recovery-codes/"}
    client.post("/accounts/2fa/reauthenticate/", body)
    assert len(recovery_codes(client)) == 10


def test_admin_opens_only_behind_both_steps(sunny: Company) -> None:
    with_app(sunny, "administrator")
    client, _ = sign_in("administrator@sunny.example")
    way = client.get("/admin/", follow=True).redirect_chain
    assert [str(step[0]).split("?")[0] for step in way[-2:]] == [LOGIN, STEP]
