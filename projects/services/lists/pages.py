"""Fifty rows of a list with their numbers, and where the neighbouring pages begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from projects.services.lists.keyset import Position

PAGE = 50
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Rows `first` to `last` of `total`, and where the neighbouring pages begin."""

    rows: Sequence[R]
    total: int
    first: int
    previous: Position | None
    next: Position | None

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.rows) - 1


def page_at(
    position: Position | None,
    total: int,
    cut: Callable[[Position | None], tuple[Sequence[R], bool]],
    beside: Callable[[R, int, bool], Position],
) -> Page[R]:
    """The page at a position of a list of `total` rows; the first one when nothing is left there.

    `cut` gives the rows at a position and whether more lie beyond them; `beside` the position right behind a row, or
    (True) right before it, and the number of the row behind that.
    """
    rows, more = cut(position)
    if not rows and total and position:
        position = None
        rows, more = cut(position)
    back = position is not None and position.backwards
    number = position.number if position else 1
    first = max(1, min(number - len(rows) if back else number, total - len(rows) + 1))
    before, behind = (more, True) if back else (position is not None, more)
    return Page(
        rows,
        total,
        first,
        beside(rows[0], first, True) if before and rows else None,
        beside(rows[-1], first + len(rows), False) if behind and rows else None,
    )
