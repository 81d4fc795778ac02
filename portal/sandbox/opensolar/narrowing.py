"""The documented filters of the price lists: which rows a question leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.sandbox.opensolar.calls import Call, not_a_number
from portal.sandbox.wire import Refusal

FORMULAS = ("Markup Percentage", "Price Per Watt", "Price Per Watt By Size", "Fixed Price")
OTHER_FORMULA = "Price Per Module/Inverter/Battery"
"""Is among the records of document 000's sample, and not among the choices of its filter."""
PAYMENT_TYPES = ("cash", "loan", "loan_advanced", "ppa", "regular_payment", "lease")
_SWITCHES = {"true": True, "false": False, "1": True, "0": False}

Read = Callable[[str, str], Any]


def _number(name: str, text: str) -> int:
    if not text.lstrip("-").isdecimal():
        raise not_a_number(name)
    return int(text)


def _switch(name: str, text: str) -> bool:
    if text.lower() not in _SWITCHES:
        raise Refusal(400, {name: ["Must be a valid boolean."]})
    return _SWITCHES[text.lower()]


def _among(choices: tuple[str, ...]) -> Read:
    def read(name: str, text: str) -> str:
        if text not in choices:
            raise Refusal(400, {name: [f"Select a valid choice. {text} is not one of the available choices."]})
        return text

    return read


FILTERS: Mapping[str, Mapping[str, Read]] = {
    "pricing_schemes": {
        "priority": _number,
        "auto_apply_enabled": _switch,
        "pricing_formula": _among((*FORMULAS, OTHER_FORMULA)),
    },
    "payment_options": {
        "priority": _number,
        "auto_apply_enabled": _switch,
        "payment_type": _among(PAYMENT_TYPES),
    },
    "costings": {"priority": _switch},
}


def narrowed_keys(call: Call, resource: str) -> list[int] | None:
    """The keys of the rows that fit all filters asked for; None where none is asked for. 400 for senseless values."""
    query = call.request.query
    wanted = {name: read(name, query[name]) for name, read in FILTERS.get(resource, {}).items() if name in query}
    if not wanted:
        return None
    shelf = call.world.shelves[resource]

    def fits(key: int) -> bool:
        record = shelf.record(key, call.request.base)
        return isinstance(record, dict) and all(record.get(name) == value for name, value in wanted.items())

    return [key for key in shelf.keys(0, len(shelf)) if fits(key)]
