"""The systems of a project side by side: a row for each fact, a column for each system, differences told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.access import Access
from portal.templatetags.numbers import MINUS, SPACE, figure, kw, money, percent
from projects.models import Project, System
from projects.services.parts import Component, PanelGroup, group_line
from projects.services.story.system_options import SystemOption

CENT = Decimal("0.01")
FINE = 1000  # from here on, figures are shown without decimals


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cell; `azimuth` (degrees) draws the needle beside a group of panels."""

    text: str
    note: str = ""
    azimuth: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What one system says to a row; `difference` is told for figures, `differs` for all."""

    lines: tuple[Line, ...] = ()
    value: Decimal | None = None
    differs: bool = False
    difference: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A fact of all systems; `main` ones stand out, `unsaid` is why a cell is empty."""

    label: str
    cells: list[Cell]
    unsaid: str
    main: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that belong together."""

    label: str
    rows: list[Row]


def comparison_of(
    access: Access, project: Project, options: Sequence[SystemOption], payment_option: int | None = None
) -> list[Block]:
    """Size and yield, parts, money; rows that no system says anything to are left out, so is money without the right.

    `payment_option` is the number of the one that was sold.
    """
    if not options:
        return []
    blocks = (
        Block(_("Size and yield"), _sizes(options)),
        Block(_("Parts"), _parts(options)),
        Block(_("Money"), _money(access, project, options, payment_option)),
    )
    told = (replace(block, rows=[row for row in block.rows if row.main or _says(row)]) for block in blocks)
    return [block for block in told if block.rows]


def _says(row: Row) -> bool:
    return any(cell.lines for cell in row.cells)


def _sizes(options: Sequence[SystemOption]) -> list[Row]:
    def a_kw(system: System) -> Decimal | None:
        output, size = _decimal(system.output_annual_kwh), system.kw_stc
        return output / size if output is not None and size else None

    return [
        _figures(_("Size"), options, lambda s: s.kw_stc, lambda v: kw(v, 2), main=True),
        _figures(_("Panels"), options, lambda s: _decimal(s.module_quantity), figure, main=True),
        _figures(_("kWh a year"), options, lambda s: _decimal(s.output_annual_kwh), _kwh, main=True),
        _figures(_("kWh per kW"), options, a_kw, lambda v: f"{figure(v)}{SPACE}kWh/kW"),
        _figures(_("Usage covered"), options, lambda s: _decimal(s.consumption_offset_percentage), percent),
        _figures(_("CO₂ saved"), options, lambda s: _decimal(s.co2_tons_lifetime), lambda v: f"{figure(v, 1)}{SPACE}t"),
    ]


def _parts(options: Sequence[SystemOption]) -> list[Row]:
    def listed(label: str, lines: Callable[[SystemOption], Iterable[Line]]) -> Row:
        return _row(label, [Cell(tuple(lines(option))) for option in options], _("none"))

    def of(kind: str) -> Callable[[SystemOption], Iterable[Line]]:
        return lambda option: _components(option.of_kind(kind))

    def stored(option: SystemOption) -> Iterable[Line]:
        capacity = option.system.battery_total_kwh
        yield from _components(option.of_kind("batteries"))
        if capacity:
            yield Line(f"{figure(capacity, 1)}{SPACE}kWh")

    return [
        listed(_("Modules"), of("modules")),
        listed(_("Inverters"), of("inverters")),
        listed(_("Batteries"), stored),
        listed(_("Other parts"), of("others")),
        listed(_("Panel groups"), lambda option: map(_group, option.groups)),
    ]


def _money(access: Access, project: Project, options: Sequence[SystemOption], payment_option: int | None) -> list[Row]:
    country = project.country_iso2

    def sums(label: str, value: Callable[[System], Decimal | None], *, main: bool = False) -> Row:
        return _figures(label, options, value, lambda v: money(v, country), main=main)

    def a_watt(system: System) -> Decimal | None:
        price, size = system.price_including_tax, system.kw_stc
        return (price / size / 1000).quantize(CENT) if price is not None and size else None

    def sold_by(option: SystemOption) -> tuple[Line, ...]:
        known = option.is_sold and payment_option is not None
        return (Line(_("OpenSolar payment option %(number)s") % {"number": payment_option}),) if known else ()

    rows = []
    if access.sees_prices:
        rows += [
            sums(_("Price incl. tax"), lambda s: s.price_including_tax, main=True),
            sums(_("Price per watt"), a_watt),
            sums(_("Price excl. tax"), lambda s: s.price_excluding_tax),
            sums(_("Discount"), lambda s: s.discount or None),
        ]
    extras = [Cell(tuple(_extras(option, country))) for option in options]
    rows.append(_row(_("Extras"), extras, _("none")))
    incentives = [Cell(tuple(_incentives(option, country))) for option in options]
    rows.append(_row(_("Incentives"), incentives, _("none")))
    if access.sees_prices:
        # Who paid how is no difference between designs.
        rows.append(Row(_("Sold with"), [Cell(sold_by(option)) for option in options], _("not sold")))
    if access.sees_costs:
        rows.append(sums(_("Net profit"), lambda s: s.net_profit))
    return rows


def _components(parts: Iterable[Component]) -> Iterable[Line]:
    return (Line(part.line) for part in parts if part.line)


def _group(group: PanelGroup) -> Line:
    return Line(group_line(group), azimuth=group.azimuth)


def _extras(option: SystemOption, country: str) -> Iterable[Line]:
    """Labels for everybody; the customer's value and our cost where they were not left out for want of a right."""
    for adder in option.adders:
        line = " ".join(part for part in ("" if adder.quantity is None else f"{adder.quantity} ×", adder.label) if part)
        value = "" if adder.value is None else money(adder.value, country)
        cost = "" if adder.cost is None else _("our cost %(cost)s") % {"cost": money(adder.cost, country)}
        yield Line(f"{line} {value}".strip(), cost)


def _incentives(option: SystemOption, country: str) -> Iterable[Line]:
    for incentive in option.incentives:
        value = "" if incentive.value is None else money(incentive.value, country)
        yield Line(f"{incentive.title} {value}".strip(), _("paid to the customer") if incentive.to_customer else "")


def _figures(
    label: str,
    options: Sequence[SystemOption],
    value: Callable[[System], Decimal | None],
    words: Callable[[Decimal | int], str],
    *,
    main: bool = False,
) -> Row:
    cells = [_figure(value(option.system), words) for option in options]
    first = cells[0].value
    told = [replace(cell, difference=_difference(first, cell.value, words)) for cell in cells]
    return _row(label, told, _("OpenSolar did not say"), main=main, number=True)


def _figure(value: Decimal | None, words: Callable[[Decimal | int], str]) -> Cell:
    return Cell() if value is None else Cell((Line(str(words(value))),), value)


def _difference(first: Decimal | None, value: Decimal | None, words: Callable[[Decimal | int], str]) -> str:
    """ "+1.20 kW" against the first system, no finer than what it stands beside; nothing where that looks the same."""
    if first is None or value is None or str(words(first)) == str(words(value)):
        return ""
    sign = "+" if value > first else MINUS
    difference = abs(value - first)
    return f"{sign}{words(round(difference) if min(abs(first), abs(value)) >= FINE else difference)}"


def _row(label: str, cells: list[Cell], unsaid: str, *, main: bool = False, number: bool = False) -> Row:
    first = cells[0].lines
    return Row(label, [replace(cell, differs=cell.lines != first) for cell in cells], unsaid, main, number)


def _kwh(value: Decimal | int) -> str:
    return f"{figure(value)}{SPACE}kWh"


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
