"""Prices and components at the wire: filters, the documented way to write and the usual one, and what is read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import orjson
import pytest
from pydantic import ValidationError
from pytest_httpserver import HTTPServer

from portal.lib import errors
from portal.lib.http import Transport
from portal.vendors.opensolar.client import OpenSolar
from portal.vendors.opensolar.inside import object_inside
from portal.vendors.opensolar.prices import Activation, Costing, PaymentOption, PricingScheme
from portal.vendors.opensolar.resources import COMPONENTS, PRICES

WRITTEN = (*PRICES, *COMPONENTS)
SCHEME = "/api/orgs/16/pricing_schemes/68/"


class Tokens:
    """One token for ever."""

    def current(self) -> str:
        return "token"

    def renew(self, stale: str) -> str:
        raise errors.CredentialsError("No other.")


@pytest.fixture
def client(httpserver: HTTPServer) -> Iterator[OpenSolar]:
    transport = Transport(httpserver.url_for(""), name="OpenSolar", sleep=lambda _seconds: None)
    yield OpenSolar(transport, "16", Tokens())
    transport.close()


def asked(httpserver: HTTPServer) -> list[str]:
    return [f"{request.method} {request.full_path.rstrip('?')}" for request, _ in httpserver.log]


@pytest.mark.parametrize("resource", WRITTEN)
def test_lists_and_records_are_asked_for_as_documented(
    httpserver: HTTPServer, client: OpenSolar, resource: Any
) -> None:
    httpserver.expect_request(f"/api/orgs/16/{resource}/").respond_with_json([{"id": 3}])
    httpserver.expect_request(f"/api/orgs/16/{resource}/3/").respond_with_json({"id": 3})
    assert client.list_page(resource, 1, 50) == [{"id": 3}]
    assert client.record(resource, 3) == {"id": 3}
    assert asked(httpserver) == [
        f"GET /api/orgs/16/{resource}/?page=1&limit=50",
        f"GET /api/orgs/16/{resource}/3/",
    ]


def test_documented_filters_go_along(httpserver: HTTPServer, client: OpenSolar) -> None:
    for name in ("pricing_schemes", "payment_options", "costings", "roles"):
        httpserver.expect_request(f"/api/orgs/16/{name}/").respond_with_json([])
    client.list_page("pricing_schemes", 1, 20, {"priority": 1, "pricing_formula": "Price Per Watt By Size"})
    client.list_page("payment_options", 1, 20, {"payment_type": "loan_advanced", "auto_apply_enabled": False})
    client.list_page("costings", 1, 20, {"priority": True})
    client.list_page("roles", 1, 20, {"ordering": "-is_admin"})
    assert list(client.walk("costings", limit=20, filters={"priority": True}))[-1].is_last
    assert asked(httpserver) == [
        "GET /api/orgs/16/pricing_schemes/?priority=1&pricing_formula=Price+Per+Watt+By+Size&page=1&limit=20",
        "GET /api/orgs/16/payment_options/?payment_type=loan_advanced&auto_apply_enabled=false&page=1&limit=20",
        "GET /api/orgs/16/costings/?priority=true&page=1&limit=20",
        "GET /api/orgs/16/roles/?ordering=-is_admin",
        "GET /api/orgs/16/costings/?priority=true&page=1&limit=20",
    ]


def test_filter_that_would_be_ignored_is_not_sent(httpserver: HTTPServer, client: OpenSolar) -> None:
    for resource, name in (("costings", "payment_type"), ("component_module_activations", "priority")):
        with pytest.raises(ValueError, match=name):
            client.list_page(resource, 1, 20, {name: "1"})  # type: ignore[arg-type]
    assert asked(httpserver) == []


@pytest.mark.parametrize(("limit", "rows"), [(100, 9), (3, 3), (3, 2)])
def test_short_page_is_not_taken_for_the_end(httpserver: HTTPServer, client: OpenSolar, limit: int, rows: int) -> None:
    path = "/api/orgs/16/payment_options/"
    httpserver.expect_request(path, query_string={"page": "1", "limit": str(limit)}).respond_with_json(
        [{"id": number} for number in range(rows)]
    )
    httpserver.expect_request(path, query_string={"page": "2", "limit": str(limit)}).respond_with_json([])
    found = list(client.walk("payment_options", limit=limit))
    assert sum(len(page.records) for page in found) == rows
    assert found[-1].is_last
    assert len(asked(httpserver)) == 2


def test_record_is_changed_the_documented_way(httpserver: HTTPServer, client: OpenSolar) -> None:
    body = {"title": "Per watt"}
    httpserver.expect_request(SCHEME, method="POST", json=body).respond_with_json({"id": 68, **body})
    assert client.catalogue.update("pricing_schemes", 68, body) == {"id": 68, **body}
    assert asked(httpserver) == [f"POST {SCHEME}"]


def test_record_is_changed_the_usual_way_where_that_is_405(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_request(SCHEME, method="POST").respond_with_json({"detail": "No."}, status=405)
    httpserver.expect_request(SCHEME, method="PATCH", json={"priority": 2}).respond_with_json({"id": 68})
    for _ in range(2):
        client.catalogue.update("pricing_schemes", 68, {"priority": 2})
    # What this server does not take is not tried a second time.
    assert asked(httpserver) == [f"POST {SCHEME}", f"PATCH {SCHEME}", f"PATCH {SCHEME}"]


@pytest.mark.parametrize("takes_post", [True, False])
def test_organisation_is_changed(httpserver: HTTPServer, client: OpenSolar, takes_post: bool) -> None:
    path = "/api/orgs/16/"
    answer, status = ({"id": 16}, 200) if takes_post else ({"detail": "No."}, 405)
    httpserver.expect_request(path, method="POST", json={"name": "Sunny"}).respond_with_json(answer, status=status)
    httpserver.expect_request(path, method="PUT", json={"name": "Sunny"}).respond_with_json({"id": 16})
    assert client.catalogue.update_org({"name": "Sunny"}) == {"id": 16}
    assert asked(httpserver) == [f"POST {path}"] + ([] if takes_post else [f"PUT {path}"])


def test_record_is_made_once_and_never_blindly_again(httpserver: HTTPServer, client: OpenSolar) -> None:
    path = "/api/orgs/16/costings/"
    httpserver.expect_ordered_request(path, method="POST", json={"title": "Homes"}).respond_with_json(
        {"id": 5}, status=201
    )
    httpserver.expect_ordered_request(path, method="POST").respond_with_json({}, status=504)
    assert client.catalogue.create("costings", {"title": "Homes"}) == {"id": 5}
    with pytest.raises(errors.TransientError):
        client.catalogue.create("costings", {"title": "Homes"})
    assert len(asked(httpserver)) == 2


def test_refusal_names_the_fields(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_request(SCHEME, method="POST").respond_with_json({"title": ["May not be blank."]}, status=400)
    with pytest.raises(errors.Refused) as refused:
        client.catalogue.update("pricing_schemes", 68, {"title": ""})
    assert refused.value.fields == {"title": ["May not be blank."]}


def test_deleting_twice_is_deleting(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_ordered_request(SCHEME, method="DELETE").respond_with_data("", status=204)
    httpserver.expect_ordered_request(SCHEME, method="DELETE").respond_with_json({}, status=404)
    client.catalogue.delete("pricing_schemes", 68)
    client.catalogue.delete("pricing_schemes", 68)
    assert asked(httpserver) == [f"DELETE {SCHEME}"] * 2


def test_other_lists_are_not_written(client: OpenSolar) -> None:
    with pytest.raises(ValueError, match="roles are not written"):
        client.catalogue.delete("roles", 1)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('{"price_per_watt": 1.2}', {"price_per_watt": 1.2}),
        ({"price_per_watt": 1.2}, {"price_per_watt": 1.2}),
        ("{}", {}),
        ("null", None),
        ("", None),
        ("{'python': True}", None),
        ("[1, 2]", None),
        (None, None),
        (7, None),
        ('{"a": "x\\u0000y", "secret": "s"}', {"a": "xy"}),
        ("[" * 5000, None),
        ('{"a":' * 60 + "1" + "}" * 60, None),
    ],
)
def test_json_in_a_string_is_read_as_far_as_it_is_json(value: Any, found: Any) -> None:
    assert object_inside(value) == found


def test_pricing_scheme_and_payment_option() -> None:
    scheme = PricingScheme.model_validate(
        {
            "id": 68,
            "pricing_formula": "Price Per Moon Phase",
            "configuration_json": orjson.dumps({"price_per_module": 500}).decode(),
            "auto_apply_only_specified_states": ["NSW"],
            "newer": 1,
        }
    )
    assert scheme.columns() == {
        "opensolar_id": 68,
        "pricing_formula": "Price Per Moon Phase",
        "configuration": {"price_per_module": 500},
        "auto_apply_only_specified_states": ["NSW"],
    }
    option = PaymentOption.model_validate({"id": 242, "payment_type": "loan", "priority": "2", "auto_discount": True})
    assert (option.payment_type, option.priority, option.auto_discount) == ("loan", 2, True)


def test_costing_gathers_its_figures() -> None:
    costing = Costing.model_validate(
        {
            "id": 1,
            "priority": True,
            "labor_per_panel": 62.5,
            "labor_per_watt": None,
            "steep_pitch_1_slope": 25,
            "commission_percentage_of_cogs_and_labor": "3.5",
            "roof_type_adder_2_roof_type": "https://api.example.com/api/roof_types/7/",
            "roof_type_adder_1_roof_type": None,
        }
    )
    assert costing.columns() == {
        "opensolar_id": 1,
        "priority": True,
        "figures": {
            "labor_per_panel": 62.5,
            "steep_pitch_1_slope": 25.0,
            "commission_percentage_of_cogs_and_labor": 3.5,
        },
        "roof_types": {"2": 7},
    }
    with pytest.raises(ValidationError):
        Costing.model_validate({"id": 1, "labor_per_panel": "much"})


@pytest.mark.parametrize("kind", ["module", "inverter", "battery", "other"])
def test_activation_of_each_kind(kind: str) -> None:
    read = Activation.model_validate(
        {
            "id": 3,
            kind: "https://api.example.com/api/component_things/44/",
            f"{kind}_id": 44,
            "cost": "0.12345",
            "_sku": "A-1",
            "product_warranty": 25,
            "data": '{"kw_stc": 0.33}',
        }
    )
    assert read.columns() == {
        "opensolar_id": 3,
        "component_ref": 44,
        "cost": Decimal("0.1235"),
        "sku": "A-1",
        "product_warranty": "25",
        "data": {"kw_stc": 0.33},
    }
    own = Activation.model_validate({"id": 4, kind: None, f"{kind}_id": None, "data": "broken {"})
    assert own.columns() == {"opensolar_id": 4, "component_ref": None, "data": None}
    assert Activation.model_validate({"id": 5, kind: "/api/component_things/9/"}).columns()["component_ref"] == 9
