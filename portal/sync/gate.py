"""An opened connection: one transport, its tokens and its budgets, for as long as a run or a task needs them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from portal.lib.errors import TransientError
from portal.lib.http import Transport
from portal.models import Connection
from portal.registry import registry
from portal.sync import quota
from portal.sync.quota import Lane
from portal.sync.source import Source
from portal.sync.tokens import ConnectionTokens

DEADLINE = 20.0
RETRIES = 3


class Gate:
    """Through here every request to a vendor goes; counts them and keeps the lease alive meanwhile.

    `heartbeat` is called in the caller's own thread only, before each attempt and while waiting. With `patience`
    (seconds) somebody waits in front of a page: nothing is repeated, and nothing is begun after that time.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        lane: Lane = Lane.BACKGROUND,
        heartbeat: Callable[[], None] | None = None,
        patience: float | None = None,
    ) -> None:
        self.connection, self.lane = connection, lane
        self.source: Source = registry.source(connection.vendor)
        self.heartbeat = heartbeat or (_nothing if patience is None else _until(time.monotonic() + patience))
        self.requests = 0
        self._lock = threading.Lock()
        self.transport = Transport(
            connection.base_url,
            name=self.source.setup.label,
            deadline=DEADLINE if patience is None else min(patience, DEADLINE),
            retries=RETRIES if patience is None else 0,
            before_attempt=self.heartbeat,
            on_request=self._count,
        )
        self.tokens = ConnectionTokens(connection, self.source, self.transport, sleep=self._rest)
        self.client: Any = self.source.open_client(self)

    def take(self, action: str) -> None:
        """One request of `action` from the published budgets; raises QuotaSpent."""
        limits = self.source.limits.get(action, ())
        quota.take(quota.owners_of(self.connection), action, limits, self.lane)

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

    def _rest(self, seconds: float) -> None:
        self.heartbeat()
        time.sleep(seconds)

    def _count(self) -> None:
        with self._lock:
            self.requests += 1


def _nothing() -> None:
    return None


def _until(end: float) -> Callable[[], None]:
    def check() -> None:
        if time.monotonic() >= end:
            raise TransientError("The vendor did not answer in the time that a person waits. Try again later.")

    return check
