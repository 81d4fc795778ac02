"""The designed systems: one system drawn from its index, as a row and as design details."""

from random import Random

from portal.sandbox.opensolar.data import BATTERIES, INVERTERS, MODULES, OTHERS, PRICING_SCHEMES, Part
from portal.sandbox.opensolar.draw import Kind, draw, one_of, uuid_of
from portal.sandbox.opensolar.layout import Layout
from portal.sandbox.opensolar.people import Org
from portal.sandbox.wire import JsonObject


def system_record(seed: int, org: Org, layout: Layout, index: int, base: str) -> JsonObject:
    """A system as `O/systems/?fieldset=list` and a project's `systems` show it."""
    chance = draw(seed, org.id, Kind.SYSTEM, index)
    project, order = layout.project_of(index)
    number = org.first_system + index
    here = f"{base}/api/orgs/{org.id}"
    module = one_of(chance, MODULES)
    quantity = 8 + int(chance.random() * 30)
    kw_stc = round(quantity * module.watts / 1000, 3)
    inverter = one_of(chance, INVERTERS)
    battery = one_of(chance, BATTERIES) if chance.random() < 0.35 else None
    record = {
        "id": number,
        "url": f"{here}/systems/{number}/",
        "uuid": uuid_of(chance).upper(),
        "name": "" if chance.random() < 0.5 else f"Option {order + 1} ({kw_stc:.2f} kW)",
        "order": order,
        "project": f"{here}/projects/{org.first_project + project}/",
        "org": f"{here}/",
        "pricing_scheme": f"{here}/pricing_schemes/{one_of(chance, PRICING_SCHEMES)}/",
        "kw_stc": kw_stc,
        "module_quantity": quantity,
        "modules": [
            {
                "module_activation_id": module.activation,
                "code": module.code,
                "manufacturer_name": module.manufacturer,
                # The vendor's own sample disagrees with itself here.
                "quantity": quantity + 2 if index % 37 == 5 else quantity,
            }
        ],
        "inverters": [_part("inverter", inverter, max(1, round(kw_stc / inverter.size / 1.33)))],
        "batteries": [_part("battery", battery, 1)] if battery else [],
        "others": [_part("other", one_of(chance, OTHERS), 1)] if chance.random() < 0.3 else [],
        "battery_total_kwh": battery.size if battery else 0.0,
    }
    record.update(_figures(chance, kw_stc, battery), **_SETTINGS, is_current=order == 0)
    return record


_SETTINGS: JsonObject = {
    "system_lifetime": 20,
    "inverter_range": None,
    "dc_optimizer_active": False,
    "dc_optimizer_efficiency": 1.0,
    "show_customer": True,
    "auto_string": True,
    "adders_per_system": 0.0,
    "adders_per_panel": 0.0,
    "adders_per_watt": 0.0,
}


def _part(kind: str, part: Part, quantity: int) -> JsonObject:
    return {
        f"{kind}_activation_id": part.activation,
        "code": part.code,
        "manufacturer_name": part.manufacturer,
        "quantity": quantity,
    }


def _figures(chance: Random, kw_stc: float, battery: Part | None) -> JsonObject:
    """Yield, price and profit: 1,250 to 1,650 kWh a kW and year; a tenth of the price is tax."""
    output = round(kw_stc * (1250 + 400 * chance.random()))
    net = kw_stc * (950 + 500 * chance.random()) + (battery.size * 900 if battery else 0)
    return {
        "output_annual_kwh": output,
        "consumption_offset_percentage": 35 + int(chance.random() * 90),
        "co2_tons_lifetime": round(output * 20 * 0.0006, 2),
        "price_excluding_tax": round(net, 2),
        "price_including_tax": round(net * 1.1, 2),
        "net_profit": round(net * (0.08 + 0.2 * chance.random()), 2),
        "discount": round(net * 0.03, 2) if chance.random() < 0.1 else 0.0,
    }


def system_details(record: JsonObject) -> JsonObject:
    """The entry of `systems/details/` that belongs to a system's (perhaps changed) record."""
    chance = draw(0, 0, Kind.SYSTEM_DETAILS, int(record.get("id") or 0))
    quantity = record.get("module_quantity") or 0
    north = 2 * quantity // 3
    net = record.get("price_excluding_tax") or 0.0
    return {
        "kw_stc": record.get("kw_stc"),
        "uuid": record.get("uuid"),
        "id": record.get("id"),
        "name": record.get("name") or f"System {(record.get('order') or 0) + 1}",
        "modules": _named(record, "modules"),
        "total_module_quantity": quantity,
        "inverters": _named(record, "inverters"),
        "batteries": _named(record, "batteries"),
        "other_components": _named(record, "others"),
        "adders": [
            {
                "label": "Switchboard upgrade",
                "total_value": 650.0,
                "total_cost": 420.0,
                "show_customer": True,
                "quantity": 1,
            }
        ],
        "module_groups": [
            {"module_quantity": north, "azimuth": chance.randrange(360), "slope": 22.5, "layout": "portrait"},
            {"module_quantity": quantity - north, "azimuth": chance.randrange(360), "slope": 10, "layout": "landscape"},
        ],
        "incentives": [{"paid_to_customer": True, "value": round(net * 0.06), "title": "Small-scale certificates"}],
        "data": {
            "mcs": {"kk": round(900 + 200 * chance.random(), 1), "shade_factor": 0.94},
            "wiring": {"longest_run_m": 12 + chance.randrange(30)},
        },
    }


def _named(record: JsonObject, kind: str) -> list[JsonObject]:
    keys = ("manufacturer_name", "code", "quantity")
    return [{key: part.get(key) for key in keys} for part in record.get(kind) or [] if isinstance(part, dict)]
