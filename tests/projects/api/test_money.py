"""Prices and costs: absent, not empty, for who may not see them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Company, api
from tests.factories import make_project, make_system

PRICES = {"price_including_tax", "price_excluding_tax", "discount"}
COSTS = {"net_profit"}


def seen(company: Company, who: str) -> dict[str, Any]:
    """The one system as that person gets it, listed and alone."""
    client = api(company.token(who))
    (row,) = client.get("/api/v1/systems/").json()["results"]
    assert client.get(f"/api/v1/systems/{row['id']}/").json() == row
    return dict(row)


@pytest.fixture
def company(sunny: Company) -> Company:
    project = make_project(sunny.connection, assigned_site_inspector_role_ref=13, assigned_installer_role_ref=14)
    make_system(project, incentives=[{"title": "Rebate", "value": 884, "paid_to_customer": True}])
    return sunny


@pytest.mark.parametrize("who", ["administrator", "sales"])
def test_sales_see_prices_and_costs_as_numbers(company: Company, who: str) -> None:
    row = seen(company, who)
    assert (row["price_including_tax"], row["price_excluding_tax"]) == (24900, 22636.36)
    assert (row["discount"], row["net_profit"], row["kw_stc"]) == (None, 4100, 8.4)
    assert row["adders"] == [{"label": "Tilt", "total_value": 20.0, "total_cost": 12.5, "quantity": 1}]
    assert row["incentives"] == [{"title": "Rebate", "value": 884, "paid_to_customer": True}]


@pytest.mark.parametrize("who", ["inspector", "installer"])
def test_the_crew_sees_neither(company: Company, who: str) -> None:
    row = seen(company, who)
    assert not row.keys() & (PRICES | COSTS)
    assert row["adders"] == [{"label": "Tilt", "quantity": 1}]
    assert row["incentives"] == [{"title": "Rebate", "paid_to_customer": True}]
    assert row["kw_stc"] == 8.4


def test_prices_without_costs(company: Company) -> None:
    membership = company.membership("sales")
    membership.costs = False
    membership.save()
    row = seen(company, "sales")
    assert row.keys() >= PRICES
    assert not row.keys() & COSTS
    assert row["adders"] == [{"label": "Tilt", "total_value": 20.0, "quantity": 1}]


def test_costs_without_prices(company: Company) -> None:
    membership = company.membership("sales")
    membership.prices = False
    membership.save()
    row = seen(company, "sales")
    assert not row.keys() & PRICES
    assert row["net_profit"] == 4100
    assert row["adders"] == [{"label": "Tilt", "total_cost": 12.5, "quantity": 1}]


PLAIN = {"code": "Zircon", "quantity": 2}
PRICED = {"price": 81, "price_adjustment": {"value": 82}, "unit_price": 83, "discount": 84}
COSTED = {"cost": 91, "unit_cost": 92, "margin": 93, "data": {"dealer_fee": 94}}
VALUED = {"unit_value": 85, "total_value": 86}


@pytest.mark.parametrize("who", ["administrator", "sales", "installer"])
@pytest.mark.parametrize(
    ("rights", "kept"),
    [
        ({}, {**PRICED, **VALUED, **COSTED}),
        ({"prices": False}, COSTED),
        ({"costs": False}, {**PRICED, **VALUED, "data": {}}),
        ({"prices": False, "costs": False}, {"data": {}}),
    ],
)
def test_money_inside_a_systems_parts_goes_by_its_right(
    sunny: Company, who: str, rights: dict[str, bool], kept: dict[str, Any]
) -> None:
    parts = ("modules", "inverters", "batteries", "others", "module_groups")
    thing = {**PLAIN, **PRICED, **COSTED}
    extra = {"label": "Tilt", **thing, **VALUED}
    columns = {**{key: [thing] for key in parts}, "adders": [extra], "incentives": [{**extra, "value": 884}]}
    make_system(make_project(sunny.connection, assigned_installer_role_ref=14), **columns)
    membership = sunny.membership(who)
    for right, may in rights.items():
        setattr(membership, right, may)
    membership.save()
    # The crew sees neither, whatever is set.
    kept = {"data": {}} if who == "installer" else kept
    row = seen(sunny, who)
    for part in parts:
        assert row[part] == [{**PLAIN, **{key: kept[key] for key in kept if key not in VALUED}}], part
    assert row["adders"] == [{"label": "Tilt", **PLAIN, **kept}]
    told = {"value": 884} if "total_value" in kept else {}
    assert row["incentives"] == [{"label": "Tilt", **PLAIN, **kept, **told}]


def test_money_in_json_inside_a_string_goes_too(sunny: Company) -> None:
    data = '{"kw_stc": 0.44, "unit_cost": 91}'
    deep = '{"a":' * 900 + '{"cost": 91}' + "}" * 900
    modules = [{"code": code, "data": text} for code, text in (("Z", data), ("Y", "{at cost 7}"), ("X", deep))]
    make_system(make_project(sunny.connection, assigned_installer_role_ref=14), modules=modules)
    assert seen(sunny, "installer")["modules"] == [
        {"code": "Z", "data": '{"kw_stc":0.44}'},
        {"code": "Y", "data": "{at cost 7}"},
        {"code": "X", "data": ""},
    ]
    assert seen(sunny, "sales")["modules"][0] == {"code": "Z", "data": data}


def test_odd_shapes_from_the_vendor_break_nothing(sunny: Company) -> None:
    make_system(make_project(sunny.connection, assigned_installer_role_ref=14), adders=["Tilt", None], incentives=[])
    assert seen(sunny, "installer")["adders"] == ["Tilt", None]
