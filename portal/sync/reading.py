"""The first step of an upsert: what arrived is told apart and digested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from portal.sync.digest import HALF, as_it_came, digest_of, is_same
from portal.sync.problems import Trouble
from portal.sync.source import Key, Record, RecordProblem, Resource

Digests = Mapping[tuple[str, str], bytes]
"""Stored digests by vendor's id and shape."""

UNSTORABLE = "It holds something that cannot be written down as JSON: a number too large, or lists nested too deeply."


class Digested(NamedTuple):
    """A record whose id and digest (its first half) are known, not yet compared with ours.

    There is one for each record of every page: a tuple is made four times as fast as a frozen dataclass.
    """

    key: Key
    vendor_id: str
    shape: str
    record: Record
    first_half: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """Records by key, digested; what has no key or is no JSON object is trouble. `keys` names all that have one."""

    keys: list[Key]
    records: dict[Key, Digested]
    troubles: list[Trouble]


def read_records(resource: Resource, records: Sequence[Any], shape: str | None = None) -> Reading:
    """The records by key, the last of each. Needs no database."""
    keys: list[Key] = []
    read: dict[Key, Digested] = {}
    troubles: list[Trouble] = []
    for record in records:
        try:
            key = resource.key_of(record)
            keys.append(key)
            first_half = as_it_came(record, resource.mapping)
        except RecordProblem as problem:
            troubles.append(Trouble(problem_id(record), str(problem), record))
        except TypeError:
            troubles.append(Trouble(problem_id(record), UNSTORABLE, record))
        else:
            read[key] = Digested(key, str(key), shape or resource.shape_of(record), record, first_half)
    return Reading(keys, read, troubles)


def changed(resource: Resource, items: Iterable[Digested], digests: Digests) -> list[Digested]:
    """Those of the records that are not the ones whose digests are stored."""
    # The first half is compared here and not by a function: that decides about nearly every record of every page.
    unlike = [item for item in items if digests.get((item.vendor_id, item.shape), b"")[:HALF] != item.first_half]
    return [
        item
        for item in unlike
        if not (stored := digests.get((item.vendor_id, item.shape)))
        or not is_same(stored, digest_of(item.record, resource.mapping, item.first_half))
    ]


def problem_id(record: Any) -> str:
    """What a record without a usable id is called in its problem: the same record gets the same name each time."""
    if isinstance(record, dict):
        for name in ("id", "url", "identifier", "title", "display", "name"):
            if record.get(name):
                return f"? {name} {record[name]}"[:64]
    return "? " + ascii(record)[:60]
