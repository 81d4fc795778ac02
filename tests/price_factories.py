"""Rows of the price book and the catalogue made directly, for tests whose subject is not the sync."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django_scopes import scopes_disabled

from portal.models import Connection
from projects.models import Account, ComponentActivation, Costing, PaymentOption, PricingScheme
from tests.factories import NOON, next_number


def _books(connection: Connection) -> dict[str, Any]:
    moments = dict.fromkeys(("synced_at", "changed_at", "requested_at"), NOON)
    return {"organisation_id": connection.organisation_id, "connection": connection, **moments}


def make_scheme(connection: Connection, **columns: Any) -> PricingScheme:
    """A pricing scheme with a price and a margin inside."""
    columns = {
        "opensolar_id": next_number(),
        "title": "Per watt",
        "priority": 1,
        "pricing_formula": "Price Per Watt",
        "auto_apply_enabled": True,
        "configuration": {"price_per_watt": 1.25, "minimum_margin_percentage": 14, "tax_percentage_included": 10},
        **columns,
    }
    with scopes_disabled():
        return PricingScheme.objects.create(**_books(connection), **columns)


def make_payment_option(connection: Connection, **columns: Any) -> PaymentOption:
    """A loan."""
    columns = {
        "opensolar_id": next_number(),
        "title": "Green loan",
        "priority": 2,
        "payment_type": "loan",
        "configuration": {"term": 84, "interest_rate": 6.49, "dealer_fee_percentage": 4.5},
        **columns,
    }
    with scopes_disabled():
        return PaymentOption.objects.create(**_books(connection), **columns)


def make_costing(connection: Connection, **columns: Any) -> Costing:
    """What a usual house costs."""
    columns = {
        "opensolar_id": next_number(),
        "title": "Homes",
        "priority": True,
        "figures": {
            "labor_per_panel": 62.5,
            "labor_per_system": 0.0,
            "steep_pitch_1_slope": 25.0,
            "steep_pitch_1_cost_per_panel": 14.0,
            "roof_type_adder_2_cost_per_watt": 0.05,
            "commission_percentage_of_cogs_and_labor": 3.5,
        },
        "roof_types": {"2": 19},
        **columns,
    }
    with scopes_disabled():
        return Costing.objects.create(**_books(connection), **columns)


def make_component(connection: Connection, kind: str = "module", **columns: Any) -> ComponentActivation:
    """A component; its data sheet is a module's."""
    number = columns.setdefault("opensolar_id", next_number())
    columns = {
        "manufacturer_name": "Bell Silicon",
        "code": f"BS-{number}",
        "cost": Decimal("112.5000"),
        "price_adjustment": Decimal("8.0000"),
        "data": {"kw_stc": 0.44, "height": 1.722, "technology": "Mono-c-Si", "unit_cost": 99, "odd_key": 7},
        **columns,
    }
    with scopes_disabled():
        return ComponentActivation.objects.create(**_books(connection), kind=kind, key=f"{kind}:{number}", **columns)


def make_account(connection: Connection, **columns: Any) -> Account:
    """The organisation as OpenSolar keeps it."""
    columns = {"opensolar_id": next_number(), "name": "Sunny Roofs", **columns}
    with scopes_disabled():
        return Account.objects.create(**_books(connection), **columns)
