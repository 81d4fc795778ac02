"""What a system is made of, read from the lists that OpenSolar sends: nothing in them is taken for granted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from portal.templatetags.numbers import BEYOND_SENSE, degrees
from projects.models import System

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Component:
    """A module, inverter, battery or other part; `entry` is all that OpenSolar said of it."""

    quantity: Decimal | None
    maker: str
    code: str
    entry: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """ "LG LG345"; empty for a part without maker and code."""
        return f"{self.maker} {self.code}".strip()

    @property
    def line(self) -> str:
        """ "18 × LG LG345"."""
        return " ".join(part for part in ("" if self.quantity is None else f"{self.quantity} ×", self.name) if part)


@dataclass(frozen=True, slots=True)
class Adder:
    """An extra on the price; `value` is the customer's (a price), `cost` the company's (a cost)."""

    quantity: Decimal | None
    label: str
    value: Decimal | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class PanelGroup:
    """Panels that look the same way; azimuth and slope in degrees."""

    quantity: Decimal | None
    azimuth: Decimal | None
    slope: Decimal | None
    layout: str


@dataclass(frozen=True, slots=True)
class Incentive:
    """Money from a programme; `value` belongs to the price."""

    title: str
    value: Decimal | None
    to_customer: bool


def components(entries: Any) -> list[Component]:
    """Parts with a name or code, as listed."""
    return _each(entries, lambda e: Component(number(e, "quantity"), text(e, "manufacturer_name"), text(e, "code"), e))


def adders(entries: Any, *, prices: bool, costs: bool) -> list[Adder]:
    """Extras; values and costs are left out here for people who may not see them."""

    def read(entry: dict[str, Any]) -> Adder:
        value = number(entry, "total_value") if prices else None
        cost = number(entry, "total_cost") if costs else None
        return Adder(number(entry, "quantity"), text(entry, "label"), value, cost)

    return _each(entries, read)


def panel_groups(entries: Any) -> list[PanelGroup]:
    """Where the panels look."""

    def read(entry: dict[str, Any]) -> PanelGroup:
        quantity, azimuth = number(entry, "module_quantity"), number(entry, "azimuth")
        return PanelGroup(quantity, azimuth, number(entry, "slope"), text(entry, "layout"))

    return _each(entries, read)


def incentives(entries: Any, *, prices: bool) -> list[Incentive]:
    """Incentives; their values only for people who see prices."""

    def read(entry: dict[str, Any]) -> Incentive:
        value = number(entry, "value") if prices else None
        return Incentive(text(entry, "title"), value, entry.get("paid_to_customer") is True)

    return _each(entries, read)


def group_line(group: PanelGroup) -> str:
    """ "18 panels to 277°, 20° steep, portrait"; what is unknown is left out."""
    words = []
    if group.quantity is not None:
        words.append(_("%(count)s panels") % {"count": group.quantity})
    if group.azimuth is not None:
        words.append(_("to %(azimuth)s") % {"azimuth": degrees(group.azimuth)})
    if group.slope is not None:
        words.append(_("%(slope)s steep") % {"slope": degrees(group.slope)})
    return ", ".join([*words, *([group.layout] if group.layout else [])])


def panels_line(system: System) -> str:
    """ "18 × LG345" for a list; with several kinds "+ 1" behind it, without any kind the bare number."""
    kinds = components(system.modules)
    if not kinds:
        return "" if system.module_quantity is None else f"{system.module_quantity} ×"
    first, rest = kinds[0], len(kinds) - 1
    count = first.quantity if first.quantity is not None else system.module_quantity
    line = f"{count} × {first.code or first.maker}" if count is not None else first.code or first.maker
    return f"{line} + {rest}" if rest else line


def text(entry: dict[str, Any], key: str) -> str:
    """A text; empty for what is missing or no text."""
    value = entry.get(key)
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def number(entry: dict[str, Any], key: str) -> Decimal | None:
    """A figure, also one sent as text; None for anything that is none or is beyond all sense."""
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        figure = Decimal(str(value).strip())
    except ArithmeticError:
        return None
    return figure.normalize() + 0 if figure.is_finite() and -BEYOND_SENSE < figure < BEYOND_SENSE else None


def _each(entries: Any, read: Callable[[dict[str, Any]], P]) -> list[P]:
    return [read(entry) for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
