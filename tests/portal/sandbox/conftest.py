"""A sandbox of one's own for each test, and people who call it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
import pytest
import requests

from portal.sandbox.opensolar.people import SUNNY_ADMIN, User
from portal.sandbox.server import Sandbox

TODAY = date(2026, 6, 1)
NOTHING = object()
PATIENCE = 10
"""Seconds until a test gives up on an answer."""
SIGNED = re.compile(r"Expires=\d+&Signature=\w+")
"""The part of a link to a file that differs from second to second: the link ends an hour after it was asked for."""


def lasting(answer: Any) -> Any:
    """What was answered, but for when its links to files end."""
    return orjson.loads(SIGNED.sub("", orjson.dumps(answer).decode()))


@dataclass
class Caller:
    """Someone with a connection to a sandbox; logged in when `token` is set."""

    sandbox: Sandbox
    session: requests.Session = field(default_factory=requests.Session)

    def log_in(self, user: User = SUNNY_ADMIN) -> str:
        credentials = {"username": user.email, "password": user.password}
        token: str = self.post("/api-token-auth/", json=credentials).json()["token"]
        self.use(token)
        return token

    def use(self, token: str) -> None:
        self.session.headers["Authorization"] = f"Bearer {token}"

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        options.setdefault("timeout", PATIENCE)
        return self.session.request(method, f"{self.sandbox.opensolar_url}{path}", **options)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.request("GET", path, params=query)

    def post(self, path: str, **options: Any) -> requests.Response:
        return self.request("POST", path, **options)

    def rows(self, resource: str, **query: Any) -> list[dict[str, Any]]:
        """One page of a list of organisation 1, of up to 100 rows."""
        answer = self.get(f"/api/orgs/1/{resource}/", **{"limit": 100, **query})
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()
        return rows

    def control(self, method: str, path: str, json: Any = NOTHING, **query: Any) -> Any:
        """The answer of the control address, which has to agree."""
        body = None if json is NOTHING else orjson.dumps(json)
        headers = {} if body is None else {"Content-Type": "application/json"}
        url = f"{self.sandbox.control_url}{path}"
        answer = self.session.request(method, url, data=body, headers=headers, params=query, timeout=PATIENCE)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def set(self, **settings: Any) -> None:
        self.control("POST", "/settings", settings)

    def spoil(self, path: str, kind: str, **fault: Any) -> None:
        self.control("POST", "/faults", {"path": f"/opensolar{path}", "kind": kind, **fault})


Start = Callable[..., Caller]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts sandboxes (arguments as for Sandbox) and gives a caller who is not logged in."""
    callers: list[Caller] = []

    def begin(**options: Any) -> Caller:
        caller = Caller(Sandbox(**{"today": TODAY, **options}))
        callers.append(caller)
        return caller

    yield begin
    for caller in callers:
        caller.session.close()
        caller.sandbox.stop()


@pytest.fixture
def stranger(start: Start) -> Caller:
    return start()


@pytest.fixture
def admin(start: Start) -> Caller:
    """The administrator of organisation 1, logged in, in a world of 40 projects."""
    caller = start()
    caller.log_in()
    return caller
