"""The orders in which projects can be listed; nothing else can be sorted by.

Not by size or price: both are the leading system's, and to rank 100,000 of those takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left, Lower
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.services.lists.keyset import Key

LONGEST_KEY = 100
CUSTOMER_KEY = "customer_key"


def moment_of(value: object) -> Key:
    """An aware moment from its ISO form; ValueError for anything else."""
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside of the calendar") from error


def _name(value: object) -> Key:
    if not isinstance(value, str) or len(value) > LONGEST_KEY or "\0" in value:
        raise ValueError("no name")
    return value


def _day(value: object) -> Key:
    return date.fromisoformat(str(value))


def _number(value: object) -> Key:
    if not isinstance(value, int) or abs(value) >= 2**31:
        raise ValueError("no stage")
    return value


@dataclass(frozen=True, slots=True)
class Sort:
    """An order: `token` names it in addresses, `column` is compared, `key_of` reads that out of a page's token."""

    token: str
    column: str
    label: Any
    key_of: Callable[[object], Key]

    @property
    def name(self) -> str:
        """The sort without its direction."""
        return self.token.lstrip("-")

    @property
    def descending(self) -> bool:
        """Newest, or Z, first."""
        return self.token.startswith("-")


ALL = (
    Sort("-activity", "modified_date", _("Latest activity first"), moment_of),
    Sort("activity", "modified_date", _("Longest without activity first"), moment_of),
    Sort("customer", CUSTOMER_KEY, _("Customer, A to Z"), _name),
    Sort("-customer", CUSTOMER_KEY, _("Customer, Z to A"), _name),
    Sort("stage", "stage", _("Stage, early ones first"), _number),
    Sort("-stage", "stage", _("Stage, late ones first"), _number),
    Sort("-created", "created_date", _("Newest first"), moment_of),
    Sort("created", "created_date", _("Oldest first"), moment_of),
    Sort("-sold", "sold_date", _("Sold last first"), _day),
    Sort("sold", "sold_date", _("Sold longest ago first"), _day),
    Sort("-installation", "installation_date", _("Latest installation first"), _day),
    Sort("installation", "installation_date", _("Earliest installation first"), _day),
)
SORTS = {sort.token: sort for sort in ALL}
DEFAULT = ALL[0]


def with_key(projects: QuerySet[Project], sort: Sort) -> QuerySet[Project]:
    """Adds what a sort compares where that is no column (needs `with_customer`)."""
    if sort.column == CUSTOMER_KEY:
        return projects.annotate(**{CUSTOMER_KEY: Left(Lower("customer"), LONGEST_KEY)})
    return projects


def other_way(sort: Sort) -> Sort:
    """The same order from the other end."""
    return SORTS[sort.name if sort.descending else f"-{sort.name}"]


def first_way(name: str) -> Sort:
    """How a column is sorted when one first asks for it."""
    return next(sort for sort in ALL if sort.name == name)
