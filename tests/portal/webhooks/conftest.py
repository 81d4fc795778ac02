"""A mirrored organisation whose webhook is registered, and the vendor's side of it."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import InboxEvent, Webhook
from portal.sandbox.server import Sandbox
from portal.services import inbox
from projects.models import Contact, Project
from tests.first_sync import synced_once
from tests.portal.sync.evidence import calls
from tests.world import API, LOGIN, Outcome, World, command, connection

# Nobody listens there: what the sandbox delivers by itself goes nowhere, tests deliver by hand.
NOWHERE = "http://127.0.0.1:9"
_events = itertools.count(1)


def envelope(model: str, number: int, verb: str = "UPDATE", **changes: Any) -> dict[str, Any]:
    """An event that happened just now, no two alike."""
    made = {
        "timestamp": str(int(time.time())),
        "model": model,
        "model_id": number,
        "identifier": "6ab6a60d",
        "event": verb,
        "event_id": next(_events),
        "fields": {"id": number},
    }
    if verb == "DELETE":
        del made["fields"]
    return made | changes


@dataclass
class Reported:
    """The portal as OpenSolar's deliveries see it."""

    world: World
    client: Client = field(default_factory=Client)

    @property
    def row(self) -> Webhook:
        with scopes_disabled():
            return Webhook.objects.select_related("connection").get()

    @property
    def path(self) -> str:
        return f"/webhooks/opensolar/{self.row.key}/"

    @property
    def header(self) -> str:
        return f"Token {self.row.secret['secret']}"

    def post(self, body: Any, *, path: str | None = None, header: str | None = None) -> int:
        """Delivers, by default as registered; the status."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"authorization": self.header if header is None else header}
        answer = self.client.post(path or self.path, data, content_type="application/json", headers=headers)
        return answer.status_code

    def deliver(self, *bodies: Any) -> None:
        """Delivers, and a worker follows."""
        path, header = self.path, self.header
        for body in bodies:
            assert self.post(body, path=path, header=header) == 200
        self.work()

    def work(self) -> None:
        inbox.process(connection().pk)

    def events(self) -> list[InboxEvent]:
        with scopes_disabled():
            return list(InboxEvent.objects.order_by("pk"))

    def states(self) -> list[str]:
        return [str(event.state) for event in self.events()]

    def connect(self, *more: str) -> Outcome:
        """`manage.py connect`, webhooks included."""
        words = ("--organisation", "sunny-roofs", "--account", "1", "--base-url", self.world.base_url)
        return command("connect", "opensolar", *words, *more, **LOGIN)

    def registered(self) -> list[dict[str, Any]]:
        """The webhooks that OpenSolar has."""
        found: list[dict[str, Any]] = self.world._send("GET", "opensolar/orgs/1/webhooks")
        return found

    def at_vendor(self, number: int, **values: Any) -> None:
        """Somebody changes a webhook in OpenSolar's own settings."""
        self.world._send("PATCH", f"opensolar/orgs/1/webhooks/{number}", values)

    def asked(self, resource: str, number: int) -> int:
        """How often a record was asked for at its own address."""
        return len(calls(self.world, f"{API}/{resource}/{number}/"))


def make_vendor() -> Sandbox:
    return Sandbox(projects=10, today=date(2026, 11, 20))


@pytest.fixture
def reported(db: Any, settings: Any) -> Iterator[Reported]:
    """Connected with webhooks and synced once; the log of requests begins after that."""
    settings.PORTAL_BASE_URL = NOWHERE

    def connect(world: World) -> Outcome:
        world.settings(webhook_attempts=1)
        return Reported(world).connect()

    with synced_once(10, connect, "webhooks") as world:
        yield Reported(world)


def a_project(**columns: Any) -> Project:
    """The first mirrored project."""
    with scopes_disabled():
        return Project.objects.filter(removed_at=None, **columns).order_by("opensolar_id")[0]


def a_contact() -> Contact:
    """The first mirrored contact."""
    with scopes_disabled():
        return Contact.objects.order_by("opensolar_id")[0]
