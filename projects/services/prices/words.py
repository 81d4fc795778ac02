"""What edits of prices and components are called, and their values, on the pages about edits and in the history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Delivery, Verb
from portal.registry import DeliveryWords
from portal.vendors.opensolar.price_fields import ROOF_ADDERS
from projects.services.decoded import said, words_of
from projects.services.prices.book import PAYMENT_TYPES
from projects.services.prices.costing_figures import NAMES, UNITS
from projects.services.prices.parts import PARTS, record_of
from projects.services.roofs import roof_name

LABELS: dict[str, Any] = {
    "title": gettext_lazy("Title"),
    "configuration_json": gettext_lazy("Settings"),
    "name": gettext_lazy("Name"),
    "description": gettext_lazy("Description"),
    "data.description": gettext_lazy("Description"),
    "data.show_customer": gettext_lazy("Shown to the customer"),
    "is_archived": gettext_lazy("Archived"),
    "is_default": gettext_lazy("Used by default"),
    "auto_apply_enabled": gettext_lazy("Applied automatically"),
    "pricing_formula": gettext_lazy("Formula"),
    "payment_type": gettext_lazy("Kind of payment"),
    "integration_external_reference": gettext_lazy("Reference at the financier"),
    "use_highest_standard_system_price": gettext_lazy("Uses the highest standard price"),
    "auto_discount": gettext_lazy("Automatic discount"),
    "_sku": gettext_lazy("SKU"),
    "manufacturer_name": gettext_lazy("Manufacturer"),
    "module": gettext_lazy("Module at OpenSolar"),
    "inverter": gettext_lazy("Inverter at OpenSolar"),
    "battery": gettext_lazy("Battery at OpenSolar"),
    "additional_parts_warranty": gettext_lazy("Warranty of additional parts"),
    "steep_pitch_1_slope": gettext_lazy("Steep from"),
    "steep_pitch_2_slope": gettext_lazy("Very steep from"),
}
# As forms name the items of a costing; on its page a steep roof is named by the slope that it begins at.
ITEMS: dict[str, Any] = {
    **NAMES,
    "steep_pitch_1": gettext_lazy("Steep roof"),
    "steep_pitch_2": gettext_lazy("Very steep roof"),
}


def item_of(name: str) -> tuple[str, str]:
    """What a costing's figure counts, and by which unit ("", where it is no such figure)."""
    for unit in UNITS:
        if name.endswith(f"_per_{unit}"):
            return name.removesuffix(f"_per_{unit}").removesuffix("_cost"), unit
    return name, ""


def label_of(resource: str, name: str) -> str:
    """A field as the pages call it."""
    if name in LABELS:
        return str(LABELS[name])
    if name in ROOF_ADDERS:
        return _("Roof type of adder %(number)s") % {"number": ROOF_ADDERS.index(name) + 1}
    item, unit = item_of(name)
    if resource == "costings" and unit:
        return f"{ITEMS.get(item) or words_of(item)} {UNITS[unit]}"
    return str(ITEMS.get(name) or words_of(name.rpartition(".")[2]))


def value_of(name: str, value: Any) -> str:
    """A value in words; empty for nothing."""
    if value in (None, ""):
        return ""
    if name in ROOF_ADDERS:
        return roof_name(value) or str(value)
    if name == "payment_type":
        return str(PAYMENT_TYPES.get(value, value))
    if name in ("module", "inverter", "battery"):
        return _("number %(number)s") % {"number": value}
    return said(name, value) if not isinstance(value, str) else value


def words_for(resource: str) -> DeliveryWords:
    """How the pages about edits read those of one list."""
    return DeliveryWords(
        _labels(resource),
        lambda delivery: value_of,
        _correct,
        _page,
        for_administrators=True,
        shows_money=not PARTS[resource].is_single,
    )


def _labels(resource: str) -> Callable[[str], str]:
    return lambda name: label_of(resource, name)


def _correct(delivery: Delivery) -> str:
    part = PARTS[delivery.resource]
    if delivery.verb == Verb.CREATE:
        url = part.url("new")
        return f"{url}{'&' if '?' in url else '?'}from={delivery.pk}"
    record = record_of(delivery) if delivery.verb == Verb.CHANGE else None
    return f"{part.url('edit', record)}?from={delivery.pk}" if record else ""


def _page(delivery: Delivery) -> str:
    record = record_of(delivery)
    return PARTS[delivery.resource].url("", record) if record else ""
