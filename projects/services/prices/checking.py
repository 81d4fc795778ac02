"""What may be typed into prices and components: each value checked and made plain; OpenSolar judges the rest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.sync.writing import is_same
from portal.vendors.opensolar.price_fields import FORMULAS, PAYMENT_TYPES, ROOF_ADDERS
from portal.vendors.opensolar.writable import Form
from projects.services.edits.checking import (
    LONGEST_TEXT,
    Check,
    Errors,
    Wrong,
    checked,
    line_of,
    reference_of,
    roof_of,
    says_the_same,
    text_of,
    yes_no_of,
)
from projects.services.prices.parts import Part

LONG_TEXTS = frozenset({"description", "contract_template", "data.description"})
CHOICES = {"pricing_formula": FORMULAS, "payment_type": PAYMENT_TYPES}
# What a record cannot be without.
NEEDED = frozenset({"title", "name", "pricing_formula", "payment_type", "module", "inverter", "battery", "code"})
MOST, MOST_WHOLE = 10**12, 2**31


def price_values(part: Part, given: Mapping[str, Any], before: Mapping[str, Any], *, is_new: bool) -> dict[str, Any]:
    """The given values as plain ones; `before` are those that were seen. Raises Wrong."""
    values, errors = checked(given, {name: _check(part, name, before.get(name)) for name in part.slots})
    needed = NEEDED & part.slots.keys()
    for name in sorted(needed if is_new else needed & values.keys()):
        if values.get(name) in (None, "") and name not in errors:
            errors[name] = [_("Give this; without it there is nothing to make.") if is_new else _("This stays filled.")]
    errors |= _emptied(part, values, before)
    if errors:
        raise Wrong(errors)
    return values


def differing(part: Part, values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the plain values that are not what was seen."""
    return {name: value for name, value in values.items() if not _says_the_same(part, name, before.get(name), value)}


def _says_the_same(part: Part, name: str, before: Any, after: Any) -> bool:
    form = part.slots[name].form
    if form is Form.YES_NO:
        return bool(before) == bool(after)
    return is_same(before, after) if form is not Form.TEXT or name in LONG_TEXTS else says_the_same("", before, after)


def _emptied(part: Part, values: Mapping[str, Any], before: Mapping[str, Any]) -> Errors:
    """Numbers of a record's own are never empty at OpenSolar; settings inside a text may be."""
    own = {name for name, slot in part.slots.items() if slot.form is Form.NUMBER and not slot.inside} | {"priority"}
    emptied = [name for name in own & values.keys() if values[name] is None and before.get(name) is not None]
    return {name: [_("Give a number; 0 where there is nothing to count.")] for name in emptied}


def _check(part: Part, name: str, before: Any) -> Check:
    slot = part.slots[name]
    if name in CHOICES:
        return lambda value: _choice(value, (*CHOICES[name], before))
    if slot.form is Form.TEXT:
        return (lambda value: text_of(value, LONGEST_TEXT)) if name in LONG_TEXTS else line_of
    if slot.form is Form.REFERENCE:
        return roof_of if name in ROOF_ADDERS else _public
    return {Form.NUMBER: _number, Form.WHOLE: _whole, Form.YES_NO: yes_no_of}[slot.form]


def _public(value: Any) -> int | None:
    return None if str(value or "").strip() == "" else reference_of(value)


def _choice(value: Any, known: tuple[Any, ...]) -> str:
    text = line_of(value)
    if text and text not in known:
        raise ValueError(_("Choose one of the list."))
    return text


def _number(value: Any) -> float | int | None:
    if value is None or str(value).strip() == "":
        return None
    try:
        number = float(str(value).strip())
    except ValueError as error:
        raise ValueError(_("Give a number, such as 12.5.")) from error
    if isinstance(value, bool) or not math.isfinite(number) or abs(number) >= MOST:
        raise ValueError(_("Give a number, such as 12.5."))
    return int(number) if number.is_integer() else number


def _whole(value: Any) -> int | None:
    number = _number(value)
    if isinstance(number, float) or (number is not None and abs(number) >= MOST_WHOLE):
        raise ValueError(_("Give a whole number."))
    return number
