"""The component catalogue: the parts that the invented systems are made of, with invented data sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from portal.sandbox.opensolar.data import BATTERIES, INVERTERS, MODULES, OTHERS, Module, Part
from portal.sandbox.opensolar.draw import Kind, draw
from portal.sandbox.opensolar.people import Org
from portal.sandbox.opensolar.pricebook import as_text
from portal.sandbox.opensolar.shelf import Shelf
from portal.sandbox.wire import JsonObject

Sheet = Callable[[Random, Any], JsonObject]
PUBLIC = {"module": "component_modules", "inverter": "component_inverters", "battery": "component_batteries"}


def component_shelves(seed: int, org: Org) -> dict[str, Shelf]:
    """The four lists of activations."""
    kinds: tuple[tuple[str, Sequence[Module | Part], Sheet], ...] = (
        ("module", MODULES, _module),
        ("inverter", INVERTERS, _inverter),
        ("battery", BATTERIES, _battery),
        ("other", OTHERS, _other),
    )
    return {f"component_{kind}_activations": _shelf(seed, org, kind, parts, sheet) for kind, parts, sheet in kinds}


def told_by_public(kind: str, reference: Any, seed: int, org: Org) -> JsonObject | None:
    """What an activation takes over from the public component that a reference leads to; None if there is none."""
    parts: dict[str, tuple[Sequence[Module | Part], Sheet]] = {
        "module": (MODULES, _module),
        "inverter": (INVERTERS, _inverter),
        "battery": (BATTERIES, _battery),
    }
    last = str(reference).rstrip("/").rpartition("/")[2]
    found, sheet = parts[kind]
    for part in found:
        if last == str(8000 + part.activation) and PUBLIC[kind] in str(reference):
            name = {"code": part.code, "manufacturer_name": part.manufacturer}
            data = sheet(draw(seed, org.id, Kind.COMPONENT, part.activation), part)["data"]
            return {f"{kind}_id": 8000 + part.activation, **name, "data": as_text({**data, **name})}
    return None


def _shelf(seed: int, org: Org, kind: str, parts: Sequence[Module | Part], sheet: Sheet) -> Shelf:
    def drawn(index: int, base: str) -> JsonObject:
        part = parts[index]
        chance = draw(seed, org.id, Kind.COMPONENT, part.activation)
        here = f"{base}/api/orgs/{org.id}"
        public = 8000 + part.activation if kind in PUBLIC else None
        name = {"code": part.code, "manufacturer_name": part.manufacturer}
        record = {
            "id": part.activation,
            "url": f"{here}/component_{kind}_activations/{part.activation}/",
            "org": f"{here}/",
            kind: f"{base}/api/{PUBLIC[kind]}/{public}/" if public else None,
            f"{kind}_id": public,
            **name,
            "_sku": f"{part.manufacturer[:2].upper()}-{part.activation}" if chance.random() < 0.7 else "",
            "quantity": 0,
            "is_archived": False,
            "product_warranty": None,
            **sheet(chance, part),
        }
        if kind in ("module", "inverter"):
            record |= {"is_default": index == 0, "logo": None}
        record["data"] = as_text({**record["data"], **name})
        return record

    return Shelf(parts[0].activation, len(parts), drawn)


def _money(chance: Random, least: float, most: float) -> JsonObject:
    return {"cost": round(least + (most - least) * chance.random(), 2), "price_adjustment": 0.0}


def _module(chance: Random, part: Module) -> JsonObject:
    """Voltages and currents that multiply to the module's power."""
    imp = round(9.6 + 4 * chance.random(), 2)
    at_peak = round(part.watts / imp, 2)
    data = {
        "kw_stc": part.watts / 1000,
        "technology": "Mono-c-Si",
        "height": 1.722,
        "width": 1.134,
        "max_power_voltage": at_peak,
        "imp": imp,
        "voc": round(at_peak * 1.2, 2),
        "isc": round(imp * 1.06, 2),
        "cells_in_series": 54,
        "noct": 44.5,
        "temp_coefficient_voc": -0.26,
        "temp_coefficient_vpmax": -0.33,
        "temp_coefficient_isc": 0.045,
        "annual_degradation_override": 0.4,
        "bifaciality": 0.0,
        "transmission": None,
        "product_warranty": 25,
        "performance_warranty": 30,
        "skus": "",
    }
    return {**_money(chance, 88, 165), "performance_warranty": None, "data": data}


def _inverter(chance: Random, part: Part) -> JsonObject:
    data = {
        "max_power_rating": part.size,
        "efficiency": round(96.5 + chance.random(), 1),
        "microinverter": "N",
        "mppt_quantity": 2 if part.size < 8 else 3,
        "voltage_minimum": 90.0,
        "voltage_nominal": 230.0,
        "voltage_max": 600.0,
        "mppt_voltage_max": None,
        "power_consumption_at_night": 0.1,
        "product_warranty": 10,
        "additional_parts_warranty": None,
        "skus": "",
    }
    return {**_money(chance, 690, 1900), "additional_parts_warranty": None, "data": data}


def _battery(chance: Random, part: Part) -> JsonObject:
    data = {
        "kwh_optimal": part.size,
        "power_optimal": 5.0,
        "power_max_continuous": 5.0,
        "voltage": 51.2,
        "efficiency_factor": 0.93,
        "depth_of_discharge_factor": 0.95,
        "end_of_life_capacity": 0.7,
        "aging_factor": 1.0,
        "rating_optimal": 0.0,
        "warranty_kwh_1_cycle_per_day": round(part.size * 3650 * 0.8),
        "manufacturer": part.manufacturer,
    }
    return {**_money(chance, 3900, 8200), "data": data}


def _other(chance: Random, part: Part) -> JsonObject:
    data = {"description": "Fitted beside the switchboard.", "show_customer": True, "product_warranty": 5}
    return {**_money(chance, 35, 940), "data": data}
