"""What of a page is to be written: read into columns, compared with the row that we hold, and not older than it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from portal.models import Connection
from portal.sync import statements
from portal.sync.digest import digest_of
from portal.sync.problems import Trouble
from portal.sync.reading import Digested, Digests
from portal.sync.source import Arrival, Key, Parsed, RecordProblem, Resource

log = logging.getLogger("portal.sync")

MOMENTS = ("requested_at", "removed_at", "withheld_at")


@dataclass(frozen=True, slots=True)
class _Stored:
    """The row that we hold: its moments, and the columns that the arrivals carry."""

    columns: dict[str, Any]

    @property
    def hidden_at(self) -> datetime | None:
        hidden: datetime | None = self.columns["removed_at"] or self.columns["withheld_at"]
        return hidden


def arrivals_of(
    connection: Connection,
    resource: Resource,
    changed: Iterable[Digested],
    digests: Digests,
    requested_at: datetime,
) -> tuple[list[Arrival], list[Trouble]]:
    """Inside the transaction that has the turn: parses what changed and leaves out what is older than ours."""
    read: list[tuple[Digested, Parsed]] = []
    troubles: list[Trouble] = []
    for item in changed:
        try:
            read.append((item, _parsed(resource, item)))
        except RecordProblem as problem:
            troubles.append(Trouble(item.vendor_id, str(problem), item.record))
    ours = _standing(connection, resource, read)
    arrivals = [
        _arrival(resource, item, parsed, ours.get(item.key), digests.get((item.vendor_id, item.shape)))
        for item, parsed in read
        if item.key not in ours or not _is_older(parsed, requested_at, ours[item.key])
    ]
    return arrivals, troubles


def _parsed(resource: Resource, item: Digested) -> Parsed:
    try:
        return _storable(resource.parse(item.record, item.shape))
    except RecordProblem:
        raise
    except Exception as error:
        # A value that nobody thought of is our fault, but no reason to stop every record behind it.
        log.exception("%s %s cannot be read", resource.name, item.key)
        raise RecordProblem(f"It holds a value that the portal cannot read ({type(error).__name__}).") from error


def _storable(parsed: Parsed) -> Parsed:
    """PostgreSQL keeps no NUL in text; the body (where JSON escapes it) does."""
    columns = parsed.columns
    if not any("\0" in value for value in columns.values() if value.__class__ is str):
        return parsed
    clean = {name: value.replace("\0", "") if isinstance(value, str) else value for name, value in columns.items()}
    return replace(parsed, columns=clean)


def _standing(
    connection: Connection, resource: Resource, read: Sequence[tuple[Digested, Parsed]]
) -> dict[Key, _Stored]:
    if not read:
        return {}
    names = dict.fromkeys(MOMENTS)
    if any(f.name == "modified_date" for f in resource.model._meta.fields):
        names["modified_date"] = None
    for _, parsed in read:
        names |= dict.fromkeys(parsed.columns)
    found = statements.standing(resource.model, connection.pk, [item.key for item, _ in read], [*names])
    return {key: _Stored(columns) for key, columns in found.items()}


def _arrival(
    resource: Resource, item: Digested, parsed: Parsed, ours: _Stored | None, digest_before: bytes | None
) -> Arrival:
    digest = digest_of(item.record, resource.mapping, item.first_half)
    if ours is None:
        return Arrival(item.key, item.shape, item.record, digest, parsed, is_new=True)
    return Arrival(
        item.key,
        item.shape,
        item.record,
        digest,
        parsed,
        is_new=False,
        before={name: ours.columns[name] for name, value in parsed.columns.items() if ours.columns[name] != value},
        was_hidden=ours.hidden_at is not None,
        digest_before=digest_before,
    )


def _is_older(parsed: Parsed, requested_at: datetime, ours: _Stored) -> bool:
    if ours.hidden_at:
        # Whatever its date says, the vendor shows it again, or did not know yet that it would be gone.
        return requested_at <= ours.hidden_at
    modified = ours.columns.get("modified_date")
    if parsed.modified and modified and parsed.modified != modified:
        return bool(parsed.modified < modified)
    return bool(requested_at < ours.columns["requested_at"])
