"""What an app tells the engine about writing one kind of record to a vendor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal.sync.source import Key, Record

if TYPE_CHECKING:
    from portal.models import Delivery
    from portal.sync.gate import Gate

Values = Mapping[str, Any]


def _nothing(record: Record) -> Iterable[tuple[str, Key]]:
    return ()


@dataclass(frozen=True, slots=True)
class Writer:
    """How records of one resource are created, changed, deleted and compared; values go by the vendor's names.

    None of the verbs may send twice by itself. `change` is given the record as it was read just before. `plain` gives
    the writable values of a record, `columns` where each of them stands in our own. `blind` names values that must not
    be sent twice; `arrived` says whether a record holds them already. `find` looks for what a create that nobody knows
    of may have made. `along` names records that a written one brings with it. `actions` are the published limits by
    verb.
    """

    create: Callable[[Gate, Values], Record]
    change: Callable[[Gate, Key, Values, Record], None]
    delete: Callable[[Gate, Key], None]
    plain: Callable[[Record], dict[str, Any]]
    find: Callable[[Gate, Delivery], Record | None]
    columns: Mapping[str, str]
    modified: Callable[[Record], datetime | None] = lambda record: None
    blind: frozenset[str] = frozenset()
    arrived: Callable[[Values, Record], bool] = lambda values, record: False
    along: Callable[[Record], Iterable[tuple[str, Key]]] = _nothing
    actions: Mapping[str, str] = field(default_factory=dict)


def is_same(one: Any, other: Any) -> bool:
    """Whether two values say the same: nothing and an empty text do, and numbers however they are written."""
    if one in (None, "") or other in (None, ""):
        return (one in (None, "")) == (other in (None, ""))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(is_same(left, right) for left, right in zip(one, other, strict=True))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return bool(abs(one - other) < 1e-9)
    return str(one).replace("\r\n", "\n").strip() == str(other).replace("\r\n", "\n").strip()
