"""Pages of a list that stay true while the list changes: a page begins behind a row, not after a number of rows."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import orjson
from django.db import connection
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
Key = str | int | datetime | date | None


@dataclass(frozen=True, slots=True)
class Position:
    """Right behind (or, `backwards`, right before) the row with this sort key and primary key.

    `number` is the place in the list of the first row of that page (backwards: of the row behind it); display only.
    """

    key: Key
    pk: int
    number: int
    backwards: bool = False


def seek(rows: QuerySet[M], column: str, *, descending: bool, position: Position | None) -> QuerySet[M]:
    """The rows from a position on, nearest first: a page before a position comes in reverse."""
    down = descending != (position is not None and position.backwards)
    sign = "-" if down else ""
    rows = rows.order_by(f"{sign}{column}", f"{sign}pk")
    if position is None:
        return rows
    beyond, up_to = ("lt", "gte") if down else ("gt", "lte")
    unknown = Q(**{f"{column}__isnull": True})
    # Databases differ in whether unknown comes before or after all that is known.
    unknown_follows = connection.features.nulls_order_largest != down
    if position.key is None:
        rest = unknown & Q(**{f"pk__{beyond}": position.pk})
        return rows.filter(rest if unknown_follows else rest | ~unknown)
    known = Q(**{f"{column}__{beyond}e": position.key})
    # A range and an exclusion instead of an OR: PostgreSQL starts inside its index.
    passed = {column: position.key, f"pk__{up_to}": position.pk}
    return rows.filter(known | unknown if unknown_follows else known).exclude(**passed)


def write_token(order: str, position: Position) -> str:
    """A position as part of an address; `order` names the sort it belongs to."""
    key = position.key.isoformat() if isinstance(position.key, date) else position.key
    body = orjson.dumps([order, key, position.pk, position.number, position.backwards])
    return urlsafe_b64encode(body).decode().rstrip("=")


def read_token(token: str, order: str, key_of: Callable[[object], Key]) -> Position:
    """The position in a token; ValueError for one that is broken or belongs to another sort."""
    if len(token) > 1000:
        raise ValueError("too long for a position")
    match orjson.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4))):
        case [str(name), key, int(pk), int(number), bool(backwards)] if name == order and 0 < pk < 2**63:
            return Position(None if key is None else key_of(key), pk, max(1, min(number, 10**9)), backwards)
    raise ValueError("a position in another list")
