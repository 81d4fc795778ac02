"""Signing in as a person does: password, codes, and what an authenticator app shows."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time
from typing import Any

from django.test import Client

from tests.conftest import PASSWORD, forget_what_is_cached

LOGIN = "/accounts/login/"
STEP = "/accounts/2fa/authenticate/"
SET_UP = "/accounts/2fa/totp/activate/"
YOU = "/accounts/you/"


def lasting_moment(seconds: float = 3) -> float:
    """Now, or in a little while: a code that is shown now is good for so many seconds more, to be typed in."""
    left = 30 - time.time() % 30
    if left < seconds:
        time.sleep(left)
    return time.time()


def app_code(secret: str, at: float | None = None) -> str:
    """What an authenticator app shows (RFC 6238, 30 s, 6 digits)."""
    counter = int((lasting_moment() if at is None else at) // 30)
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), "sha1").digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def sign_in(email: str, password: str = PASSWORD, **more: Any) -> tuple[Client, Any]:
    """A fresh browser after the password was sent, and the answer."""
    client = Client(**more)
    return client, client.post(LOGIN, {"login": email, "password": password})


def has_come_in(client: Client) -> bool:
    """Whether the account's page opens."""
    return bool(client.get(YOU).status_code == 200)


def forget_used_codes() -> None:
    """As if half a minute had passed since the last code."""
    forget_what_is_cached()


def set_up_app(client: Client) -> str:
    """Sets up an authenticator app on the page; its secret."""
    page = client.get(SET_UP).content.decode()
    found = re.search(r'id="authenticator_secret"[^>]*>([A-Z2-7]+)<', page)
    assert found, page
    answer = client.post(SET_UP, {"code": app_code(found[1])})
    assert answer.status_code == 302, answer.content.decode()
    return found[1]


def recovery_codes(client: Client) -> list[str]:
    """As the page lists them."""
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    return re.findall(r"<li>(\d+)</li>", page)
