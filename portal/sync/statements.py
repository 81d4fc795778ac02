"""The statements that run for every page, written out: Django puts them together longer than they run."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from django.db import connection as database
from django.db import transaction

from portal.models import MirroredRecord
from portal.sync.message import Step, send
from portal.sync.source import Key

# Commits of the mirror need not wait for the disk: pages that a crash of the database loses take their cursor along.
_NO_WAIT = "SELECT set_config('synchronous_commit', 'off', true)"
_TURN = f"{_NO_WAIT} FROM portal_connection WHERE id = %s FOR NO KEY UPDATE"
_LEASE = "SELECT 1 FROM portal_lease WHERE connection_id = %s AND holder = %s"
_DIGESTS = (
    "SELECT vendor_id, shape, digest FROM portal_payload WHERE connection_id = %s AND resource = %s AND vendor_id"
)
# One text instead of a list: psycopg looks through every item of a list for what to escape.
_AMONG = {
    "postgresql": " = ANY(string_to_array(%s, chr(10))::{kind}[])",
    "sqlite": " IN (SELECT value FROM json_each(%s))",
}
_BOOKS = (
    "SELECT EXISTS (SELECT 1 FROM portal_syncproblem WHERE connection_id = %s AND resolved_at IS NULL),"
    " EXISTS (SELECT 1 FROM portal_cursor WHERE connection_id = %s AND resource = %s AND completed_at IS NOT NULL),"
    " EXISTS (SELECT 1 FROM portal_delivery WHERE connection_id = %s AND state IN ('pending', 'sending'))"
)
_SHOWN = (
    "INSERT INTO portal_listingpage (cursor_id, number, vendor_ids) VALUES (%s, %s, %s)"
    " ON CONFLICT (cursor_id, number) DO UPDATE SET vendor_ids = excluded.vendor_ids"
)
_REACHED = "UPDATE portal_cursor SET page = %s WHERE id = %s"


@contextmanager
def written_soon() -> Iterator[None]:
    """A transaction for what a sync notes of itself: all or nothing as ever, but not worth a wait for the disk."""
    with transaction.atomic():
        if database.vendor == "postgresql":
            send((_NO_WAIT, ()))
        yield


def take_turn(connection_id: int) -> None:
    """Inside a transaction: waits until no other writer of the connection is under way.

    SQLite lets one transaction in at a time anyway.
    """
    send(*_turn(connection_id))


@dataclass(frozen=True, slots=True)
class Shown:
    """Which records a page of a listing showed; stored, it says that the listing has come so far."""

    cursor_id: int
    number: int
    vendor_ids: str


@dataclass(frozen=True, slots=True)
class Found:
    """What an upsert has to know first. `was_listed`: a listing of the resource has come to its end before.

    `has_deliveries`: edits of ours are under way, so that what arrives may confirm one.
    """

    digests: dict[tuple[str, str], bytes]
    has_problems: bool
    was_listed: bool
    has_deliveries: bool
    holds_lease: bool


def take_turn_and_look(
    connection_id: int,
    resource: str,
    vendor_ids: Sequence[str],
    holder: uuid.UUID | None = None,
    shown: Shown | None = None,
) -> Found:
    """Inside a transaction: takes the turn, looks, and stores which page is in, as one message.

    With a `holder` the lease stays this holder's until the commit, if it is (else the caller must not commit).
    """
    books = [connection_id, connection_id, resource, connection_id]
    asked = [connection_id, resource, _listed(vendor_ids)]
    turn, lease, page = _turn(connection_id), _lease(connection_id, holder), _page_is_in(shown)
    look: list[Step] = [
        (_BOOKS, books),
        (_DIGESTS + _among("text"), asked),
    ]
    answers = send(*turn, *lease, *page, *look)
    ((has_problems, was_listed, has_deliveries),), rows = answers[-2:]
    digests = {(vendor_id, shape): bytes(digest) for vendor_id, shape, digest in rows}
    is_mine = not lease or bool(answers[len(turn)])
    return Found(digests, bool(has_problems), bool(was_listed), bool(has_deliveries), is_mine)


def _turn(connection_id: int) -> list[Step]:
    return [(_TURN, [connection_id])] if database.vendor == "postgresql" else []


def _lease(connection_id: int, holder: uuid.UUID | None) -> list[Step]:
    if holder is None:
        return []
    if database.vendor == "postgresql":
        return [(f"{_LEASE} FOR UPDATE", [connection_id, holder])]
    return [(_LEASE, [connection_id, holder.hex])]


def _page_is_in(shown: Shown | None) -> list[Step]:
    if shown is None:
        return []
    return [(_SHOWN, [shown.cursor_id, shown.number, shown.vendor_ids]), (_REACHED, [shown.number, shown.cursor_id])]


def standing(
    model: type[MirroredRecord], connection_id: int, keys: Sequence[Key], names: Sequence[str]
) -> dict[Key, dict[str, Any]]:
    """These columns of those of the records that we hold, removed ones included, as Django gives them."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    by_key, wanted = fields[model.VENDOR_KEY], [fields[name] for name in names]
    columns = ", ".join(f'"{field.column}"' for field in (by_key, *wanted))
    sql = (
        f'SELECT {columns} FROM "{model._meta.db_table}" WHERE connection_id = %s'  # noqa: S608 - our own names
        f' AND "{by_key.column}"{_among(str(by_key.db_type(database)))}'
    )
    (rows,) = send((sql, [connection_id, _listed(keys)]))
    found = {key: dict(zip(names, values, strict=True)) for key, *values in rows}
    for field in wanted:
        if _is_converted(field):
            for row in found.values():
                row[field.attname] = converted(field, row[field.attname])
    return found


@cache
def _is_converted(field: Any) -> bool:
    """Whether Django does anything to a value of this column after reading it: on PostgreSQL seldom."""
    return bool(_converters(field))


def converted(field: Any, value: Any) -> Any:
    """A value of this column as Django gives it."""
    for convert in _converters(field):
        value = convert(value, field.get_col(field.model._meta.db_table), database)
    return value


def _converters(field: Any) -> list[Any]:
    column = field.get_col(field.model._meta.db_table)
    return [*database.ops.get_db_converters(column), *column.get_db_converters(database)]


def _among(kind: str) -> str:
    return _AMONG[database.vendor].format(kind=kind)


def _listed(keys: Sequence[Key]) -> str:
    return "\n".join(map(str, keys)) if database.vendor == "postgresql" else orjson.dumps(keys).decode()
