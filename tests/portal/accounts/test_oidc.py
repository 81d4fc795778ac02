"""Signing in at the installer's own issuer, at the wire: who comes in, who does not, and what is not believed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_httpserver import HTTPServer

from portal.models import User
from tests.conftest import Company
from tests.portal.accounts.doors import LOGIN, STEP, app_code, forget_used_codes, has_come_in, set_up_app, sign_in
from tests.portal.accounts.issuer import CLIENT_ID, SECRET, FakeIssuer, at_work, leave, new_key

BACK = "/accounts/oidc/callback/"
SALES = "sales@sunny.example"


@pytest.fixture
def issuer(httpserver: HTTPServer, settings: Any) -> FakeIssuer:
    return at_work(httpserver, settings)


def come_back(client: Client, issuer: FakeIssuer, email: str | None = SALES, **body: str) -> Any:
    return client.get(BACK, issuer.visit(leave(client, **body), email))


def test_the_button_stands_there_only_when_configured(issuer: FakeIssuer, settings: Any, db: None) -> None:
    assert "Sign in with Sunny ID" in Client().get(LOGIN).content.decode()
    settings.OIDC = dict.fromkeys(settings.OIDC, "")
    assert "oidc" not in Client().get(LOGIN).content.decode()
    assert Client().post("/accounts/oidc/login/").status_code == 404
    assert Client().get(BACK, {"code": "a", "state": "b"}).status_code == 404


def test_a_verified_address_signs_in_whoever_has_it(sunny: Company, issuer: FakeIssuer) -> None:
    client = Client()
    answer = come_back(client, issuer, "Sales@Sunny.Example")
    assert answer.headers["Location"] == "/"
    assert f"You sign in as {SALES}" in client.get("/accounts/you/").content.decode()
    assert client.get("/accounts/you/").content.decode().count("This browser") == 1
    assert User.objects.count() == 5


def test_it_works_again_and_leaves_the_password_alone(sunny: Company, issuer: FakeIssuer) -> None:
    for _time in range(2):
        client = Client()
        come_back(client, issuer)
        assert has_come_in(client)
    assert has_come_in(sign_in(SALES)[0])


def test_it_leads_where_the_person_wanted_to_go_and_never_away(sunny: Company, issuer: FakeIssuer) -> None:
    assert come_back(Client(), issuer, next="/projects/").headers["Location"] == "/projects/"
    assert come_back(Client(), issuer, next="https://evil.example/").headers["Location"] == "/"


def test_the_way_there_is_no_redirect_of_the_form(issuer: FakeIssuer, db: None) -> None:
    """form-action 'self' would stop one in the browser."""
    answer = Client().post("/accounts/oidc/login/")
    assert answer.status_code == 200
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    assert Client().get("/accounts/oidc/login/").status_code == 405


def test_a_link_elsewhere_cannot_begin_a_sign_in(issuer: FakeIssuer, db: None) -> None:
    assert Client(enforce_csrf_checks=True).post("/accounts/oidc/login/").status_code == 403


def test_the_second_factor_is_asked_for_all_the_same(sunny: Company, issuer: FakeIssuer) -> None:
    owner, _ = sign_in(SALES)
    secret = set_up_app(owner)
    forget_used_codes()
    client = Client()
    assert come_back(client, issuer).headers["Location"] == STEP
    assert not has_come_in(client)
    client.post(STEP, {"code": app_code(secret)})
    assert has_come_in(client)


def test_nobody_is_created(sunny: Company, issuer: FakeIssuer) -> None:
    client = Client()
    answer = come_back(client, issuer, "stranger@example.com")
    assert answer.status_code == 403
    assert "Ask an administrator of your organisation for an invitation" in answer.content.decode()
    assert not User.objects.filter(email="stranger@example.com").exists()
    assert not has_come_in(client)
    assert mail.outbox == []


@pytest.mark.parametrize("verified", [False, None, "false", 1, "yes"])
def test_an_unverified_address_is_refused(sunny: Company, issuer: FakeIssuer, verified: Any) -> None:
    issuer.claims = {"email_verified": verified}
    client = Client()
    assert "not verified" in come_back(client, issuer).content.decode()
    assert not has_come_in(client)


def test_a_closed_account_stays_closed(sunny: Company, issuer: FakeIssuer) -> None:
    User.objects.filter(email=SALES).update(is_active=False)
    client = Client()
    assert "closed" in client.get(come_back(client, issuer).headers["Location"]).content.decode()
    assert not has_come_in(client)


def test_the_address_may_come_from_userinfo(sunny: Company, issuer: FakeIssuer) -> None:
    issuer.userinfo = {"email": SALES, "email_verified": True}
    client = Client()
    come_back(client, issuer, None)
    assert has_come_in(client)


def test_userinfo_of_somebody_else_is_not_believed(sunny: Company, issuer: FakeIssuer) -> None:
    issuer.userinfo = {"email": SALES, "email_verified": True, "sub": "pierre"}
    client = Client()
    assert come_back(client, issuer, None).status_code == 403
    assert not has_come_in(client)


def foreign_key(issuer: FakeIssuer) -> None:
    issuer.key = new_key()


def no_signature(issuer: FakeIssuer) -> None:
    issuer.key, issuer.algorithm = None, "none"


def shared_secret(issuer: FakeIssuer) -> None:
    issuer.key, issuer.algorithm = SECRET.ljust(32, "."), "HS256"


LIES: dict[str, Callable[[FakeIssuer], Any]] = {
    "another key": foreign_key,
    "no signature": no_signature,
    "a shared secret": shared_secret,
    "an unknown key": lambda issuer: issuer.headers.update(kid="k2"),
    "another nonce": lambda issuer: issuer.claims.update(nonce="of another sign-in"),
    "no nonce": lambda issuer: issuer.claims.update(nonce=None),
    "a nonce that is no text": lambda issuer: issuer.claims.update(nonce=7),
    "another audience": lambda issuer: issuer.claims.update(aud="another-portal"),
    "several audiences": lambda issuer: issuer.claims.update(aud=[CLIENT_ID, "another-portal"]),
    "another issuer": lambda issuer: issuer.claims.update(iss="https://elsewhere.example"),
    "an old token": lambda issuer: issuer.claims.update(exp=int(time.time()) - 600),
    "no end": lambda issuer: issuer.claims.update(exp=None),
    "nobody": lambda issuer: issuer.claims.update(sub=None),
    "an issuer by another name": lambda issuer: issuer.about.update(issuer="https://elsewhere.example"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_forged_is_refused(sunny: Company, issuer: FakeIssuer, lie: str) -> None:
    client = Client()
    back = issuer.visit(leave(client), SALES)
    LIES[lie](issuer)
    answer = client.get(BACK, back)
    assert answer.status_code == 403
    assert "does not fit a sign-in that this browser began" in answer.content.decode()
    assert not has_come_in(client)


def test_a_state_of_nobody_or_of_another_browser_is_refused(sunny: Company, issuer: FakeIssuer) -> None:
    victim, attacker = Client(), Client()
    attackers = issuer.visit(leave(attacker), SALES)
    leave(victim)
    for state in (attackers["state"], "made-up", ""):
        assert victim.get(BACK, {"code": "a-code", "state": state}).status_code == 403
    assert not has_come_in(victim)
    assert issuer.exchanges == []


def test_an_answer_counts_once(sunny: Company, issuer: FakeIssuer) -> None:
    client = Client()
    back = issuer.visit(leave(client), SALES)
    client.get(BACK, back)
    client.post("/accounts/logout/")
    assert client.get(BACK, back).status_code == 403
    assert not has_come_in(client)


def test_a_cancelled_sign_in_says_so(issuer: FakeIssuer, db: None) -> None:
    client = Client()
    back = issuer.visit(leave(client), None)
    answer = client.get(BACK, {"error": "access_denied", "state": back["state"]})
    assert "was cancelled" in answer.content.decode()


@pytest.mark.parametrize("body", ["<html>down for maintenance</html>", "[]", '{"issuer": 7}'])
def test_an_issuer_that_talks_nonsense_is_said_to_be_silent(
    httpserver: HTTPServer, issuer: FakeIssuer, db: None, body: str
) -> None:
    httpserver.clear_all_handlers()
    httpserver.expect_request("/.well-known/openid-configuration").respond_with_data(body)
    answer = Client().post("/accounts/oidc/login/")
    assert answer.status_code == 403
    assert "Sunny ID does not answer" in answer.content.decode()


def test_an_issuer_that_is_down_is_said_to_be_silent(issuer: FakeIssuer, settings: Any, db: None) -> None:
    settings.OIDC = {**settings.OIDC, "OIDC_ISSUER": "http://127.0.0.1:9"}
    assert "does not answer" in Client().post("/accounts/oidc/login/").content.decode()


def test_attempts_are_slowed_down(issuer: FakeIssuer, db: None) -> None:
    codes = [Client().get(BACK, {"code": "a", "state": "b"}).status_code for _attempt in range(32)]
    assert codes[0] == 403
    assert codes[-1] == 429
