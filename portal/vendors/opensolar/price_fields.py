"""Which fields of prices, components and the organisation may be written: those that document 000's samples show.

A plain value is text, a number, true or false, or the number of a public component or roof type. What OpenSolar keeps
as JSON inside a string is named by the way to it ("configuration_json.tax_percentage_included"); of such a text only
the keys that a sample names are written, every other one goes back as it was read.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.lib.errors import PermanentError
from portal.vendors.opensolar.values import id_of
from portal.vendors.opensolar.writable import Form, Plain

CONFIGURATION, SHEET = "configuration_json", "data"
FORMULAS = (
    *("Markup Percentage", "Price Per Watt", "Price Per Watt By Size", "Fixed Price"),
    "Price Per Module/Inverter/Battery",
)
PAYMENT_TYPES = ("cash", "loan", "loan_advanced", "ppa", "regular_payment", "lease")
UNITS = ("system", "panel", "watt")
COST_ITEMS = (
    *("supplier_shipping", "racking", "bos", "job_site_shipping_and_warehousing", "labor", "allocation_of_lead_gen"),
    *("allocation_of_salary", "commission", "project_management", "design_drawings", "permit_costs", "other_costs"),
    "presale_software_and_design",
)
COST_CONDITIONS = (
    *(f"roof_type_adder_{number}" for number in range(1, 6)),
    *("storeys_two", "storeys_three_plus", "steep_pitch_1", "steep_pitch_2", "split_array_layout", "tilt_rack"),
)
ROOF_ADDERS = tuple(f"roof_type_adder_{number}_roof_type" for number in range(1, 6))
# The settings that document 000 shows, by the formula and the kind of payment of its samples.
SCHEME_SETTINGS = {
    FORMULAS[-1]: ("price_per_module", "price_per_inverter", "price_per_battery", "tax_percentage_included")
}
PAYMENT_SETTINGS = {
    "loan_advanced": (
        *("collect_signature", "final_payment_frequency", "final_term", "final_interest_rate"),
        *("final_dealer_fee_percentage", "final_dealer_fee_fixed", "down_payment_percentage", "down_payment_min"),
        *("down_payment_max", "delayed_down_payment_duration", "down_payment_interest_rate"),
        *("down_payment_dealer_fee_percentage", "down_payment_dealer_fee_fixed"),
    )
}
_UNREADABLE = "OpenSolar's settings inside this record cannot be read, so nothing can be changed in them."


@dataclass(frozen=True, slots=True)
class Slot:
    """How one value is read and written. `inside` is the key whose JSON text holds it, `also` one whose text repeats
    it; `path` is where a reference's address leads. `at_first`: only a new record is told it."""

    form: Form = Form.TEXT
    inside: str = ""
    also: str = ""
    path: str = ""
    at_first: bool = False


Slots = Mapping[str, Slot]
TEXT, NUMBER, WHOLE, SWITCH = Slot(), Slot(Form.NUMBER), Slot(Form.WHOLE), Slot(Form.YES_NO)
_TEXTS_INSIDE = {"final_payment_frequency": Form.TEXT, "collect_signature": Form.YES_NO}


def _inside(settings: Mapping[str, tuple[str, ...]]) -> dict[str, Slot]:
    keys = [key for keys in settings.values() for key in keys]
    return {f"{CONFIGURATION}.{key}": Slot(_TEXTS_INSIDE.get(key, Form.NUMBER), inside=CONFIGURATION) for key in keys}


def _component(kind: str, **own: Slot) -> Slots:
    public = Slot(Form.REFERENCE, path=f"/api/component_{kind}/{{number}}/", at_first=True)
    first: dict[str, Slot] = {_SINGULAR[kind]: public} if kind in _SINGULAR else {}
    money = {"cost": NUMBER, "price_adjustment": NUMBER, "quantity": NUMBER}
    return {**first, **own, **money, "_sku": TEXT, "is_archived": SWITCH, "product_warranty": WHOLE}


_SINGULAR = {"modules": "module", "inverters": "inverter", "batteries": "battery"}
_NAMED = Slot(also=SHEET)
_APPLIED: Slots = {"title": TEXT, "priority": WHOLE, "is_archived": SWITCH, "auto_apply_enabled": SWITCH}
FIELDS: Mapping[str, Slots] = {
    # The document shows no body of an organisation; of what it shows of one, the name is what a person gives it.
    "org": {"name": TEXT},
    "pricing_schemes": {**_APPLIED, "pricing_formula": TEXT, **_inside(SCHEME_SETTINGS)},
    "payment_options": {
        **_APPLIED,
        "payment_type": TEXT,
        "description": TEXT,
        "use_highest_standard_system_price": SWITCH,
        "auto_discount": SWITCH,
        "integration_external_reference": TEXT,
        "contract_template": TEXT,
        **_inside(PAYMENT_SETTINGS),
    },
    "costings": {
        "title": TEXT,
        "description": TEXT,
        "priority": SWITCH,
        **{f"{item}_per_{unit}": NUMBER for item in COST_ITEMS for unit in UNITS},
        "commission_percentage_of_cogs_and_labor": NUMBER,
        **{name: Slot(Form.REFERENCE, path="/api/roof_types/{number}/") for name in ROOF_ADDERS},
        "steep_pitch_1_slope": NUMBER,
        "steep_pitch_2_slope": NUMBER,
        **{f"{item}_cost_per_{unit}": NUMBER for item in COST_CONDITIONS for unit in UNITS},
    },
    "component_module_activations": {
        **_component("modules", is_default=SWITCH),
        "performance_warranty": WHOLE,
    },
    "component_inverter_activations": {
        **_component("inverters", is_default=SWITCH),
        "additional_parts_warranty": WHOLE,
    },
    "component_battery_activations": _component("batteries"),
    "component_other_activations": {
        **_component("others", manufacturer_name=_NAMED, code=_NAMED),
        "data.description": Slot(inside=SHEET),
        "data.show_customer": Slot(Form.YES_NO, inside=SHEET),
    },
}


def plain(slots: Slots, record: Mapping[str, Any]) -> Plain:
    """The writable values that a record holds, read leniently; a text that is no JSON object holds none."""
    inner = {key: _object_in(record.get(key)) or {} for key in {slot.inside for slot in slots.values()} if key}
    found: Plain = {}
    for name, slot in slots.items():
        holder, key = (inner[slot.inside], name.partition(".")[2]) if slot.inside else (record, name)
        if key in holder:
            found[name] = _read(holder[key], slot.form)
    return found


def body(slots: Slots, values: Mapping[str, Any], record: Mapping[str, Any], begin: Callable[[], str]) -> Plain:
    """Plain values in the form of the samples, beside the other keys of the texts in `record` that they lie in.

    `begin` tells what stands before `/api/` in a reference.

    KeyError for a field that may not be written; PermanentError where such a text cannot be read.
    """
    found: Plain = {}
    inner: dict[str, Plain] = {}
    for name, value in values.items():
        slot = slots[name]
        if slot.inside:
            inner.setdefault(slot.inside, {})[name.partition(".")[2]] = value
            continue
        found[name] = begin() + slot.path.format(number=int(value)) if slot.path and value is not None else value
        if slot.also and (record.get(slot.also) or not record):
            inner.setdefault(slot.also, {})[name] = value
    return {**found, **{key: _merged(record.get(key), changed) for key, changed in inner.items()}}


def _merged(held: Any, changed: Plain) -> Any:
    """The object with these keys in it, as text where it came as text (or did not come)."""
    if isinstance(held, dict):
        return {**held, **changed}
    there = {} if held in (None, "", "null") else _object_in(held)
    if there is None:
        raise PermanentError(_UNREADABLE)
    return json.dumps({**there, **changed}, ensure_ascii=False)


def _object_in(value: Any) -> Plain | None:
    """As it stands, nothing left out: it may be sent back."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _read(value: Any, form: Form) -> Any:
    if form is Form.REFERENCE:
        return id_of(value)
    if form is Form.TEXT:
        return "" if value is None else str(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if form is Form.YES_NO:
        return value not in (False, 0, "0", "false", "False")
    try:
        number = float(value)
    except (TypeError, ValueError):
        # It differs from everything, and a person sees it.
        return value
    return int(number) if number.is_integer() else number
