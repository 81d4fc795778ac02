"""The history of mirrored records: what is news of an arrival becomes rows of `Change`, in the transaction that writes
the record itself.

No news is: what came with an account's first listing; what a record tells for the first time, in a shape that had not
come before; and what only our own reading of an unchanged record changed (`--full`, a new mapping). History is kept:
nothing prunes it. What confirms an edit made in the portal carries its author.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, cast

import orjson
from django.db import transaction
from django.db.models import Field
from django.utils import timezone

from portal.lib.redaction import strip_secrets
from portal.models import Change, Connection
from portal.registry import registry
from portal.sync.authors import Authors
from portal.sync.digest import is_same, was_read_otherwise
from portal.sync.source import Arrival, Key, Resource

log = logging.getLogger("portal.sync")

Row = tuple[Any, ...]
News = Sequence[Row]

COLUMNS = (
    "organisation_id",
    "connection_id",
    "resource",
    "vendor_id",
    "field",
    "before",
    "after",
    "at",
    "vendor_at",
    "source",
    "actor_id",
)
HISTORY = (Change, COLUMNS)
"""Where rows of news belong."""

# Of a longer value so many characters are kept, as {"cut": "…"}.
LONGEST = 2_000
LONGEST_NAME = 64
NOTHING = "null"


def news_of(
    connection: Connection, resource: Resource, arrivals: Iterable[Arrival], *, was_listed: bool, has_deliveries: bool
) -> News:
    """A row for each mirrored column that differs, one for each record that is new or back.

    New records are none before the resource `was_listed` to its end for the first time. Only a connection that
    `has_deliveries` under way is asked whose edits these changes confirm.
    """
    now = timezone.now()
    found = [(arrival, change) for arrival in arrivals for change in _changes(resource, arrival, was_listed)]
    if not found:
        return []
    authors = Authors(connection, resource.name, {str(arrival.key) for arrival, _ in found if has_deliveries})
    return [
        (
            *_about(connection, resource, arrival.key),
            *change,
            now,
            arrival.parsed.modified,
            *authors.of(str(arrival.key), change[0], change[2]),
        )
        for arrival, change in found
    ]


def gone(connection: Connection, resource: Resource, key: Key, what: str) -> News:
    """The row for a record that was `removed` or `withheld`."""
    author = Authors(connection, resource.name, {str(key)}).of(str(key), "", as_json(what))
    return [(*_about(connection, resource, key), *_event(what), timezone.now(), None, *author)]


def tell(connection: Connection, news: News) -> None:
    """Inside the transaction that stored the news: lets apps know (`registry.changes`).

    What fails there is undone and logged, and stops nobody else: an announcement is no reason to lose a record.
    """
    if not news or not registry.changes:
        return
    changes = [Change(**dict(zip(COLUMNS, row, strict=True))) for row in news]
    for listener in registry.changes:
        concerning = [change for change in changes if listener.concerns(change)]
        if not concerning:
            continue
        try:
            with transaction.atomic():
                listener.hear(connection, concerning)
        except Exception:
            log.exception("Changes of %s could not be told", connection)


_Change = tuple[str, str, str]
"""Field, before and after, the latter as JSON."""


def _changes(resource: Resource, arrival: Arrival, was_listed: bool) -> Iterator[_Change]:
    if arrival.is_new:
        if was_listed:
            yield _event("new")
        return
    if arrival.was_hidden:
        yield _event("back")
    if _is_read_again(resource, arrival):
        return
    for name, before in arrival.before.items():
        if name not in resource.no_news and not _is_learnt(resource, arrival, name, before):
            yield from _told(resource, name, before, arrival.parsed.columns[name])


def _told(resource: Resource, name: str, before: Any, after: Any) -> Iterator[_Change]:
    """One change; of an object that is kept `by_key` one for each key that differs, where the key's name has room."""
    is_object = name in resource.by_key and isinstance(before, dict) and isinstance(after, dict)
    if not is_object or any(len(f"{name}.{key}") > LONGEST_NAME for key in (*before, *after)):
        yield name, as_json(before), as_json(after)
        return
    for key in dict.fromkeys((*before, *after)):
        was, now = as_json(before.get(key)), as_json(after.get(key))
        if was != now and f"{name}.{key}" not in resource.no_news:
            yield f"{name}.{key}", was, now


def _is_read_again(resource: Resource, arrival: Arrival) -> bool:
    """The vendor's record is the same; only we read it otherwise."""
    stored = arrival.digest_before
    return is_same(stored, arrival.digest) or was_read_otherwise(stored, arrival.record, resource.mapping)


def _is_learnt(resource: Resource, arrival: Arrival, name: str, before: Any) -> bool:
    """A column that was empty as long as no row in this shape had come: filled now, but not changed at the vendor."""
    if arrival.digest_before is not None:
        return False
    field = cast("Field[Any, Any]", resource.model._meta.get_field(name))
    return bool(before == field.get_default())


def _event(what: str) -> _Change:
    return "", NOTHING, as_json(what)


def _about(connection: Connection, resource: Resource, key: Key) -> Row:
    return connection.organisation_id, connection.pk, resource.name, str(key)


def as_json(value: Any) -> str:
    """A column's value as JSON without secrets; one longer than 2,000 characters as `{"cut": its first 2,000}`.

    Amounts are JSON numbers with all their digits; moments are in UTC.
    """
    text = orjson.dumps(strip_secrets(value), default=_number, option=orjson.OPT_UTC_Z).decode()
    plain = value if isinstance(value, str) else text
    return text if len(plain) <= LONGEST else orjson.dumps({"cut": plain[:LONGEST]}).decode()


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError(value.__class__.__name__)
