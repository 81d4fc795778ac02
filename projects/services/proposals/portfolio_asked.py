"""What a person asks of the portfolio, as its address says it; what is wrong there becomes a hint, no error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import Access
from projects.services.lists import criteria_reading as reading
from projects.services.lists.keyset import Key, Position, read_token, write_token
from projects.services.lists.sorts import moment_of

CURRENCY = re.compile(r"[A-Z]{3}|\?", re.ASCII)
DEFAULT = "-activity"
# Behind (or before) the point: more than any column holds, fewer than PostgreSQL refuses.
MOST_DIGITS = 400


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of the table; `right` is what a person has to be allowed to see, empty for everybody."""

    name: str
    label: Any
    right: str = ""


COLUMNS = (
    Column("price", gettext_lazy("Price"), "prices"),
    Column("cost", gettext_lazy("Cost"), "costs"),
    Column("payback_years", gettext_lazy("Payback"), "prices"),
    Column("npv", gettext_lazy("NPV"), "prices"),
    Column("irr", gettext_lazy("IRR"), "prices"),
    Column("roi", gettext_lazy("ROI"), "prices"),
    Column("kw_stc", gettext_lazy("Size")),
    Column("output_annual_kwh", gettext_lazy("kWh a year")),
)
RIGHTS = {column.name: column.right for column in COLUMNS}
SORTED_BY = {"activity": "modified", **{column.name: column.name for column in COLUMNS}}
RANGES = {
    "price": gettext_lazy("Price"),
    "payback_years": gettext_lazy("Payback in years"),
    "output_annual_kwh": gettext_lazy("kWh a year"),
}
PARAMETERS = ("q", "sold", "currency", *(f"{name}_{end}" for name in RANGES for end in ("from", "to")), "sort", "page")
Ranges = dict[str, tuple[Decimal | None, Decimal | None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters, order and position; `read` and `query` are each other's inverse."""

    q: str = ""
    sold: str = ""
    currency: str = ""
    ranges: Ranges = field(default_factory=dict)
    sort: str = DEFAULT
    position: Position | None = None
    hints: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """The words of the search, in lower case."""
        return self.q.lower().split()[: reading.MOST_WORDS]

    @property
    def narrows(self) -> bool:
        """Whether any filter is set."""
        return bool(self.q or self.sold or self.currency or self.ranges)

    def value_of(self, name: str, end: int) -> str:
        """One end of a range as it was typed; empty where none is set."""
        value = self.ranges.get(name, (None, None))[end]
        return "" if value is None else str(value)

    def query(self, **changes: Any) -> str:
        """The address' query with these changes; from the first page on unless a position is given."""
        other = replace(self, **{"position": None, **changes})
        values = {"q": other.q, "sold": other.sold, "currency": other.currency}
        for name in RANGES:
            values |= {f"{name}_from": other.value_of(name, 0), f"{name}_to": other.value_of(name, 1)}
        values["sort"] = "" if other.sort == DEFAULT else other.sort
        values["page"] = write_token(other.sort, other.position) if other.position else ""
        return "?" + urlencode({name: value for name, value in values.items() if value})


def read(params: Mapping[str, str], access: Access) -> Asked:
    """What the address asks for, as far as it makes sense and the person may see what it narrows or sorts by."""
    hints: list[str] = []
    reading.say_unknown(params, PARAMETERS, hints)
    may = {"prices": access.sees_prices, "costs": access.sees_costs, "": True}
    sort = params.get("sort", "") or DEFAULT
    name = sort.removeprefix("-")
    if name not in SORTED_BY or not may[RIGHTS.get(name, "")]:
        hints.append(_("The list cannot be sorted by “%(value)s”.") % reading.shown("", sort))
        sort = DEFAULT
    currency = params.get("currency", "")
    if currency and not CURRENCY.fullmatch(currency):
        hints.append(_("There is no currency “%(value)s”; that filter was left out.") % reading.shown("", currency))
        currency = ""
    return Asked(
        q=reading.search(params.get("q", ""), hints),
        sold=reading.one_of(params.get("sold", ""), ("yes", "no"), _("state"), hints),
        currency=currency,
        ranges=_ranges(params, may, hints),
        sort=sort,
        position=_position(params.get("page", ""), sort, hints),
        hints=tuple(hints),
    )


def _ranges(params: Mapping[str, str], may: Mapping[str, bool], hints: list[str]) -> Ranges:
    found: Ranges = {}
    for name, label in RANGES.items():
        ends = [reading.amount(params.get(f"{name}_{end}", ""), str(label), hints) for end in ("from", "to")]
        if any(end is not None for end in ends) and may[RIGHTS[name]]:
            found[name] = (ends[0], ends[1])
    return found


def _position(value: str, sort: str, hints: list[str]) -> Position | None:
    if not value:
        return None
    try:
        return read_token(value, sort, moment_of if sort.lstrip("-") == "activity" else _figure)
    except (ValueError, InvalidOperation):
        hints.append(_("That page is not there; this is the first one."))
        return None


def _figure(value: object) -> Key:
    """As text: the column it is compared with reads it."""
    number = Decimal(str(value))
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        raise ValueError("no figure")
    return str(value)
