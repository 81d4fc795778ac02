"""Connecting: all is checked before anything is stored, and whoever typed something wrong is told what."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.db import DatabaseError
from django.db import connection as database

from portal.models import AuditEntry, Connection, ConnectionState, Organisation
from tests.portal.sync.evidence import calls
from tests.world import API, LOGIN, Outcome, World, command, connection, no_audit

pytestmark = pytest.mark.usefixtures("unscoped")
LOGIN_PATH = "/opensolar/api-token-auth/"
RENEWAL_PATH = "/opensolar/api/fetch_token/"
MARIE = 101


def refusal(outcome: Outcome) -> str:
    """The one line on stderr of a command that ended with 1, printed nothing else and stored nothing."""
    assert outcome.code == 1
    assert outcome.out == ""
    assert len(outcome.err.splitlines()) == 1, outcome.err
    assert not Connection.objects.exists()
    assert not Organisation.objects.exists()
    return outcome.err


def token_of(world: World, **login: str) -> str:
    """A token as somebody would copy it out of OpenSolar."""
    words = {"username": LOGIN["OPENSOLAR_USERNAME"], "password": LOGIN["OPENSOLAR_PASSWORD"]} | login
    answer = requests.post(f"{world.base_url}/api-token-auth/", json=words, timeout=5)
    return str(answer.json()["token"])


def test_it_makes_the_organisation_and_names_it_as_the_vendor_does(hamlet: World) -> None:
    outcome = hamlet.connect()
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "Sunny Roofs is connected to OpenSolar account 1.\n"
    assert connection().state == ConnectionState.NEW
    assert connection().organisation.slug == "sunny-roofs"


def test_the_audit_log_tells_a_new_connection_from_a_new_login(hamlet: World) -> None:
    for _ in range(2):
        assert hamlet.connect().code == 0
    acts = list(AuditEntry.objects.order_by("pk").values_list("act", "about"))
    assert acts == [("connection.created", "opensolar 1"), ("connection.credentials", "opensolar 1")]


def test_without_its_entry_in_the_audit_log_nothing_is_stored(hamlet: World) -> None:
    with database.execute_wrapper(no_audit), pytest.raises(DatabaseError):
        hamlet.connect()
    assert not Connection.objects.exists()
    assert not Organisation.objects.exists()


def test_wrong_password(hamlet: World) -> None:
    outcome = hamlet.connect(**LOGIN | {"OPENSOLAR_PASSWORD": "guessed-wrong"})
    assert "does not accept this e-mail address and password" in refusal(outcome)
    assert "guessed-wrong" not in outcome.err


@pytest.mark.parametrize(
    "env", [{"OPENSOLAR_USERNAME": "marie.curie@example.com"}, {"OPENSOLAR_PASSWORD": "x"}, {"OPENSOLAR_TOKEN": ""}]
)
def test_no_secrets_in_the_environment(hamlet: World, env: dict[str, str]) -> None:
    assert "Set OPENSOLAR_TOKEN, or OPENSOLAR_USERNAME and OPENSOLAR_PASSWORD" in refusal(hamlet.connect(**env))
    assert hamlet.log() == []


def test_a_given_token_is_exchanged_for_a_fresh_one(hamlet: World) -> None:
    given = token_of(hamlet)
    assert hamlet.connect(OPENSOLAR_TOKEN=given).code == 0
    assert connection().credentials["token"] not in ("", given)
    assert hamlet.sync().code == 0


def test_a_given_token_works_where_tokens_are_not_renewed(hamlet: World) -> None:
    hamlet.settings(fetch_token=False)
    given = token_of(hamlet)
    assert hamlet.connect(OPENSOLAR_TOKEN=given).code == 0
    assert connection().credentials["token"] == given
    assert hamlet.sync().code == 0


@pytest.mark.parametrize("offered", [True, False])
def test_an_expired_token(hamlet: World, offered: bool) -> None:
    given = token_of(hamlet)
    hamlet.expire_tokens()
    if not offered:
        hamlet.fault("status", path=RENEWAL_PATH, status=404, times=None)
    outcome = hamlet.connect(OPENSOLAR_TOKEN=given)
    said = refusal(outcome)
    assert all(word in said for word in ("accept", "token", "Paste"))
    assert given not in outcome.err


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"token": ["This field is required."]}),
        (400, {"non_field_errors": ["Enter the verification code of your authenticator."]}),
        (401, {"detail": "MFA token required."}),
        (200, {"mfa_required": True, "detail": "Two-factor code needed."}),
    ],
)
def test_a_login_with_a_second_factor(hamlet: World, status: int, body: object) -> None:
    hamlet.fault("status", path=LOGIN_PATH, method="POST", status=status, body=body)
    said = refusal(hamlet.connect())
    assert "second factor" in said
    assert "machine user" in said


def test_a_base_address_where_the_api_is_not(hamlet: World) -> None:
    hamlet.fault("status", path=LOGIN_PATH, method="POST", status=404, times=None)
    line = refusal(hamlet.connect())
    assert f"{hamlet.base_url} is not where OpenSolar's API answers" in line


@pytest.mark.parametrize("account", ["99", "2"], ids=["404", "403"])
@pytest.mark.parametrize("by", ["login", "token", "token not renewed"])
def test_an_organisation_that_is_not_ours(hamlet: World, account: str, by: str) -> None:
    hamlet.settings(fetch_token=by == "token")
    env = LOGIN if by == "login" else {"OPENSOLAR_TOKEN": token_of(hamlet)}
    assert f"no access to OpenSolar organisation {account}" in refusal(hamlet.connect(account=account, **env))


@pytest.mark.parametrize("account", ["sunny", "1/../2", "", "-1"])
def test_an_account_that_is_no_number(hamlet: World, account: str) -> None:
    assert "is no OpenSolar organisation id" in refusal(hamlet.connect(account=account))
    assert hamlet.log() == []


def test_no_api_plan(hamlet: World) -> None:
    hamlet.settings(plan="none")
    said = refusal(hamlet.connect())
    assert "OpenSolar plan" in said
    assert "402" in said


def test_vendor_down(hamlet: World) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}"
    words = ("--organisation", "sunny-roofs", "--account", "1", "--base-url", closed)
    assert "OpenSolar could not be reached" in refusal(command("connect", "opensolar", *words, **LOGIN))


@pytest.mark.parametrize("path", [LOGIN_PATH, f"{API}/"])
def test_a_web_page_instead_of_data(hamlet: World, path: str) -> None:
    hamlet.fault("html", path=path, method="POST" if path == LOGIN_PATH else "GET", times=None)
    said = refusal(hamlet.connect())
    assert "web page instead of data" in said
    assert "base address" in said


def test_an_answer_of_another_shape(hamlet: World) -> None:
    hamlet.fault("body", path=f"{API}/", body=[1, 2])
    assert "something else where a record was expected" in refusal(hamlet.connect())


def test_the_account_of_another_organisation(hamlet: World) -> None:
    assert hamlet.connect().code == 0
    hamlet.log(clear=True)
    outcome = hamlet.connect(slug="kestrel")
    assert outcome.code == 1
    assert "already connected to another organisation" in outcome.err
    assert "unny" not in outcome.err
    assert list(Organisation.objects.values_list("slug", flat=True)) == ["sunny-roofs"]
    assert hamlet.log() == []


def test_a_base_address_with_a_path_and_slashes_is_the_same_address(hamlet: World) -> None:
    assert hamlet.connect().code == 0
    loud = hamlet.base_url.replace("http://", "HTTP://")
    for address in (hamlet.base_url + "/", hamlet.base_url + "//", f" {loud}/ "):
        words = ("--organisation", "sunny-roofs", "--account", "1", "--base-url", address)
        outcome = command("connect", "opensolar", *words, **LOGIN)
        assert outcome.code == 0, outcome.err
    assert connection().base_url == hamlet.base_url
    words = ("--organisation", "kestrel", "--account", "1", "--base-url", loud)
    assert "another organisation" in command("connect", "opensolar", *words, **LOGIN).err


@pytest.mark.parametrize(
    "address",
    [
        "ftp://127.0.0.1",
        "127.0.0.1:9",
        "http://",
        "http://[::1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:9?x=1",
        "http://marie:pass-word@127.0.0.1:9",
        "http://127.0.0.1:9/" + "x" * 300,
    ],
)
def test_a_base_address_that_is_none(db: None, address: str) -> None:
    words = ("--organisation", "sunny-roofs", "--account", "1", "--base-url", address)
    outcome = command("connect", "opensolar", *words, **LOGIN)
    assert "no base address" in refusal(outcome)
    assert "pass-word" not in outcome.err


def test_again_updates_the_connection(hamlet: World) -> None:
    assert hamlet.connect().code == 0
    Connection.objects.update(state=ConnectionState.CREDENTIALS, message="Old", switched_off={"x": "y"}, page_size=7)
    before = connection()
    assert hamlet.connect(OPENSOLAR_USERNAME="ada.lovelace@example.com", OPENSOLAR_PASSWORD="both-roofs-demo").code == 0
    after = connection()
    assert after.pk == before.pk
    assert after.credentials["username"] == "ada.lovelace@example.com"
    assert (after.state, after.message, after.switched_off, after.page_size) == (ConnectionState.NEW, "", {}, 7)
    assert Organisation.objects.count() == 1


def test_an_update_that_fails_keeps_what_worked(mirrored: World) -> None:
    before = connection()
    assert mirrored.connect(**LOGIN | {"OPENSOLAR_PASSWORD": "wrong"}).code == 1
    after = connection()
    assert (after.credentials, after.state, after.message) == (before.credentials, ConnectionState.WELL, "")
    assert mirrored.sync().code == 0


def test_machine_user_on_and_off(hamlet: World) -> None:
    assert hamlet.connect("--machine-user").err == ""
    assert connection().machine_user is True
    assert connection().credentials["token_ends"] is None
    assert hamlet.sync().code == 0
    assert hamlet.connect("--no-machine-user").err == ""
    assert connection().machine_user is False
    assert connection().credentials["token_ends"] is not None
    assert hamlet.sync().code == 0
    assert [call["status"] for call in calls(hamlet, f"/opensolar/auth/users/{MARIE}/", "PATCH")] == [200, 200]


def test_the_machine_user_switch_stays_when_nothing_is_said(hamlet: World) -> None:
    hamlet.connect("--machine-user")
    hamlet.connect()
    assert connection().machine_user is True
    hamlet.log(clear=True)
    assert hamlet.sync().code == 0
    assert connection().credentials["token_ends"] is None
    assert len(calls(hamlet, f"/opensolar/auth/users/{MARIE}/", "PATCH")) == 1


@pytest.mark.parametrize("switch", ["--machine-user", "--no-machine-user"])
def test_a_token_alone_cannot_switch_the_machine_user(hamlet: World, switch: str) -> None:
    hamlet.settings(fetch_token=False)
    outcome = hamlet.connect(switch, OPENSOLAR_TOKEN=token_of(hamlet))
    assert outcome.code == 0
    assert "connected" in outcome.out
    assert "machine user switch needs a user name and password" in outcome.err
    outcome = hamlet.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert "user name and password" in connection().switched_off["machine_user"]


def test_a_token_that_tells_its_user_switches_the_machine_user(hamlet: World) -> None:
    outcome = hamlet.connect("--machine-user", OPENSOLAR_TOKEN=token_of(hamlet))
    assert (outcome.code, outcome.err) == (0, "")
    assert [call["status"] for call in calls(hamlet, f"/opensolar/auth/users/{MARIE}/", "PATCH")] == [200]


def test_a_machine_user_that_the_vendor_refuses_is_a_remark(hamlet: World) -> None:
    hamlet.fault("status", path="/opensolar/auth/users/.*", method="PATCH", status=403, times=None)
    outcome = hamlet.connect("--machine-user")
    assert outcome.code == 0
    assert "403" in outcome.err
    assert hamlet.sync().code == 0
    hamlet.heal()
    assert hamlet.sync().code == 0
    assert connection().credentials["is_machine_user"] is True
    assert connection().switched_off == {}


def test_secrets_lie_encrypted_and_are_never_printed_or_logged(hamlet: World, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("", "portal", "projects", "urllib3"):
        caplog.set_level(logging.DEBUG, logger=name or None)
    outcomes = [hamlet.connect(), hamlet.sync()]
    hamlet.expire_tokens()
    outcomes.append(hamlet.sync())
    secrets = [LOGIN["OPENSOLAR_PASSWORD"], connection().credentials["token"]]
    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_connection")
        stored = repr(cursor.fetchall())
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    seen = "\n".join([*lines, *(outcome.out + outcome.err for outcome in outcomes)])
    assert len(lines) > 20
    for secret in secrets:
        assert len(secret) > 10
        assert secret not in stored
        assert secret not in seen


@pytest.mark.parametrize("slug", ["Sunny", "sunny roofs", "", "x" * 51, "söl"])
def test_a_short_name_that_is_none(db: None, slug: str) -> None:
    outcome = command("connect", "opensolar", "--organisation", slug, "--account", "1", **LOGIN)
    assert (outcome.code, outcome.out) == (2, "")
    assert "short name" in outcome.err


def test_usage_errors_exit_2() -> None:
    manage = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "connect"]
    wrong = ["opensolar", "--account", "1", "--machine-user", "--no-machine-user"]
    ended = subprocess.run([*manage, *wrong], capture_output=True, text=True, check=False, timeout=30)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "not allowed with" in ended.stderr
