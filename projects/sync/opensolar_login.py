"""Logging in to OpenSolar: from a user name and password, or with a token that somebody pasted (document 000)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.lib.errors import CredentialsError, Forbidden, NotFound, PermanentError, PlanError, Refused
from portal.lib.http import Transport
from portal.models import Connection, login_columns
from portal.sync.gate import Gate
from portal.sync.pending import switch_off, switch_on
from portal.sync.source import Setup, Verified
from portal.vendors.opensolar.auth import Login, NotOffered, fetch_token, login
from portal.vendors.opensolar.client import OpenSolar

FETCH_TOKEN, MACHINE_USER = "fetch_token", "machine_user"
# A standard user's token lives seven days (document 000).
TOKEN_LIFE = timedelta(days=7)
NEEDS_TOKEN = "OpenSolar no longer accepts the token. Paste a new one, or connect with a user name and password."
NO_USER_ID = (
    "The machine user switch needs a user name and password: from a token alone OpenSolar does not say whose it is."
)


def from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """`OPENSOLAR_TOKEN`, or `OPENSOLAR_USERNAME` and `OPENSOLAR_PASSWORD`; ValueError with a sentence otherwise."""
    if token := environment.get("OPENSOLAR_TOKEN"):
        return {"token": token}
    username, password = environment.get("OPENSOLAR_USERNAME"), environment.get("OPENSOLAR_PASSWORD")
    if username and password:
        return {"username": username, "password": password}
    raise ValueError("Set OPENSOLAR_TOKEN, or OPENSOLAR_USERNAME and OPENSOLAR_PASSWORD, in the environment.")


def verify(transport: Transport, account_id: str, credentials: dict[str, Any], machine_user: bool | None) -> Verified:
    """Logs in, reads the organisation, sets the machine user if asked; returns what to keep."""
    if not re.fullmatch(r"[1-9][0-9]{0,17}", account_id):
        raise Refused(f"{account_id} is no OpenSolar organisation id: it is a number, shown in OpenSolar's settings.")
    owner = credentials.get("owner") or _fingerprint(credentials)
    try:
        found, not_offered = _token_for(transport, account_id, credentials)
    except NotFound as error:
        raise NotFound(
            f"{transport.base_url} is not where OpenSolar's API answers (404). Check the base address.",
            status=error.status,
        ) from error
    credentials = {**credentials, "owner": owner, **found}
    client = OpenSolar(transport, account_id, _Fixed(credentials["token"]))
    try:
        organisation = client.org()
    except (NotFound, Forbidden) as error:
        raise type(error)(
            f"This login has no access to OpenSolar organisation {account_id}. Check the number and the rights.",
            status=error.status,
        ) from error
    remarks = []
    if machine_user is not None:
        try:
            credentials |= _switch(client, credentials, machine_user)
        except PermanentError as error:
            remarks.append(str(error))
    switched_off = {FETCH_TOKEN: not_offered} if not_offered else {}
    return Verified(credentials, str(organisation.get("name") or ""), remarks, switched_off)


def new_token(transport: Transport, connection: Connection, credentials: dict[str, Any]) -> dict[str, Any]:
    """A token by logging in again, or from the one in use while it is still valid; none where that is not offered.

    Raises CredentialsError.
    """
    found, not_offered = _token_for(transport, connection.account_id, credentials)
    if not_offered:
        switch_off(connection, FETCH_TOKEN, not_offered)
    if credentials.get("is_machine_user"):
        found["token_ends"] = None
    return {"owner": credentials.get("owner") or _fingerprint(credentials), **found}


def apply_machine_user(gate: Gate) -> None:
    """Tells OpenSolar when the connection's switch differs from what was last set; where it is refused, in each run."""
    connection = gate.connection
    wanted = connection.machine_user
    if wanted is None or connection.credentials.get("is_machine_user") == wanted:
        return
    gate.tokens.current()
    try:
        changed = _switch(gate.client, connection.credentials, wanted)
    except (CredentialsError, PlanError):
        raise
    except PermanentError as error:
        switch_off(connection, MACHINE_USER, str(error))
        return
    columns = login_columns({**connection.credentials, **changed})
    connection.credentials = columns["credentials"]
    Connection.objects.filter(pk=connection.pk).update(**columns)
    switch_on(connection, MACHINE_USER)


SETUP = Setup(
    label="OpenSolar",
    base_url="https://api.opensolar.com",
    from_environment=from_environment,
    verify=verify,
    account_label=_("Organisation number"),
    account_help=_("A number, shown in OpenSolar's settings; it also stands in the addresses of OpenSolar's API."),
    token_help=_(
        "What OpenSolar's API answers to a login at /api-token-auth/. It lasts seven days, a machine user's for good."
    ),
    plan_help=_(
        "OpenSolar opens its API to accounts that have API Access or Raw Data API Access in their wallet; with API "
        "Access everything but design data comes. Once it is bought, it takes up to five minutes to act."
    ),
)


def _token_for(transport: Transport, account_id: str, credentials: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """A token by login, or the one in use exchanged for a fresh one; where that newer call is not offered, none, and
    the sentence that says so."""
    if credentials.get("username"):
        return _kept(login(transport, credentials["username"], credentials["password"])), ""
    try:
        return _kept(fetch_token(transport, credentials["token"], account_id)), ""
    except NotOffered as error:
        return {"token_ends": None}, str(error)
    except Forbidden:
        # The token is good, but not for this organisation: the next request says so in better words.
        return {"token_ends": None}, ""
    except CredentialsError as error:
        raise CredentialsError(NEEDS_TOKEN, status=error.status) from error


def _switch(client: OpenSolar, credentials: dict[str, Any], on: bool) -> dict[str, Any]:
    """Sets the machine user; its tokens do not end (document 000)."""
    user_id = credentials.get("user_id")
    if user_id is None:
        raise Refused(NO_USER_ID)
    client.set_machine_user(int(user_id), on)
    ends = None if on else (timezone.now() + TOKEN_LIFE).isoformat()
    return {"is_machine_user": on, "token_ends": ends}


def _kept(found: Login) -> dict[str, Any]:
    kept: dict[str, Any] = {"token": found.token, "token_ends": (timezone.now() + TOKEN_LIFE).isoformat()}
    return kept | ({"user_id": found.user_id} if found.user_id is not None else {})


def _fingerprint(credentials: dict[str, Any]) -> str:
    """Whose budget is spent: the same user in two organisations spends one."""
    who = str(credentials.get("username") or credentials.get("token"))
    return sha256(who.lower().encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A token while connecting: nothing is stored yet, so nothing is renewed."""

    token: str

    def current(self) -> str:
        return self.token

    def renew(self, stale: str) -> str:
        raise CredentialsError("OpenSolar does not accept this token. Paste one that has not expired.")
