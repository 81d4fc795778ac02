"""A key is given up: what was written with it is read with the new key alone, and nothing of it is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.test import override_settings
from django_scopes import scopes_disabled

from portal.models import Connection, Delivery, Verb, Webhook
from portal.services.key_rotation import BATCH
from tests.conftest import Company
from tests.portal.accounts.doors import STEP, app_code, forget_used_codes, recovery_codes, set_up_app, sign_in

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
ADA = "administrator@sunny.example"
MANY = BATCH + 5


def keys(*named: str) -> override_settings:
    return override_settings(FIELD_ENCRYPTION_KEYS=list(named))


def rotated(*named: str) -> tuple[dict[str, tuple[int, ...]], str, int]:
    """What the command counts by place, says on stderr, and ends with."""
    out, err, code = StringIO(), StringIO(), 0
    with keys(*named):
        try:
            call_command("rotatekeys", stdout=out, stderr=err)
        except CommandError as error:
            err.write(str(error))
            code = error.returncode
    lines = (line.split(": ") for line in out.getvalue().splitlines())
    return {place: tuple(map(int, re.findall(r"\d+", counts))) for place, counts in lines}, err.getvalue(), code


def delivery(company: Company, body: dict[str, Any]) -> Delivery:
    return Delivery(
        organisation=company.organisation,
        connection=company.connection,
        resource="contacts",
        verb=Verb.CREATE,
        body=body,
    )


def give(connection: Connection, token: str) -> None:
    with scopes_disabled():
        Connection.objects.filter(pk=connection.pk).update(credentials={"token": token})


def token_of(connection: Connection) -> str:
    with scopes_disabled():
        return str(Connection.objects.get(pk=connection.pk).credentials["token"])


def test_everything_is_read_with_the_new_key_alone(sunny: Company, kestrel: Company) -> None:
    with keys(OLD), scopes_disabled():
        for company in (sunny, kestrel):
            give(company.connection, f"of {company.organisation}")
        Webhook.objects.create(
            organisation=sunny.organisation, connection=sunny.connection, key="k", secret={"secret": "hush"}
        )
        Delivery.objects.bulk_create(delivery(sunny, {"number": number}) for number in range(MANY))
        browser, _answer = sign_in(ADA)
        secret, codes = set_up_app(browser), recovery_codes(browser)
    with keys(NEW), scopes_disabled():
        delivery(kestrel, {"email": "new@example.com"}).save()
    counts, said, code = rotated(NEW, OLD)
    assert (said, code) == ("", 0)
    assert counts == {
        "mfa.Authenticator.data": (2, 0),
        "portal.Connection.credentials": (2, 0),
        "portal.Delivery.body": (MANY, 1),
        "portal.Webhook.secret": (1, 0),
    }
    with keys(NEW), scopes_disabled():
        assert [token_of(company.connection) for company in (sunny, kestrel)] == ["of Sunny Solar", "of Kestrel Solar"]
        assert Webhook.objects.get().secret == {"secret": "hush"}
        bodies = [one.body for one in Delivery.objects.filter(connection=sunny.connection).order_by("pk")]
        assert bodies == [{"number": number} for number in range(MANY)]
        forget_used_codes()
        browser, answer = sign_in(ADA)
        assert answer.headers["Location"] == STEP
        assert browser.post(STEP, {"code": app_code(secret)}).status_code == 302
        assert recovery_codes(browser) == codes


def test_a_second_run_moves_nothing(sunny: Company) -> None:
    with keys(OLD):
        give(sunny.connection, "x")
    assert rotated(NEW, OLD)[0]["portal.Connection.credentials"] == (1, 0)
    with scopes_disabled():
        before = Connection.objects.extra(select={"raw": "credentials"}).values_list("raw").get()
    assert rotated(NEW, OLD)[0]["portal.Connection.credentials"] == (0, 1)
    with scopes_disabled():
        assert Connection.objects.extra(select={"raw": "credentials"}).values_list("raw").get() == before


def test_what_no_key_opens_is_named_and_stays(sunny: Company, kestrel: Company) -> None:
    gone = Fernet.generate_key().decode()
    with keys(gone):
        give(sunny.connection, "lost")
        factor = Authenticator.objects.create(user=sunny.people["sales"], type="totp", data={"secret": "damaged"})
    with keys(OLD):
        give(kestrel.connection, "found")
    counts, said, code = rotated(NEW, OLD)
    assert (counts["portal.Connection.credentials"], code) == ((1, 0, 1), 1)
    assert f"portal.Connection.credentials of {sunny.connection.pk}: no key opens it." in said
    assert f"mfa.Authenticator.data of {factor.pk}: no key opens it." in said
    assert "2 left as they are" in said
    with keys(gone):
        assert token_of(sunny.connection) == "lost"
    with keys(NEW):
        assert token_of(kestrel.connection) == "found"
    # With its key it is moved, too.
    with scopes_disabled():
        factor.delete()
    assert rotated(NEW, gone)[2] == 0
    with keys(NEW):
        assert token_of(sunny.connection) == "lost"


def test_what_the_portal_writes_meanwhile_is_not_undone(sunny: Company) -> None:
    with keys(OLD):
        give(sunny.connection, "before")
    interrupted = False

    def write_first(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal interrupted
        if sql.startswith("UPDATE") and not interrupted:
            interrupted = True
            with keys(OLD):
                give(sunny.connection, "renewed meanwhile")
        return execute(sql, params, many, context)

    with database.execute_wrapper(write_first):
        assert rotated(NEW, OLD)[0]["portal.Connection.credentials"] == (1, 0)
    assert interrupted
    with keys(NEW):
        assert token_of(sunny.connection) == "renewed meanwhile"
