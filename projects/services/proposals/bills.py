"""Bills before and after, read from `bills`, whose keys no document names."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.vendors.opensolar.displayed import figure, figures

BEFORE = ("current", "before", "existing", "bills_current", "current_bill")
AFTER = ("proposed", "after", "new", "bills_proposed", "proposed_bill")
YEAR = ("annual", "yearly", "total", "total_annual", "first_year", "sum")
MONTHS = ("monthly", "months", "by_month")


@dataclass(frozen=True, slots=True)
class Bill:
    """A year's bill and its twelve months; unknown is None or empty."""

    year: Decimal | None = None
    months: list[float | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bills:
    """Both sides; `saved` where both years are known."""

    before: Bill
    after: Bill

    @property
    def saved(self) -> Decimal | None:
        """Money a year; negative where it costs more."""
        if self.before.year is None or self.after.year is None:
            return None
        return self.before.year - self.after.year


def bills_of(data: dict[str, Any]) -> Bills | None:
    """None where neither side can be told."""
    bills = data.get("bills")
    if not isinstance(bills, dict):
        return None
    before, after = _bill(_first(bills, BEFORE)), _bill(_first(bills, AFTER))
    return None if before == after == Bill() else Bills(before, after)


def _bill(value: Any) -> Bill:
    if isinstance(value, dict):
        months = figures(_first(value, MONTHS))
        year = figure(_first(value, YEAR))
        return Bill(year if year is not None else _sum(months), months if len(months) == 12 else [])
    if isinstance(value, list):
        months = figures(value)
        return Bill(_sum(months), months) if len(months) == 12 else Bill()
    return Bill(figure(value))


def _sum(months: list[float | None]) -> Decimal | None:
    known = [month for month in months if month is not None]
    return round(Decimal(str(sum(known))), 2) if len(known) == len(months) == 12 else None


def _first(entry: dict[str, Any], keys: tuple[str, ...]) -> Any:
    return next((entry[key] for key in keys if entry.get(key) is not None), None)
