"""The price book and the component catalogue as the engine lists them: seldom, and only where an account has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.sync.gate import Gate
from portal.sync.source import Key, Parsed, Record, Resource
from portal.vendors.opensolar import resources
from projects.models import (
    BatteryActivation,
    ComponentKind,
    Costing,
    InverterActivation,
    ModuleActivation,
    OtherActivation,
    PaymentOption,
    PricingScheme,
)
from projects.sync import reading, reading_prices
from projects.sync.opensolar_pages import pages_of

# Prices and parts change a few times a year, and no project waits for them.
EVERY_MINUTES = 60

COMPONENT_MODELS = {
    ComponentKind.MODULE: ModuleActivation,
    ComponentKind.INVERTER: InverterActivation,
    ComponentKind.BATTERY: BatteryActivation,
    ComponentKind.OTHER: OtherActivation,
}


def _fetch(name: resources.Resource) -> Callable[[Gate, Key], Record]:
    def fetch(gate: Gate, key: Key) -> Record:
        record: Record = gate.client.record(name, reading_prices.number_in(key))
        return record

    return fetch


def _resource(
    name: resources.Resource,
    model: Any,
    parse: Callable[[Record, str], Parsed],
    key_of: Callable[[Any], Key] = reading.key_of,
) -> Resource:
    return Resource(
        name=name,
        model=model,
        pages=pages_of(name),
        fetch=_fetch(name),
        key_of=key_of,
        parse=parse,
        every_minutes=EVERY_MINUTES,
        # A data sheet repeats the name of its part.
        no_news=frozenset({"modified_date", "data.code", "data.manufacturer_name"}),
        by_key=frozenset({"configuration", "figures", "roof_types", "data"}),
        optional=True,
    )


PRICES = (
    _resource("pricing_schemes", PricingScheme, reading_prices.parse_scheme),
    _resource("payment_options", PaymentOption, reading_prices.parse_payment_option),
    _resource("costings", Costing, reading_prices.parse_costing),
)
COMPONENTS = tuple(
    _resource(name, COMPONENT_MODELS[kind], reading_prices.parse_component(kind), reading_prices.component_key_of(kind))
    for kind, name in zip(ComponentKind, resources.COMPONENTS, strict=True)
)
