"""Takes deliveries in: one statement each, whatever happens to them afterwards; and wakes a worker, not too often."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import OperationalError
from django.db import connection as database
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Webhook
from portal.registry import registry
from portal.services.nudges import nudge_inbox
from portal.sync.reported import Hooks

LARGEST = 8 * 2**20  # bytes of a body
A_SECOND = timedelta(seconds=1)
MOST_DOORS = 1000
# The registration is looked up again in the statement that stores: a secret that was replaced stores nothing.
STORE = (
    "INSERT INTO portal_inboxevent (organisation_id, connection_id, body, received_at, state,"
    " message, model, vendor_id, verb, fingerprint, digest)"
    " SELECT organisation_id, connection_id, %s, %s, 'new', '', '', '', '', '', ''"
    " FROM portal_webhook WHERE id = %s AND secret_digest = %s"
)


@dataclass(frozen=True, slots=True)
class Door:
    """An address that is in use, and the digest of the secret that opens it."""

    webhook: int
    connection: int
    digest: str


_doors: dict[tuple[str, str], Door] = {}
_quiet_until: dict[str, float] = {}
_unsent: set[int] = set()


def hooks_of(vendor: str) -> Hooks | None:
    """How this vendor reports; None for one that does not, or does not exist."""
    source = registry.sources.get(vendor)
    return source.hooks if source else None


def admit(vendor: str, hooks: Hooks, key: str, given: str) -> Door | None:
    """The door, if the header opens it. Looks it up once a process, and again before it refuses anybody."""
    door = _doors.get((vendor, key))
    if door is not None and hooks.is_genuine(given, door.digest):
        return door
    door = _look_up(vendor, key)
    if door is None or not hooks.is_genuine(given, door.digest):
        return None
    return door


def _look_up(vendor: str, key: str) -> Door | None:
    with scopes_disabled():
        rows = Webhook.objects.filter(key=key, connection__vendor=vendor)
        row = rows.values_list("pk", "connection_id", "secret_digest").first()
    if row is None:
        _doors.pop((vendor, key), None)
        return None
    if len(_doors) >= MOST_DOORS:
        _doors.clear()
        _quiet_until.clear()
    door = _doors[vendor, key] = Door(*row)
    return door


def store(door: Door, body: bytes) -> bool:
    """Keeps the body, committed; False when the door was closed, or given another secret, a moment ago."""
    # To ask first whether the connection still stands would be a second round trip for every delivery.
    database.health_check_done = True  # type: ignore[attr-defined]
    try:
        stored = _insert(door, body)
    except OperationalError:
        if database.in_atomic_block or database.is_usable():
            raise
        # The database has ended it meanwhile. Stored twice, a delivery is found out by its digest.
        database.close()
        stored = _insert(door, body)
    if not stored:
        _doors.clear()
    return stored


def _insert(door: Door, body: bytes) -> bool:
    with database.cursor() as cursor:
        now = database.ops.adapt_datetimefield_value(timezone.now())
        cursor.execute(STORE, [body, now, door.webhook, door.digest])
        return bool(cursor.rowcount == 1)


def announce(door: Door) -> None:
    """Tells a worker, at most once a second and connection over all processes; whoever comes in between is covered by
    a message at the end of that second. A broker that is down is waited for by nobody: the sweep finds the event.
    """
    if time.monotonic() < _quiet_until.get(door.digest, 0.0):
        return
    now = timezone.now()
    at, ours = _claim(door, now)
    delay = max((at - now).total_seconds(), 0.0)
    _quiet_until[door.digest] = time.monotonic() + delay
    if ours and door.connection not in _unsent:
        _unsent.add(door.connection)
        _sender().submit(_send, door.connection, delay)


def _send(connection_id: int, delay: float) -> None:
    # Before it is sent: whatever is stored from here on needs a message of its own.
    _unsent.discard(connection_id)
    nudge_inbox(connection_id, delay)


def _claim(door: Door, now: datetime) -> tuple[datetime, bool]:
    """When the next message acts, and whether it is ours to send."""
    with scopes_disabled():
        rows = Webhook.objects.filter(pk=door.webhook)
        last = rows.values_list("nudged_at", flat=True).first()
        if last is not None and last > now:
            return last, False
        at = now if last is None or now - last >= A_SECOND else last + A_SECOND
        return at, bool(rows.filter(nudged_at=last).update(nudged_at=at))


@cache
def _sender() -> ThreadPoolExecutor:
    """One thread a process: a broker that answers slowly, or not, must not hold up the answer to a vendor."""
    return ThreadPoolExecutor(1, "nudges")
