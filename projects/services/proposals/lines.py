"""Lines of a proposal's price and its payment options, what a person may not see left out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.access import Access
from portal.vendors.opensolar.displayed import figure
from projects.services.vendor_facts import facts, label_of, shown

NAMES = ("label", "title", "name", "description", "display", "code")
PRICES = ("total_value", "total_price", "price", "total", "amount", "value")
COSTS = ("total_cost", "cost")
QUANTITIES = ("quantity", "qty", "count")
MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the price; `cost` only by right."""

    label: str
    quantity: str
    price: Decimal | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class PaymentOption:
    """A way to pay; `facts` are all plain values that OpenSolar sends of it."""

    title: str
    kind: str
    facts: list[tuple[str, str]]
    is_sold: bool


def lines_of(access: Access, data: dict[str, Any]) -> list[Line]:
    """The line items; none without the right to prices."""
    entries = data.get("line_items")
    if not access.sees_prices or not isinstance(entries, list):
        return []
    return [_line(entry, access.sees_costs) for entry in entries[:MOST] if isinstance(entry, dict)]


def pricing_of(access: Access, data: dict[str, Any]) -> list[tuple[str, str]]:
    """What `pricing` says, costs by right; nothing without the right to prices."""
    return facts(data.get("pricing"), costs=access.sees_costs) if access.sees_prices else []


def payment_options_of(access: Access, data: dict[str, Any], sold: int | None) -> list[PaymentOption]:
    """The ways to pay; none without the right to prices."""
    entries = data.get("payment_options")
    if not access.sees_prices or not isinstance(entries, list):
        return []
    apart = frozenset({"title", "name", "payment_type", "description"})
    return [
        PaymentOption(
            title=first_text(entry, NAMES) or label_of(str(entry.get("payment_type") or "")),
            kind=label_of(str(entry.get("payment_type") or "")),
            facts=facts(entry, costs=access.sees_costs, without=apart),
            is_sold=sold is not None and entry.get("id") == sold,
        )
        for entry in entries[:MOST]
        if isinstance(entry, dict)
    ]


def first_text(entry: dict[str, Any], keys: tuple[str, ...] = NAMES) -> str:
    """The first of these keys that holds a text."""
    found = (value for key in keys if isinstance(value := entry.get(key), str) and value.strip())
    return next(found, "").strip()[:300]


def _line(entry: dict[str, Any], costs: bool) -> Line:
    return Line(
        label=first_text(entry),
        quantity=next((text for key in QUANTITIES if (text := shown(entry.get(key)))), ""),
        price=_amount(entry, PRICES),
        cost=_amount(entry, COSTS) if costs else None,
    )


def _amount(entry: dict[str, Any], keys: tuple[str, ...]) -> Decimal | None:
    return next((found for key in keys if (found := figure(entry.get(key))) is not None), None)
