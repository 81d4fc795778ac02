"""Data sheet values of components, from the catalogue and as far as OpenSolar sends them with a system.

The keys are those of its component activations (document 000): beside the part's code or under its `data`, which can be
JSON text. Units are the reference's; a value whose unit it does not give stands bare. Other keys are not guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.templatetags.numbers import SPACE, figure
from projects.services.parts import Component, number, text
from projects.services.story.system_options import SystemOption

KEYS: dict[str, tuple[tuple[str, Any, str], ...]] = {
    "modules": (
        ("kw_stc", gettext_lazy("Power"), "kW"),
        ("technology", gettext_lazy("Technology"), ""),
        ("height", gettext_lazy("Height"), "m"),
        ("width", gettext_lazy("Width"), "m"),
        ("voc", gettext_lazy("Open-circuit voltage"), "V"),
        ("isc", gettext_lazy("Short-circuit current"), "A"),
        ("max_power_voltage", gettext_lazy("Voltage at full power"), "V"),
        ("imp", gettext_lazy("Current at full power"), "A"),
        ("cells_in_series", gettext_lazy("Cells in series"), ""),
        ("product_warranty", gettext_lazy("Product warranty"), ""),
        ("performance_warranty", gettext_lazy("Performance warranty"), ""),
    ),
    "inverters": (
        ("max_power_rating", gettext_lazy("Power"), "kW"),
        ("efficiency", gettext_lazy("Efficiency"), "%"),
        ("mppt_quantity", gettext_lazy("MPP trackers"), ""),
        ("microinverter", gettext_lazy("Microinverter"), ""),
        ("voltage_minimum", gettext_lazy("Lowest voltage"), "V"),
        ("voltage_nominal", gettext_lazy("Nominal voltage"), "V"),
        ("voltage_max", gettext_lazy("Highest voltage"), "V"),
        ("product_warranty", gettext_lazy("Product warranty"), ""),
    ),
    "batteries": (
        ("kwh_optimal", gettext_lazy("Capacity"), "kWh"),
        ("power_max_continuous", gettext_lazy("Continuous power"), ""),
        ("voltage", gettext_lazy("Voltage"), "V"),
        ("efficiency_factor", gettext_lazy("Efficiency factor"), ""),
        ("depth_of_discharge_factor", gettext_lazy("Depth of discharge factor"), ""),
        ("end_of_life_capacity", gettext_lazy("End-of-life capacity"), ""),
        ("product_warranty", gettext_lazy("Product warranty"), ""),
    ),
    "others": (
        ("description", gettext_lazy("Description"), ""),
        ("product_warranty", gettext_lazy("Product warranty"), ""),
    ),
}
KINDS = {
    "modules": gettext_lazy("Panel"),
    "inverters": gettext_lazy("Inverter"),
    "batteries": gettext_lazy("Battery"),
    "others": gettext_lazy("Other part"),
}
MOST_NAMES = 2
YES_NO = {"Y": gettext_lazy("yes"), "N": gettext_lazy("no")}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A component once, wherever it is used: `uses` says how many in which systems, `values` its data sheet."""

    kind: str
    name: str
    uses: list[str]
    values: list[tuple[str, str]]


def sheets_of(options: Sequence[SystemOption], known: Mapping[tuple[str, str, str], dict[str, Any]]) -> list[Sheet]:
    """Every component of these systems, each once, in the order of kinds and systems.

    `known` is what the catalogue says of a part, by kind, maker and code; what came with the system goes before.
    """
    found: dict[tuple[str, str, str], tuple[Component, dict[str, list[str]]]] = {}
    for kind in KEYS:
        for option in options:
            for part in option.of_kind(kind):
                _first, uses = found.setdefault((kind, part.maker, part.code), (part, {}))
                uses.setdefault("" if part.quantity is None else f"{part.quantity} ×", []).append(option.name)
    return [
        Sheet(
            str(KINDS[key[0]]),
            part.name,
            _uses(uses, len(options)),
            values_of(key[0], replace(part, entry={**known.get(key, {}), **part.entry})),
        )
        for key, (part, uses) in found.items()
        if part.name
    ]


def values_of(kind: str, part: Component) -> list[tuple[str, str]]:
    """The documented values of one part, with their units."""
    inner = part.entry.get("data")
    entry = {**(_decoded(inner) if isinstance(inner, str) else inner if isinstance(inner, dict) else {}), **part.entry}
    values = ((label, _said(entry, key, unit)) for key, label, unit in KEYS[kind])
    return [(str(label), said) for label, said in values if said]


def _uses(uses: dict[str, list[str]], systems: int) -> list[str]:
    """ "18 × in Both sides, East", "18 × in every system"; of a single system only the number."""
    if systems == 1:
        return [quantity for quantity in uses if quantity]
    return [f"{quantity} {_where(names, systems)}".strip() for quantity, names in uses.items()]


def _where(names: list[str], systems: int) -> str:
    if len(names) >= systems:
        return _("in every system")
    if len(names) > MOST_NAMES:
        return _("in %(count)s systems") % {"count": len(names)}
    return _("in %(names)s") % {"names": ", ".join(names)}


def _said(entry: dict[str, Any], key: str, unit: str) -> str:
    value = number(entry, key)
    if value is None:
        said = text(entry, key)
        return str(YES_NO.get(said, said)) if not unit else ""
    if unit == "kW" and 0 < value < 1:
        # A panel is known by its watts.
        value, unit = (value * 1000).normalize(), "W"
    exponent = value.as_tuple().exponent
    places = min(3, max(0, -exponent)) if isinstance(exponent, int) else 0
    return f"{figure(value, places)}{SPACE}{unit}" if unit else str(figure(value, places))


def _decoded(inner: str) -> dict[str, Any]:
    try:
        found = orjson.loads(inner)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
