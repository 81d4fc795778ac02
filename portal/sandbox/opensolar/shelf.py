"""One listed resource of one organisation: which records there are, in which order, and what was changed by hand.

Records that were drawn take no room here. Only what `/control/` added, changed, removed or hid is remembered.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any, Literal, Protocol

from portal.sandbox.wire import JsonObject

Position = Literal["first", "last"]


class Sight(StrEnum):
    """What the API says about a record's own address."""

    HERE = "200"
    FORBIDDEN = "403"
    MISSING = "404"


class Watch(Protocol):
    """Is told of each record that came (CREATE), changed (UPDATE, with the names of the keys) or went (DELETE)."""

    def __call__(self, key: int, event: str, changed: Collection[str] | None) -> None: ...


def _nobody(key: int, event: str, changed: Collection[str] | None) -> None:
    return None


class Shelf:
    """`count` drawn records, numbered from `first` without a gap, and their changes.

    A key is the number in a record's URL. `draw_record(index, base)` draws the record with that index.
    """

    def __init__(self, first: int, count: int, draw_record: Callable[[int, str], JsonObject]) -> None:
        self.first = first
        self.count = count
        self.draw_record = draw_record
        self.added: dict[int, JsonObject] = {}
        self._before: list[int] = []
        self._after: list[int] = []
        self._patches: dict[int, JsonObject] = {}
        self._replacements: dict[int, Any] = {}
        self._withdrawn: dict[int, Sight] = {}
        self._gaps: list[int] = []
        self.watch: Watch = _nobody

    def sight(self, key: int) -> Sight:
        if key in self._withdrawn:
            return self._withdrawn[key]
        return Sight.HERE if self._drawn(key) or key in self.added else Sight.MISSING

    def __len__(self) -> int:
        return len(self._head()) + self.count - len(self._gaps) + len(self._tail())

    def keys(self, start: int, stop: int) -> list[int]:
        """The keys at places [start, stop) of the list."""
        head, tail = self._head(), self._tail()
        drawn = self.count - len(self._gaps)
        middle = range(max(0, start - len(head)), min(drawn, max(0, stop - len(head))))
        keys = head[start:stop] + [self.first + self._index_at(place) for place in middle]
        after = len(head) + drawn
        return keys + tail[max(0, start - after) : max(0, stop - after)]

    def record(self, key: int, base: str) -> Any:
        """The record as it stands, a fresh object; whatever JSON value it was replaced by."""
        if key in self._replacements:
            replacement = self._replacements[key]
            return {**replacement, **self.patch_of(key)} if isinstance(replacement, dict) else replacement
        drawn = dict(self.added[key]) if key in self.added else self.draw_record(key - self.first, base)
        drawn.update(self.patch_of(key))
        return drawn

    def index_of(self, key: int) -> int | None:
        """The index of a drawn record that nobody replaced."""
        return key - self.first if self._drawn(key) and key not in self._replacements else None

    def touched(self) -> list[int]:
        """Keys of the records that somebody added or changed."""
        return list(dict.fromkeys([*self.added, *self._patches, *self._replacements]))

    def is_replaced(self, key: int) -> bool:
        return key in self._replacements

    def patch_of(self, key: int) -> JsonObject:
        return self._patches.get(key, {})

    def next_key(self) -> int:
        return max([self.first + self.count - 1, *self.added]) + 1

    def add(self, key: int, record: JsonObject, position: Position) -> None:
        self.added[key] = record
        if position == "first":
            self._before.insert(0, key)
        else:
            self._after.append(key)
        self.watch(key, "CREATE", None)

    def patch(self, key: int, values: JsonObject) -> None:
        self._patches[key] = {**self.patch_of(key), **values}
        self.watch(key, "UPDATE", list(values))

    def replace(self, key: int, value: Any) -> None:
        self._patches.pop(key, None)
        self._replacements[key] = value
        self.watch(key, "UPDATE", list(value) if isinstance(value, dict) else [])

    def withdraw(self, key: int, sight: Sight) -> None:
        """Take a record off the list; its own address answers 403 or 404 from now on."""
        if self._drawn(key) and key not in self._withdrawn:
            insort(self._gaps, key - self.first)
        was, self._withdrawn[key] = self.sight(key), sight
        if sight is Sight.MISSING and was is not Sight.MISSING:
            self.watch(key, "DELETE", None)

    def restore(self, key: int) -> None:
        """Undo every change of one record; a record that was added stays."""
        self._patches.pop(key, None)
        self._replacements.pop(key, None)
        if self._withdrawn.pop(key, None) is not None and self._drawn(key):
            self._gaps.remove(key - self.first)

    def _drawn(self, key: int) -> bool:
        return 0 <= key - self.first < self.count

    def _head(self) -> list[int]:
        return [key for key in self._before if key not in self._withdrawn]

    def _tail(self) -> list[int]:
        return [key for key in self._after if key not in self._withdrawn]

    def _index_at(self, place: int) -> int:
        """The index of the drawn record at a place among those still listed."""
        if not self._gaps:
            return place
        return place + bisect_right(range(len(self._gaps)), place, key=lambda gap: self._gaps[gap] - gap)
