"""A sandbox of the vendors, the levers to change it, and an organisation connected to it."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from django.core.management import call_command
from django.db import DatabaseError
from django_scopes import scopes_disabled

from portal.models import Connection, SyncProblem, SyncRun
from portal.sandbox.server import Sandbox

LOGIN = {"OPENSOLAR_USERNAME": "marie.curie@example.com", "OPENSOLAR_PASSWORD": "sunny-roofs-demo"}
API = "/opensolar/api/orgs/1"


@dataclass
class Outcome:
    """What a command did: exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """The resources of `sync --json`."""
        resources: dict[str, dict[str, int]] = json.loads(self.out)["opensolar"]["resources"]
        return resources


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Environment variables for the commands inside, and only those of OpenSolar's."""
    before = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("OPENSOLAR_")}
    os.environ |= values
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]
        os.environ |= before


def command(*words: str, **env: str) -> Outcome:
    """Runs a management command as a person would."""
    from django.core.management.base import CommandError

    out, err = io.StringIO(), io.StringIO()
    with environment(**env):
        try:
            call_command(*words, stdout=out, stderr=err)
            code = 0
        except CommandError as problem:
            err.write(str(problem))
            code = problem.returncode
        except SystemExit as end:
            code = int(end.code or 0)
    return Outcome(code, out.getvalue(), err.getvalue())


def no_audit(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """A database that takes no entry of the audit log."""
    if "INSERT INTO" in sql and "portal_auditentry" in sql:
        raise DatabaseError("The disk is full.")
    return execute(sql, params, many, context)


class World:
    """The sandbox as a test sees it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    @property
    def base_url(self) -> str:
        """What stands before /api/."""
        return self.sandbox.opensolar_url

    def connect(self, *more: str, account: str = "1", slug: str = "sunny-roofs", **env: str) -> Outcome:
        """`manage.py connect` to the sandbox, as its administrator unless `env` says otherwise."""
        words = ("--organisation", slug, "--account", account, "--base-url", self.base_url, "--no-webhooks")
        return command("connect", "opensolar", *words, *more, **(env or LOGIN))

    def sync(self, *more: str, slug: str = "sunny-roofs") -> Outcome:
        """`manage.py sync --json`."""
        return command("sync", slug, "--json", *more)

    def settings(self, **values: Any) -> None:
        """Switches of the sandbox."""
        self._send("POST", "settings", values)

    def fault(self, kind: str, path: str = f"{API}/.*", method: str = "GET", **more: Any) -> None:
        """Makes a matching request go wrong."""
        self._send("POST", "faults", {"kind": kind, "path": path, "method": method, **more})

    def heal(self) -> None:
        """No more faults."""
        self._send("DELETE", "faults")

    def change(self, resource: str, number: int, **keys: Any) -> None:
        """Somebody edits a record at the vendor."""
        self._send("PATCH", f"opensolar/orgs/1/{resource}/{number}", keys)

    def replace(self, resource: str, number: int, record: Any) -> None:
        """A record becomes whatever is given, however broken."""
        self._send("PUT", f"opensolar/orgs/1/{resource}/{number}", record)

    def delete(self, resource: str, number: int) -> None:
        """Somebody deletes a record at the vendor."""
        self._send("DELETE", f"opensolar/orgs/1/{resource}/{number}")

    def add(self, resource: str, record: Any, position: str = "last") -> Any:
        """Somebody creates a record at the vendor."""
        return self._send("POST", f"opensolar/orgs/1/{resource}?position={position}", record)

    def forbid(self, resource: str, number: int) -> None:
        """The login may no longer see a record."""
        self._send("POST", f"opensolar/orgs/1/{resource}/{number}/forbid")

    def restore(self, resource: str, number: int) -> None:
        """Every change of a record is undone, its deletion too."""
        self._send("POST", f"opensolar/orgs/1/{resource}/{number}/restore")

    def expire_tokens(self) -> None:
        """All tokens are old now."""
        self._send("POST", "tokens/expire")

    def log(self, clear: bool = False) -> list[dict[str, Any]]:
        """Requests that the vendor saw."""
        seen: list[dict[str, Any]] = self._send("GET", "log")
        if clear:
            self._send("DELETE", "log")
        return seen

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.sandbox.url}/control/{path}", json=body, timeout=5)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None


def connection() -> Connection:
    """The only connection."""
    with scopes_disabled():
        return Connection.objects.select_related("organisation").get()


def last_run() -> SyncRun:
    """The newest run."""
    with scopes_disabled():
        return SyncRun.objects.order_by("-pk")[0]


def open_problems() -> list[SyncProblem]:
    """What waits for a person."""
    with scopes_disabled():
        return list(SyncProblem.objects.filter(resolved_at=None).order_by("pk"))
