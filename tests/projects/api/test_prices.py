"""The price book and the catalogue over the API: decoded, filtered as document 000 filters, money by right."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Company, api
from tests.price_factories import make_component, make_costing, make_payment_option, make_scheme
from tests.projects.api.test_payload import make_payload


def listed(company: Company, who: str, route: str) -> list[dict[str, Any]]:
    """All rows of a route, each of which has to be the same at its own address."""
    client = api(company.token(who))
    rows: list[dict[str, Any]] = client.get(f"/api/v1/{route}/").json()["results"]
    for row in rows:
        assert client.get(f"/api/v1/{route}/{row['id']}/").json() == row
    return rows


def limited(company: Company, **rights: bool) -> str:
    """The salesperson, with rights taken away."""
    membership = company.membership("sales")
    for name, value in rights.items():
        setattr(membership, name, value)
    membership.save()
    return "sales"


def test_pricing_scheme_is_decoded(sunny: Company) -> None:
    scheme = make_scheme(sunny.connection, auto_apply_only_specified_states=["NSW"])
    (row,) = listed(sunny, "administrator", "pricing-schemes")
    assert (row["id"], row["opensolar_id"], row["connection"]) == (scheme.pk, scheme.opensolar_id, sunny.connection.pk)
    assert row["configuration"] == {
        "price_per_watt": 1.25,
        "minimum_margin_percentage": 14,
        "tax_percentage_included": 10,
    }
    assert (row["pricing_formula"], row["priority"], row["auto_apply_enabled"]) == ("Price Per Watt", 1, True)
    assert (row["auto_apply_only_specified_states"], row["auto_apply_only_specified_zips"]) == (["NSW"], None)


def test_costing_and_component_hold_numbers(sunny: Company) -> None:
    make_costing(sunny.connection)
    part = make_component(sunny.connection)
    (costing,) = listed(sunny, "sales", "costings")
    assert (costing["figures"]["labor_per_panel"], costing["roof_types"]) == (62.5, {"2": 19})
    (row,) = listed(sunny, "sales", "component-activations")
    assert (row["kind"], row["opensolar_id"], row["cost"], row["price_adjustment"]) == (
        "module",
        part.opensolar_id,
        112.5,
        8,
    )
    assert row["data"]["kw_stc"] == 0.44
    assert "key" not in row


@pytest.mark.parametrize(
    ("route", "query", "titles"),
    [
        ("pricing-schemes", "priority=2", ["By size"]),
        ("pricing-schemes", "auto_apply_enabled=true", ["Per watt"]),
        ("pricing-schemes", "pricing_formula=Price Per Watt By Size", ["By size"]),
        ("pricing-schemes", "pricing_formula=Price Per Watt", ["Per watt"]),
        ("payment-options", "payment_type=loan", ["Green loan"]),
        ("payment-options", "priority=1&auto_apply_enabled=0", ["Cash"]),
        ("costings", "priority=true", ["Homes"]),
        ("costings", "priority=0", ["Halls"]),
    ],
)
def test_documented_filters(sunny: Company, route: str, query: str, titles: list[str]) -> None:
    make_scheme(sunny.connection)
    make_scheme(
        sunny.connection,
        title="By size",
        priority=2,
        pricing_formula="Price Per Watt By Size",
        auto_apply_enabled=False,
    )
    make_payment_option(sunny.connection)
    make_payment_option(sunny.connection, title="Cash", priority=1, payment_type="cash")
    make_costing(sunny.connection)
    make_costing(sunny.connection, title="Halls", priority=False)
    rows = api(sunny.token("administrator")).get(f"/api/v1/{route}/?{query}").json()["results"]
    assert [row["title"] for row in rows] == titles


def test_components_by_kind_and_code(sunny: Company) -> None:
    module, battery = make_component(sunny.connection, code="AA-1"), make_component(sunny.connection, "battery")
    make_component(sunny.connection, is_archived=True)
    client = api(sunny.token("installer"))
    for query, wanted in (("kind=battery", battery), ("code=aa-1", module)):
        rows = client.get(f"/api/v1/component-activations/?{query}").json()["results"]
        assert [row["id"] for row in rows] == [wanted.pk]
    assert len(client.get("/api/v1/component-activations/?is_archived=false").json()["results"]) == 2


@pytest.mark.parametrize(
    ("route", "query"),
    [
        ("pricing-schemes", "priority=high"),
        ("payment-options", "auto_apply_enabled=perhaps"),
        ("costings", "priority=2"),
        ("costings", "payment_type=loan"),
        ("component-activations", "kind=sail"),
    ],
)
def test_rubbish_is_refused(sunny: Company, route: str, query: str) -> None:
    assert api(sunny.token("administrator")).get(f"/api/v1/{route}/?{query}").status_code == 400


@pytest.mark.parametrize("who", ["inspector", "installer", "unassigned"])
def test_the_crew_sees_components_without_money_and_no_prices(sunny: Company, who: str) -> None:
    rows = [make_scheme(sunny.connection), make_payment_option(sunny.connection), make_costing(sunny.connection)]
    make_component(sunny.connection)
    client = api(sunny.token(who))
    for route, row in zip(("pricing-schemes", "payment-options", "costings"), rows, strict=True):
        assert listed(sunny, who, route) == []
        assert client.get(f"/api/v1/{route}/{row.pk}/").status_code == 404
    found = listed(sunny, who, "component-activations")
    assert len(found) == (who != "unassigned")
    for row in found:
        assert not row.keys() & {"cost", "price_adjustment"}
        assert row["data"] == {"kw_stc": 0.44, "height": 1.722, "technology": "Mono-c-Si", "odd_key": 7}


def test_prices_without_costs(sunny: Company) -> None:
    make_scheme(sunny.connection)
    make_payment_option(sunny.connection)
    make_costing(sunny.connection)
    make_component(sunny.connection)
    # Somebody with all rights has asked before: what was put together for them must not serve others.
    assert listed(sunny, "administrator", "costings")
    assert listed(sunny, "sales", "costings")
    who = limited(sunny, costs=False)
    assert listed(sunny, who, "costings") == []
    (scheme,) = listed(sunny, who, "pricing-schemes")
    assert scheme["configuration"] == {"price_per_watt": 1.25, "tax_percentage_included": 10}
    (option,) = listed(sunny, who, "payment-options")
    assert option["configuration"] == {"term": 84, "interest_rate": 6.49}
    (part,) = listed(sunny, who, "component-activations")
    assert (part["price_adjustment"], "cost" in part, "unit_cost" in part["data"]) == (8, False, False)


def test_costs_without_prices(sunny: Company) -> None:
    make_scheme(sunny.connection)
    make_costing(sunny.connection)
    assert listed(sunny, "sales", "pricing-schemes")
    who = limited(sunny, prices=False)
    assert listed(sunny, who, "pricing-schemes") == []
    assert len(listed(sunny, who, "costings")) == 1


def test_payload_is_the_vendors_object_with_its_text(sunny: Company) -> None:
    module = make_component(sunny.connection, opensolar_id=7)
    battery = make_component(sunny.connection, "battery", opensolar_id=7)
    for kind in ("module", "battery"):
        body = f'{{"id": 7, "data": "{{}}", "{kind}_id": 1}}'
        make_payload(sunny.connection, f"component_{kind}_activations", f"{kind}:7", "list", body)
    scheme = make_scheme(sunny.connection)
    make_payload(sunny.connection, "pricing_schemes", scheme.opensolar_id, "list", '{"configuration_json": "{}"}')
    client = api(sunny.token("administrator"))
    rows = client.get("/api/v1/component-activations/?payload=1").json()["results"]
    assert {row["id"]: row["payload"] for row in rows} == {
        module.pk: {"id": 7, "data": "{}", "module_id": 1},
        battery.pk: {"id": 7, "data": "{}", "battery_id": 1},
    }
    (row,) = client.get("/api/v1/pricing-schemes/?payload=1").json()["results"]
    assert row["payload"] == {"configuration_json": "{}"}


@pytest.mark.parametrize("route", ["pricing-schemes", "payment-options", "costings", "component-activations"])
def test_queries_do_not_grow(sunny: Company, django_assert_num_queries: Any, route: str) -> None:
    client = api(sunny.token("administrator"))
    makers = {
        "pricing-schemes": make_scheme,
        "payment-options": make_payment_option,
        "costings": make_costing,
        "component-activations": make_component,
    }
    make = makers[route]
    for many in (1, 20):
        for _ in range(many):
            make(sunny.connection)
        with django_assert_num_queries(3):
            assert client.get(f"/api/v1/{route}/?payload=1").status_code == 200
