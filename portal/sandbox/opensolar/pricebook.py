"""Prices, payment options and costings of an installer: a few records each, all of them invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from portal.sandbox.opensolar.data import PAYMENT_OPTIONS, PRICING_SCHEMES
from portal.sandbox.opensolar.draw import Kind, draw, stamp
from portal.sandbox.opensolar.people import Org
from portal.sandbox.opensolar.shelf import Shelf
from portal.sandbox.wire import JsonObject

BEGINNING = datetime(2021, 3, 1, 9, 0, tzinfo=UTC)
COSTINGS = (31, 32)
Draw = Callable[[int, str], JsonObject]

_HOME_STATES = {"AU": ["NSW", "VIC"], "US": ["TX", "AZ"]}


def price_shelves(seed: int, org: Org) -> dict[str, Shelf]:
    """The three lists of the price book."""

    def shelf(resource: str, numbers: tuple[int, ...], own: Callable[[Org, int], JsonObject]) -> Shelf:
        def drawn(index: int, base: str) -> JsonObject:
            return _identity(seed, org, resource, numbers[index], base) | own(org, index)

        return Shelf(numbers[0], len(numbers), drawn)

    return {
        "pricing_schemes": shelf("pricing_schemes", PRICING_SCHEMES, _scheme),
        "payment_options": shelf("payment_options", PAYMENT_OPTIONS, _payment_option),
        "costings": shelf("costings", COSTINGS, _costing),
    }


def as_text(value: Any) -> str:
    """JSON inside a string, as OpenSolar keeps settings and data sheets."""
    return orjson.dumps(value).decode()


def _identity(seed: int, org: Org, resource: str, number: int, base: str) -> JsonObject:
    chance = draw(seed, org.id, Kind.PRICE, number)
    here = f"{base}/api/orgs/{org.id}"
    made = BEGINNING + timedelta(minutes=chance.randrange(10**6))
    return {
        "id": number,
        "url": f"{here}/{resource}/{number}/",
        "org": f"{here}/",
        "is_archived": False,
        "created_date": stamp(made),
        "modified_date": stamp(made + timedelta(minutes=chance.randrange(10**5))),
    }


def _applied(priority: int, enabled: bool, states: list[str] | None = None, zips: str | None = None) -> JsonObject:
    return {
        "priority": priority,
        "auto_apply_enabled": enabled,
        "auto_apply_only_specified_states": states,
        "auto_apply_only_specified_zips": zips,
    }


def _scheme(org: Org, index: int) -> JsonObject:
    if index == 0:
        settings = {"price_per_watt": 1.18, "minimum_price": 5400, "tax_percentage_included": 10}
        return {
            "title": "Rooftop, per watt",
            "pricing_formula": "Price Per Watt",
            "configuration_json": as_text(settings),
            **_applied(1, True),
        }
    settings = {"markup_percentage": 28.5, "minimum_margin_percentage": 14, "tax_percentage_included": 10}
    return {
        "title": "Markup on cost, larger roofs",
        "pricing_formula": "Markup Percentage",
        "configuration_json": as_text(settings),
        **_applied(2, False, _HOME_STATES[org.country]),
    }


def _payment_option(org: Org, index: int) -> JsonObject:
    common = {
        "utility_tariff_override": None,
        "integration_external_reference": None,
        "use_highest_standard_system_price": False,
        "auto_discount": False,
        "contract_template": "",
    }
    own: tuple[JsonObject, ...] = (
        {
            "title": "Cash in three parts",
            "payment_type": "cash",
            "description": "10 % with the order, 60 % before installation, the rest on the day it is switched on.",
            "configuration_json": as_text({"collect_signature": True, "deposit_percentage": 10}),
            **_applied(1, True),
        },
        {
            "title": "Green loan, 7 years",
            "payment_type": "loan",
            "description": "",
            "configuration_json": as_text(
                {
                    "term": 84,
                    "interest_rate": 6.49,
                    "payment_frequency": "monthly",
                    "down_payment_percentage": 10,
                    "dealer_fee_percentage": 4.5,
                }
            ),
            **_applied(2, True, _HOME_STATES[org.country]),
        },
        {
            "title": "Power purchase agreement",
            "payment_type": "ppa",
            "description": "The customer pays for the energy, not for the panels.",
            "configuration_json": as_text({"rate_per_kwh": 0.148, "annual_escalator_percentage": 2.5, "term": 240}),
            **_applied(3, False),
        },
    )
    return common | own[index]


_ITEMS = (
    *("supplier_shipping", "racking", "bos", "job_site_shipping_and_warehousing", "labor"),
    *("allocation_of_lead_gen", "allocation_of_salary", "commission", "project_management", "design_drawings"),
    *("permit_costs", "other_costs", "presale_software_and_design"),
)
_CONDITIONS = (
    *(f"roof_type_adder_{number}" for number in range(1, 6)),
    *("storeys_two", "storeys_three_plus", "steep_pitch_1", "steep_pitch_2", "split_array_layout", "tilt_rack"),
)


def _costing(org: Org, index: int) -> JsonObject:
    """All of the documented figures, most of them 0 as in a fresh account."""
    units = ("system", "panel", "watt")
    figures: JsonObject = {f"{item}_per_{unit}": 0.0 for item in _ITEMS for unit in units}
    figures |= {f"{item}_cost_per_{unit}": 0.0 for item in _CONDITIONS for unit in units}
    figures |= {"labor_per_panel": 62.5, "racking_per_panel": 31.8, "bos_per_system": 285.0}
    figures |= {"permit_costs_per_system": 190.0}
    figures |= {"commission_percentage_of_cogs_and_labor": 3.5, "storeys_two_cost_per_system": 340.0}
    figures |= {"steep_pitch_1_slope": 25, "steep_pitch_2_slope": 40, "steep_pitch_1_cost_per_panel": 14.0}
    if index == 1:
        figures |= {"labor_per_panel": 48.0, "project_management_per_watt": 0.035}
    return {
        "title": ("Homes", "Business roofs")[index],
        "description": ("What a usual house costs us.", "Above 30 kW; the crane is quoted apart.")[index],
        "priority": index == 0,
        **{f"roof_type_adder_{number}_roof_type": None for number in range(1, 6)},
        **figures,
    }
