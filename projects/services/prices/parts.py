"""The parts of the price book and the catalogue that administrators write: which records, fields and pages each has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.access import Access
from portal.models import Delivery
from portal.vendors.opensolar.price_fields import (
    FIELDS,
    PAYMENT_SETTINGS,
    SCHEME_SETTINGS,
    SHEET,
    Slots,
)
from projects.access import (
    visible_accounts,
    visible_components,
    visible_costings,
    visible_payment_options,
    visible_pricing_schemes,
)
from projects.models import Account, ComponentActivation, ComponentKind, Costing, PaymentOption, PricingScheme
from projects.services.money_inside import is_hidden
from projects.sync.opensolar_price_writing import column_of
from projects.sync.opensolar_prices import COMPONENT_MODELS

PriceRecord = PricingScheme | PaymentOption | Costing | ComponentActivation | Account
BOOK, CATALOGUE, ACCOUNTS = "pricebook", "catalogue", "accounts"


@dataclass(frozen=True, slots=True)
class Part:
    """One list of OpenSolar's, or its record of the organisation, which is alone of its kind.

    `page` is the name of a record's address, `home` that of the list, `query` leads to the part of it.
    `settings` are the documented keys of its JSON text, by what they belong to (a formula, a kind of payment).
    """

    resource: Any
    model: type[Any]
    visible: Callable[..., QuerySet[Any]]
    noun: Any
    page: str
    home: str
    query: str = ""
    settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind: str = ""

    @property
    def slots(self) -> Slots:
        """How its values are written, by name."""
        slots: Slots = FIELDS[self.resource]
        return slots

    @property
    def is_component(self) -> bool:
        """Whether it belongs to the catalogue."""
        return self.home == CATALOGUE

    @property
    def list_url(self) -> str:
        """The list that shows its records."""
        return reverse(self.home) + self.query

    @property
    def is_single(self) -> bool:
        """Whether there is one record, which is neither made nor deleted."""
        return self.home == ACCOUNTS

    @property
    def home_label(self) -> str:
        """What the list is called."""
        return str(_HOMES[self.home])

    def url(self, act: str = "", record: PriceRecord | None = None) -> str:
        """The address of a record, or of something that is done with it (`edit`, `delete`; `new` of none)."""
        name = f"{self.page}_{act}" if act else self.page
        return reverse(name, args=[record.pk] if record else []) + (self.query if act == "new" else "")

    def may_add(self, access: Access) -> bool:
        """An administrator who sees what such a record is made of."""
        return access.is_administrator and self.sees(access)

    def sees(self, access: Access) -> bool:
        """Whether a person sees its records at all."""
        needed = {Costing: access.sees_costs, PricingScheme: access.sees_prices, PaymentOption: access.sees_prices}
        return needed.get(self.model, True)

    def names(self, access: Access, record: PriceRecord | None) -> list[str]:
        """What this person may write of a record, or of a new one.

        Of settings inside a text those that the documents name for what it is, and those of them that it has.
        """
        return [name for name in self.slots if not is_hidden(name, access) and self._has(name, record)]

    def _has(self, name: str, record: PriceRecord | None) -> bool:
        slot = self.slots[name]
        if record is None:
            return name != "is_archived"
        if not slot.inside:
            return not slot.at_first
        holder, _dot, key = column_of(self.resource, name).partition(".")
        held = getattr(record, holder)
        if held is None:
            return False
        kind = getattr(record, "pricing_formula", "") or getattr(record, "payment_type", "")
        return slot.inside == SHEET or key in held or key in self.settings.get(kind, ())


def _components() -> dict[str, Part]:
    nouns = {
        ComponentKind.MODULE: gettext_lazy("module"),
        ComponentKind.INVERTER: gettext_lazy("inverter"),
        ComponentKind.BATTERY: gettext_lazy("battery"),
        ComponentKind.OTHER: gettext_lazy("component"),
    }
    made = {}
    for kind, noun in nouns.items():
        resource = f"component_{kind.value}_activations"
        made[resource] = Part(
            resource,
            COMPONENT_MODELS[kind],
            visible_components,
            noun,
            "component",
            CATALOGUE,
            f"?kind={kind.value}",
            kind=kind.value,
        )
    return made


_HOMES = {
    BOOK: gettext_lazy("Price book"),
    CATALOGUE: gettext_lazy("Catalogue"),
    ACCOUNTS: gettext_lazy("At OpenSolar"),
}
PARTS: dict[str, Part] = {
    "pricing_schemes": Part(
        "pricing_schemes",
        PricingScheme,
        visible_pricing_schemes,
        gettext_lazy("pricing scheme"),
        "pricing_scheme",
        BOOK,
        "?show=pricing-schemes",
        SCHEME_SETTINGS,
    ),
    "payment_options": Part(
        "payment_options",
        PaymentOption,
        visible_payment_options,
        gettext_lazy("payment option"),
        "payment_option",
        BOOK,
        "?show=payment-options",
        PAYMENT_SETTINGS,
    ),
    "costings": Part("costings", Costing, visible_costings, gettext_lazy("costing"), "costing", BOOK, "?show=costings"),
    **_components(),
    "org": Part("org", Account, visible_accounts, gettext_lazy("organisation at OpenSolar"), "account", ACCOUNTS),
}


def part_of(record: PriceRecord) -> Part:
    """The part that a record belongs to."""
    if isinstance(record, ComponentActivation):
        return PARTS[f"component_{record.kind}_activations"]
    return next(part for part in PARTS.values() if part.model is type(record))


def name_of(record: PriceRecord) -> str:
    """What a record is called, never empty."""
    return str(record)


def key_of(record: PriceRecord) -> str:
    """By what its deliveries and changes name it."""
    return str(getattr(record, record.VENDOR_KEY))


def record_of(delivery: Delivery) -> PriceRecord | None:
    """The record that an edit is about, if it is here."""
    part = PARTS[delivery.resource]
    rows = part.model.objects.filter(connection=delivery.connection_id)
    key = delivery.vendor_id
    if not part.is_component and not (key.isdecimal() and len(key) < 19):
        return None
    found: PriceRecord | None = rows.filter(**{part.model.VENDOR_KEY: key}).first() if key else None
    return found
