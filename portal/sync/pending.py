"""Fetches single records that a listing or a person asked for, as far as the vendor's quota reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from portal.lib.errors import (
    Conflict,
    CredentialsError,
    MethodNotAllowed,
    NotFound,
    PermanentError,
    PlanError,
    QuotaSpent,
    ThrottledError,
    TransientError,
    VendorError,
)
from portal.models import Connection, PendingFetch, Rank, SyncProblem, SyncRun
from portal.sync import problems, removal
from portal.sync.gate import Gate
from portal.sync.message import send
from portal.sync.problems import Trouble
from portal.sync.quota import Lane
from portal.sync.rows import adding
from portal.sync.source import Part
from portal.sync.upsert import upsert

CLAIM = timedelta(seconds=60)
GIVE_UP_AFTER = 8
PAUSE, LONGEST_PAUSE = 1.0, 3600.0
# SQLite takes so many rows of seven values in one statement.
AT_ONCE = 1_000
_COLUMNS = ("connection_id", "resource", "vendor_id", "rank", "newest", "attempts", "created_at")
# Most pages of a first sync ask for something; what waits already and is urgent enough is not written.
_MOVE_UP = (
    " ON CONFLICT (connection_id, resource, vendor_id) DO UPDATE SET not_before = NULL,"
    " attempts = CASE WHEN portal_pendingfetch.not_before IS NULL THEN portal_pendingfetch.attempts ELSE 0 END,"
    " rank = CASE WHEN excluded.rank < portal_pendingfetch.rank THEN excluded.rank ELSE portal_pendingfetch.rank END"
    " WHERE excluded.rank < portal_pendingfetch.rank OR portal_pendingfetch.not_before IS NOT NULL"
)


def want(connection: Connection, resource: str, ids: Sequence[tuple[str, datetime | None]], rank: Rank) -> None:
    """Notes records to be fetched; one that waits already moves up if this rank is more urgent. May run twice.

    One that is being fetched just now, or that failed before, is asked for anew: its answer may be older than this.
    """
    now, each_once = timezone.now(), list(dict(ids).items())
    for start in range(0, len(each_once), AT_ONCE):
        some = each_once[start : start + AT_ONCE]
        rows = [(connection.pk, resource, vendor_id, rank, newest, 0, now) for vendor_id, newest in some]
        send(*((sql + _MOVE_UP, values) for sql, values in adding(PendingFetch, _COLUMNS, rows)))


def due(connection: Connection) -> Q:
    """Which of a connection's pending fetches may be asked for now."""
    return Q(connection=connection) & (Q(not_before=None) | Q(not_before__lte=timezone.now()))


def drain(gate: Gate, run: SyncRun | None = None, *, most: int | None = None) -> Counter[tuple[str, str]]:
    """Fetches what is due, most urgent first, until nothing is left, quota is spent or the vendor fails thrice.

    Parts have published limits of their own: where one is used up, the others go on.

    Returns by (resource, what) how many `failed`. Raises CredentialsError: then nothing more can be asked for.
    """
    counts: Counter[tuple[str, str]] = Counter()
    failures = done = 0
    spent: set[tuple[str, Lane]] = set()
    while failures < 3 and (most is None or done < most):
        row = _claim(gate.connection, spent)
        if row is None:
            break
        done += 1
        part = gate.source.part(row.resource)
        gate.lane = Lane.INTERACTIVE if row.rank == Rank.SOMEBODY_LOOKS else Lane.BACKGROUND
        try:
            counts[part.counts_as, "failed"] += _fetch(gate, part, row, run)
        except QuotaSpent as error:
            _put_back(row, error.retry_after)
            spent.add((row.resource, gate.lane))
        except CredentialsError as error:
            _put_back(row, error.retry_after)
            raise
        except ThrottledError as error:
            _put_back(row, error.retry_after)
            put_off(gate.connection, error.retry_after)
            break
        except (TransientError, Conflict) as error:
            failures += 1
            counts[part.counts_as, "failed"] += 1
            _try_later(gate.connection, row, error, run)
        gate.heartbeat()
    return counts


def waiting(gate: Gate) -> Counter[tuple[str, str]]:
    """How many still wait, as `deferred` by (resource, what), of parts that are in use."""
    counts: Counter[tuple[str, str]] = Counter()
    for part in gate.source.parts:
        rows = PendingFetch.objects.filter(connection=gate.connection, resource=part.name)
        counts[part.counts_as, "deferred"] += rows.count()
    return counts


def put_off(connection: Connection, seconds: float | None) -> None:
    """The vendor asks for a pause: nothing of this connection is asked for before its end."""
    until = timezone.now() + timedelta(seconds=min(seconds or PAUSE, LONGEST_PAUSE))
    PendingFetch.objects.filter(due(connection)).update(not_before=until)


def _claim(connection: Connection, spent: Iterable[tuple[str, Lane]]) -> PendingFetch | None:
    """The most urgent due row whose part is not spent, ours for a minute; another worker that saw it goes on."""
    rows = PendingFetch.objects.filter(due(connection))
    for resource, lane in spent:
        # What somebody looks at may still go where background work may not.
        ranks = {} if lane is Lane.INTERACTIVE else {"rank__gt": Rank.SOMEBODY_LOOKS}
        rows = rows.exclude(resource=resource, **ranks)
    while True:
        order = ("rank", F("newest").desc(nulls_last=True), "pk")
        row = rows.order_by(*order).first()
        if row is None:
            return None
        mine = PendingFetch.objects.filter(due(connection), pk=row.pk)
        row.not_before = timezone.now() + CLAIM
        if mine.update(not_before=row.not_before, attempts=F("attempts") + 1):
            row.attempts += 1
            return row


def _fetch(gate: Gate, part: Part, row: PendingFetch, run: SyncRun | None) -> int:
    """Asks for one and takes it in; how many records failed for good (each with its problem), so that none waits."""
    connection, resource = gate.connection, gate.source.resource(part.resource)
    asked = timezone.now()
    if part.proves_removal:
        number: Any = resource.model._meta.get_field(resource.model.VENDOR_KEY)
        key = number.to_python(row.vendor_id)
        removal.look_up(gate, resource, key, run)
        _done(row)
        return 0
    try:
        records = part.fetch(gate, row.vendor_id)
    except NotFound:
        # Whether it is gone is for the next complete listing to say.
        problems.resolve(connection, part.name, [row.vendor_id], SyncProblem.What.FETCH)
        _done(row)
        return 0
    except (PlanError, MethodNotAllowed) as error:
        switch_off(connection, part.name, str(error))
        return 0
    except CredentialsError:
        raise
    except PermanentError as error:
        trouble = Trouble(row.vendor_id, f"Its {part.name.replace('_', ' ')} were refused: {error}")
        problems.report(connection, part.name, [trouble], run, SyncProblem.What.FETCH)
        _done(row)
        return 1
    asked_for = (part.name, row.vendor_id)
    counts = upsert(connection, resource, records, requested_at=asked, shape=part.shape, run=run, blame=asked_for)
    _done(row)
    return counts["failed"]


def _done(row: PendingFetch) -> None:
    """Nothing waits any more, unless somebody has asked for it again meanwhile: that took our claim away."""
    PendingFetch.objects.filter(pk=row.pk, not_before=row.not_before).delete()


def switch_off(connection: Connection, part: str, sentence: str) -> None:
    """This account does not offer the part: note why, and let nothing wait for it."""
    with transaction.atomic():
        _write_switched_off(connection, lambda off: {**off, part: sentence})
        PendingFetch.objects.filter(connection=connection, resource=part).delete()


def switch_on(connection: Connection, part: str) -> None:
    """The account offers it, or is to be asked for it again. Nothing is written where the part was not off."""
    if part in connection.switched_off:
        _write_switched_off(connection, lambda off: {name: why for name, why in off.items() if name != part})


def _write_switched_off(connection: Connection, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """From the row, not from the connection at hand: other workers, and people, write other parts meanwhile."""
    with transaction.atomic():
        row = Connection.objects.select_for_update(no_key=True).only("switched_off").get(pk=connection.pk)
        connection.switched_off = change(row.switched_off)
        Connection.objects.filter(pk=connection.pk).update(switched_off=connection.switched_off)


def _put_back(row: PendingFetch, seconds: float | None) -> None:
    """It was not this record's fault; one that somebody asked for anew meanwhile stands as they asked."""
    PendingFetch.objects.filter(pk=row.pk, not_before=row.not_before).update(
        not_before=timezone.now() + timedelta(seconds=min(seconds or PAUSE, LONGEST_PAUSE)),
        attempts=F("attempts") - 1,
    )


def _try_later(connection: Connection, row: PendingFetch, error: VendorError, run: SyncRun | None) -> None:
    """Waits longer after each failure; after the eighth a person has to ask again."""
    times = "once" if row.attempts == 1 else f"{row.attempts} times"
    trouble = Trouble(row.vendor_id, f"Asked {times} without success: {error}")
    problems.report(connection, row.resource, [trouble], run, SyncProblem.What.FETCH)
    if row.attempts >= GIVE_UP_AFTER:
        _done(row)
        return
    wait = timedelta(seconds=min(15 * 2**row.attempts, LONGEST_PAUSE))
    mine = PendingFetch.objects.filter(pk=row.pk, not_before=row.not_before)
    mine.update(not_before=timezone.now() + wait)
