"""The heads of the list's columns: how each looks, and where it leads if the list can be sorted by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from projects.services.lists.columns import DEFAULT, Column
from projects.services.lists.criteria import Criteria
from projects.services.lists.sorts import SORTS, first_way, other_way

NUMBERS = ("system", "panels", "price", "kwh", "created", "sold", "installation", "activity", "number")
# In the usual choice of columns these make room on small screens; columns that somebody chose stay.
LATER, DESK = ("kwh", "created"), ("owner", "created", "activity")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; `url` leads to the list sorted by it, empty where it cannot be sorted by."""

    name: str
    label: str
    css_class: str
    url: str
    sorted: str


def heads_of(criteria: Criteria, columns: Sequence[Column]) -> list[Head]:
    """The heads of the columns: where each leads, and how the list is sorted by it now."""
    sortable = {sort.name for sort in SORTS.values()}
    names = [column.name for column in columns]
    return [_head(criteria, column, class_of(column.name, names), column.name in sortable) for column in columns]


def class_of(name: str, names: Sequence[str]) -> str:
    """The classes of a column's head and cells, beside those that are shown."""
    usual = set(names) <= set(DEFAULT)
    marks = {
        "num": name in NUMBERS,
        "cell-later": usual and name in LATER,
        "cell-desk": usual and name in DESK,
        "cell-owner": name == "owner",
        "cell-state": name == "stage",
    }
    return " ".join(mark for mark, on in marks.items() if on)


def _head(criteria: Criteria, column: Column, css_class: str, sortable: bool) -> Head:
    current = sortable and criteria.sort.name == column.name
    url = words = ""
    if sortable:
        url = criteria.query(sort=other_way(criteria.sort) if current else first_way(column.name))
    if current:
        words = "descending" if criteria.sort.descending else "ascending"
    return Head(column.name, str(column.label), css_class, url, words)
