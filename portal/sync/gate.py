"""An opened connection: one transport, its tokens and its budgets, for as long as a run or a task needs them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from portal.lib.http import Transport
from portal.models import Connection
from portal.registry import registry
from portal.sync import quota
from portal.sync.quota import Lane
from portal.sync.source import Source
from portal.sync.tokens import ConnectionTokens

DEADLINE = 20.0


class Gate:
    """Through here every request to a vendor goes; counts them and keeps the lease alive meanwhile.

    `heartbeat` is called in the caller's own thread only, before each attempt and while waiting.
    """

    def __init__(
        self, connection: Connection, *, lane: Lane = Lane.BACKGROUND, heartbeat: Callable[[], None] | None = None
    ) -> None:
        self.connection, self.lane = connection, lane
        self.source: Source = registry.source(connection.vendor)
        self.heartbeat = heartbeat or _nothing
        self.requests = 0
        self._lock = threading.Lock()
        self.transport = Transport(
            connection.base_url,
            name=self.source.setup.label,
            deadline=DEADLINE,
            before_attempt=self.heartbeat,
            on_request=self._count,
        )
        self.tokens = ConnectionTokens(connection, self.source, self.transport)
        self.client: Any = self.source.open_client(self)

    def take(self, action: str) -> None:
        """One request of `action` from the published budgets; raises QuotaSpent."""
        owners = {"user": self._owner("user"), "account": self._owner("account")}
        quota.take(owners, action, self.source.limits.get(action, ()), self.lane)

    def in_flight(self) -> int:
        """How many pages to ask for at once: as the connection says, one after the vendor throttled us."""
        return 1 if self.transport.throttled else self.connection.requests_at_once

    def close(self) -> None:
        """Closes the connections to the vendor."""
        self.transport.close()

    def __enter__(self) -> Gate:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _count(self) -> None:
        with self._lock:
            self.requests += 1

    def _owner(self, scope: str) -> str:
        connection = self.connection
        who = connection.credentials.get("owner", "") if scope == "user" else connection.account_id
        digest = sha256(f"{connection.base_url}|{who}".encode()).hexdigest()[:24]
        return f"{connection.vendor} {scope} {digest}"


def _nothing() -> None:
    return None
