"""Getting a bearer token: by e-mail and password, or by renewing one that is still valid."""

import re
from dataclasses import dataclass, field
from typing import Any

from portal.lib.answer import Answer
from portal.lib.call import Params
from portal.lib.errors import (
    CredentialsError,
    Forbidden,
    MalformedAnswer,
    MethodNotAllowed,
    NotFound,
    PermanentError,
    Refused,
)
from portal.lib.http import Transport
from portal.vendors.opensolar.values import id_of

_SECOND_FACTOR = re.compile(
    r"(?i)\b(mfa|2fa|otp|totp|one[- ]time|(two|multi)[- ]?(factor|step)|authenticator|(verification|security) code)\b"
)
_WRONG = (
    "OpenSolar does not accept this e-mail address and password. Check both, and log in at OpenSolar once to be sure."
)
_CODE_NEEDED = (
    "This OpenSolar login is protected by a second factor, which the portal cannot enter. "
    "Connect with a token of a machine user instead."
)


class NotOffered(PermanentError):
    """This OpenSolar does not renew tokens (the route is newer than document 000): log in again instead."""


@dataclass(frozen=True, slots=True)
class Login:
    """A fresh token. The ids are None where the answer does not tell them: document 000 promises only the token."""

    token: str = field(repr=False)
    user_id: int | None
    org_id: str | None


def login(transport: Transport, username: str, password: str) -> Login:
    """Logs in with e-mail and password (document 000); CredentialsError with a sentence for whoever typed them.

    Repeated after network failures: a second token does no harm.
    """
    secrets = {"username": username, "password": password}
    refusal: Refused | CredentialsError | Forbidden
    try:
        answer = transport.request("POST", "/api-token-auth/", json=secrets, repeatable=True, expect_json=True)
    except (Refused, CredentialsError, Forbidden) as error:
        refusal = error
    else:
        found = _login_in(answer)
        if found is None and _SECOND_FACTOR.search(_text_of(answer)):
            raise CredentialsError(_CODE_NEEDED, status=answer.status)
        if found is None:
            raise MalformedAnswer(
                "OpenSolar answered the login without a token. Try again later.", status=answer.status
            )
        return found
    raise CredentialsError(_why_refused(refusal), status=refusal.status, excerpt=refusal.excerpt)


def fetch_token(transport: Transport, token: str, org_id: str) -> Login:
    """Renews a token that is still valid; NotOffered where OpenSolar lacks this newer route."""
    params: Params = {"org_id": org_id}
    try:
        answer = transport.request("GET", "/api/fetch_token/", params=params, token=token, expect_json=True)
        found = _login_in(answer)
    except (Refused, NotFound, MethodNotAllowed, MalformedAnswer) as error:
        if isinstance(error, MalformedAnswer) and error.cut:
            raise
        status = error.status
    else:
        if found is not None:
            return found
        status = answer.status
    raise NotOffered("OpenSolar does not renew tokens here. Log in again when this one has expired.", status=status)


def _why_refused(refusal: Refused | CredentialsError | Forbidden) -> str:
    asks_for_code = isinstance(refusal, Refused) and "token" in refusal.fields
    return _CODE_NEEDED if asks_for_code or _SECOND_FACTOR.search(refusal.excerpt) else _WRONG


def _login_in(answer: Answer) -> Login | None:
    value: Any = answer.json()
    token = value.get("token") if isinstance(value, dict) else None
    if not isinstance(token, str) or not token.strip():
        return None
    org_id = id_of(value.get("org_id"))
    return Login(token.strip(), id_of(value.get("user")), None if org_id is None else str(org_id))


def _text_of(answer: Answer) -> str:
    return answer.body[:4096].decode("utf-8", errors="replace")
