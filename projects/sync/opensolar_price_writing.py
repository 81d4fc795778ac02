"""How the price book and the catalogue are written to OpenSolar, and how a record that may have been made is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from portal.models import Delivery, MirroredRecord
from portal.sync.gate import Gate
from portal.sync.source import Key, Record
from portal.sync.source import Resource as Mirrored
from portal.sync.writing import Values, Writer, is_same
from portal.vendors.opensolar import price_fields
from portal.vendors.opensolar.price_fields import CONFIGURATION, FIELDS, ROOF_ADDERS, SHEET
from portal.vendors.opensolar.resources import COMPONENTS as COMPONENT_LISTS
from portal.vendors.opensolar.resources import Resource
from projects.sync.opensolar_prices import COMPONENTS, PRICES
from projects.sync.opensolar_writing import CLOCKS_DIFFER, is_since, moment_of, newest
from projects.sync.reading_prices import number_in

_COLUMNS_OF_TEXTS = {CONFIGURATION: "configuration", SHEET: "data"}
_OWN_COLUMNS = {
    "_sku": "sku",
    **dict.fromkeys(("module", "inverter", "battery"), "component_ref"),
    **{name: f"roof_types.{number}" for number, name in enumerate(ROOF_ADDERS, start=1)},
}
FIGURES = "figures"


def column_of(resource: str, name: str) -> str:
    """Where a value stands in our own record: a column, or a column and the key in it ("figures.labor_per_panel")."""
    holder, _dot, key = name.partition(".")
    if key:
        return f"{_COLUMNS_OF_TEXTS[holder]}.{key}"
    is_figure = resource == "costings" and name not in ("title", "description", "priority", *ROOF_ADDERS)
    return f"{FIGURES}.{name}" if is_figure else _OWN_COLUMNS.get(name, name)


def value_in(record: MirroredRecord, column: str) -> Any:
    """The plain value at such a place; None where there is none."""
    name, _dot, key = column.partition(".")
    value = getattr(record, name)
    value = (value or {}).get(key) if key else value
    if isinstance(value, float | Decimal):
        return int(value) if value == int(value) else float(value)
    return value


def _create(resource: Resource) -> Callable[[Gate, Values], Record]:
    def create(gate: Gate, values: Values) -> Record:
        body = price_fields.body(FIELDS[resource], values, {}, gate.client.names_itself)
        record: Record = gate.client.catalogue.create(resource, body)
        return record

    return create


def _change(resource: Resource) -> Callable[[Gate, Key, Values, Record], None]:
    def change(gate: Gate, key: Key, values: Values, record: Record) -> None:
        body = price_fields.body(FIELDS[resource], values, record, gate.client.names_itself)
        gate.client.catalogue.update(resource, number_in(key), body)

    return change


def _delete(resource: Resource) -> Callable[[Gate, Key], None]:
    return lambda gate, key: gate.client.catalogue.delete(resource, number_in(key))


def _plain(resource: Resource) -> Callable[[Record], dict[str, Any]]:
    return lambda record: price_fields.plain(FIELDS[resource], record)


def _find(resource: Resource, mirrored: Mirrored) -> Callable[[Gate, Delivery], Record | None]:
    """A record that was not there before, is young enough, and holds all that it was to be made with."""

    def find(gate: Gate, delivery: Delivery) -> Record | None:
        since = (delivery.posted_at or timezone.now()) - CLOCKS_DIFFER
        known = set(delivery.base.get("known", ()))
        for row in newest(gate, resource, mirrored.model):
            if is_since(row, since) and str(mirrored.key_of(row)) not in known and _holds(row, delivery.body):
                return row
        return None

    def _holds(row: Record, wanted: Mapping[str, Any]) -> bool:
        there = price_fields.plain(FIELDS[resource], row)
        return all(is_same(there.get(name), value) for name, value in wanted.items())

    return find


def _writers(resources: Iterable[Mirrored]) -> dict[str, Writer]:
    made = {}
    for mirrored in resources:
        name: Any = mirrored.name
        made[mirrored.name] = Writer(
            create=_create(name),
            change=_change(name),
            delete=_delete(name),
            plain=_plain(name),
            find=_find(name, mirrored),
            columns={field: column_of(name, field) for field in FIELDS[name]},
            # OpenSolar gives components no date of change: their values decide.
            modified=(lambda record: None) if name in COMPONENT_LISTS else _modified,
        )
    return made


def _modified(record: Record) -> Any:
    return moment_of(record.get("modified_date"))


PRICE_WRITERS = _writers((*PRICES, *COMPONENTS))
