"""The form in which a price or component is written; what is in it is checked by projects.services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.vendors.opensolar.price_fields import CONFIGURATION, FORMULAS, PAYMENT_TYPES, ROOF_ADDERS
from portal.vendors.opensolar.writable import Form
from projects.services.decoded import PERCENTAGE, words_of
from projects.services.prices.book import PAYMENT_TYPES as PAYMENT_WORDS
from projects.services.prices.checking import LONG_TEXTS, NEEDED
from projects.services.prices.parts import Part
from projects.services.prices.words import ITEMS, item_of, label_of
from projects.services.roofs import ROOFS

LONGEST = 20_000
PUBLIC = ("module", "inverter", "battery")
HELP: dict[str, Any] = {
    "priority": gettext_lazy("OpenSolar tries the lowest number first."),
    "pricing_formula": gettext_lazy("Each formula has settings of its own; those not shown here are OpenSolar's."),
    **dict.fromkeys(
        PUBLIC,
        gettext_lazy("OpenSolar's number of the component, or its address there that ends in it."),
    ),
}

PER_CENT = gettext_lazy("Per cent.")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one item costs: its name and a field for each unit."""

    name: str
    fields: list[BoundField]


class PriceForm(forms.Form):
    """The named fields of a part, as `names` allows them."""

    def __init__(
        self, part: Part, names: Iterable[str], data: Any = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        self.part, held = part, initial or {}
        super().__init__(data, initial={name: _as_typed(value) for name, value in held.items()})
        for name in names:
            self.fields[name] = _field(part, name, held.get(name))

    @property
    def head(self) -> list[BoundField]:
        """Single values."""
        return [self[name] for name in self._own() if not self._is_switch(name) and name not in LONG_TEXTS]

    @property
    def texts(self) -> list[BoundField]:
        """Texts of several lines."""
        return [self[name] for name in self._own() if name in LONG_TEXTS]

    @property
    def switches(self) -> list[BoundField]:
        """What is on or off."""
        return [self[name] for name in self._own() if self._is_switch(name)]

    @property
    def settings(self) -> list[BoundField]:
        """What OpenSolar keeps in a text."""
        return [self[name] for name in self.fields if name.startswith(CONFIGURATION)]

    @property
    def figures(self) -> list[Figures]:
        """A costing's items, in OpenSolar's order."""
        found: dict[str, list[BoundField]] = {}
        for name in self.fields:
            item, unit = item_of(name)
            if unit:
                found.setdefault(item, []).append(self[name])
        return [Figures(_item_name(item), fields) for item, fields in found.items()]

    @property
    def hidden(self) -> list[str]:
        """The same values for a page that only asks whether they are meant."""
        return [self[name].as_hidden() for name in self.fields]

    def _is_switch(self, name: str) -> bool:
        return self.part.slots[name].form is Form.YES_NO

    def _own(self) -> list[str]:
        return [name for name in self.fields if not name.startswith(CONFIGURATION) and not item_of(name)[1]]


def as_sent(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as a browser would send them, so that a refused edit stands in its form again."""
    return {name: str(_as_typed(value)) for name, value in values.items() if value is not None and value is not False}


def _field(part: Part, name: str, held: Any) -> forms.Field:
    slot, label = part.slots[name], label_of(part.resource, name)
    said = PER_CENT if PERCENTAGE in name else HELP.get(name, "") if slot.form is not Form.YES_NO else ""
    common: dict[str, Any] = {"label": label, "required": False, "help_text": said}
    if slot.form is Form.YES_NO:
        return forms.BooleanField(**common)
    if name in ("pricing_formula", "payment_type"):
        known = FORMULAS if name == "pricing_formula" else PAYMENT_TYPES
        values = [*known, *([held] if held and held not in known else [])]
        choices = [("", ""), *((value, str(PAYMENT_WORDS.get(value, value))) for value in values)]
        return forms.ChoiceField(**{**common, "required": True}, choices=choices)
    if name in ROOF_ADDERS:
        roofs = [(str(number), str(roof)) for number, roof in ROOFS.items()]
        unknown = [(str(held), str(held))] if held and held not in ROOFS else []
        return forms.ChoiceField(**common, choices=[("", _("None chosen")), *roofs, *unknown])
    if name in LONG_TEXTS:
        return forms.CharField(**common, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
    widget = forms.TextInput(attrs={} if slot.form is Form.TEXT else {"inputmode": "decimal"})
    return forms.CharField(**{**common, "required": name in NEEDED}, max_length=500, widget=widget)


def _item_name(item: str) -> str:
    if item.startswith("roof_type_adder_"):
        return _("Roof type adder %(number)s") % {"number": item.rpartition("_")[2]}
    return str(ITEMS.get(item) or words_of(item))


def _as_typed(value: Any) -> Any:
    return value if isinstance(value, bool) else "" if value is None else str(value)
