"""A costing's figures as a table: a line an item, a column for each unit it is counted by; zeros are left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import Costing
from projects.services.decoded import Line, plain, said, words_of
from projects.services.parts import number
from projects.services.roofs import roof_name

UNITS = {"system": gettext_lazy("per system"), "panel": gettext_lazy("per panel"), "watt": gettext_lazy("per watt")}
# OpenSolar's abbreviations and half words, spelt out.
NAMES = {
    "bos": gettext_lazy("Balance of system"),
    "allocation_of_lead_gen": gettext_lazy("Allocation of lead generation"),
    "commission_percentage_of_cogs_and_labor": gettext_lazy("Commission on goods sold and labor"),
    "storeys_two": gettext_lazy("Two storeys"),
    "storeys_three_plus": gettext_lazy("Three storeys and more"),
    "split_array_layout": gettext_lazy("Split array layout"),
    "tilt_rack": gettext_lazy("Tilt rack"),
}
_PER_UNIT = re.compile(r"(.+?)(?:_cost)?_per_(system|panel|watt)")
_ROOF, _STEEP = re.compile(r"roof_type_adder_(\d+)"), re.compile(r"steep_pitch_\d+")


@dataclass(frozen=True, slots=True)
class Item:
    """What something costs a system, a panel and a watt; empty where it costs nothing by that unit."""

    name: str
    amounts: list[str]


def items_of(costing: Costing) -> list[Item]:
    """The items that cost anything, in OpenSolar's order."""
    figures: Mapping[str, Any] = costing.figures or {}
    found: dict[str, dict[str, Decimal]] = {}
    for key in figures:
        match, amount = _PER_UNIT.fullmatch(key), number(figures, key)  # type: ignore[arg-type]
        if match and amount:
            found.setdefault(match[1], {})[match[2]] = amount
    return [
        Item(_name(name, costing), [plain(units[unit]) if unit in units else "" for unit in UNITS])
        for name, units in found.items()
    ]


def shares_of(costing: Costing) -> list[Line]:
    """Figures that are counted by none of the units: shares in per cent, when they are not 0."""
    figures: Mapping[str, Any] = costing.figures or {}
    others = {
        key: value for key, value in figures.items() if not _PER_UNIT.fullmatch(key) and not key.endswith("_slope")
    }
    return [Line(str(NAMES.get(key) or words_of(key)), said(key, value)) for key, value in others.items() if value]


def _name(name: str, costing: Costing) -> str:
    if roof := _ROOF.fullmatch(name):
        number_of_roof = (costing.roof_types or {}).get(roof[1])
        kind = roof_name(number_of_roof) or _("no roof type chosen")
        return _("Roof type adder %(number)s: %(roof)s") % {"number": roof[1], "roof": kind}
    if _STEEP.fullmatch(name):
        slope = (costing.figures or {}).get(f"{name}_slope")
        if slope is not None:
            return _("Steeper than %(slope)s") % {"slope": said("_slope", slope)}
    return str(NAMES.get(name) or words_of(name))
