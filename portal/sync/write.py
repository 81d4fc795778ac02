"""Writes arrivals: the record's columns, its body and its history, new rows apart from changed ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import orjson
from django.utils import timezone

from portal.lib.redaction import strip_secrets
from portal.models import Connection, MirroredRecord, Payload
from portal.sync.history import HISTORY, News
from portal.sync.message import Step, send
from portal.sync.rows import WORTH_IT, adding, insert, inserting, overwriting, updating
from portal.sync.source import Arrival, Resource

Columns = dict[str, Any]
_INSIDE = (list, dict)


def write(
    connection: Connection, resource: Resource, arrivals: Sequence[Arrival], requested_at: datetime, news: News
) -> None:
    """Writes arrivals, each known to be new or newer, and what is news of them; one key at most once."""
    now = timezone.now()
    books = {"synced_at": now, "changed_at": now, "requested_at": requested_at, "removed_at": None, "withheld_at": None}
    fixed = {"organisation_id": connection.organisation_id, "connection_id": connection.pk, **books}
    new = [arrival for arrival in arrivals if arrival.is_new]
    with inserting(resource.model, *_whole_rows(resource.model, fixed, new)):
        bodies = [orjson.dumps(strip_secrets(arrival.record)) for arrival in arrivals]
    updates = [_update(connection, resource.model, books, arrival) for arrival in arrivals if not arrival.is_new]
    kept = _keep(connection, resource.name, zip(arrivals, bodies, strict=True), requested_at)
    send(*updates, *kept, *_record(news))


def _update(connection: Connection, model: type[MirroredRecord], books: Columns, arrival: Arrival) -> Step:
    """Writes what differs; a short row never blanks what it does not carry.

    Lists and objects are always written: to Python 1 and true are the same, in JSON they are not.
    """
    columns = arrival.parsed.columns
    changes = {name: value for name, value in columns.items() if name in arrival.before or isinstance(value, _INSIDE)}
    return updating(model, {**changes, **books}, {"connection_id": connection.pk, model.VENDOR_KEY: arrival.key})


def _whole_rows(
    model: type[MirroredRecord], fixed: Columns, arrivals: Sequence[Arrival]
) -> tuple[list[str], list[Any]]:
    """Names of all columns but the id, and the rows; what a record does not say is the column's default."""
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    defaults = {f.attname: f.get_default() for f in fields} | fixed
    names = [f.attname for f in fields]
    in_order = itemgetter(*names)
    return names, [in_order({**defaults, **a.parsed.columns, model.VENDOR_KEY: a.key}) for a in arrivals]


def _keep(
    connection: Connection, resource: str, bodies: Iterable[tuple[Arrival, bytes]], requested_at: datetime
) -> list[Step]:
    """Stores the bodies of new records, which have none yet; the statements that store the others'."""
    names = ["connection_id", "resource", "vendor_id", "shape", "digest", "requested_at", "body"]
    fresh: list[list[Any]] = []
    known: list[list[Any]] = []
    for arrival, body in bodies:
        vendor_id = str(arrival.key)
        row = [connection.pk, resource, vendor_id, arrival.shape, arrival.digest, requested_at, body.decode()]
        (fresh if arrival.is_new else known).append(row)
    if fresh:
        insert(Payload, names, fresh)
    unique = ("connection_id", "resource", "vendor_id", "shape")
    return overwriting(Payload, names, known, unique=unique, changes=("digest", "requested_at", "body"))


def _record(news: News) -> list[Step]:
    if len(news) < WORTH_IT:
        return adding(*HISTORY, news)
    insert(*HISTORY, news)
    return []
