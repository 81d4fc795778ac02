"""The sandbox's price book and catalogue: lists, filters, writing, refusals."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from portal.sandbox.opensolar.catalogue_writing import WRITABLE
from portal.sandbox.opensolar.people import SUNNY_SALES

ORG = "/api/orgs/1"


@pytest.mark.parametrize("resource", WRITABLE)
def test_list_is_short_and_its_records_stand_at_their_address(admin: Any, resource: str) -> None:
    rows = admin.rows(resource)
    assert 1 <= len(rows) < 10
    assert rows == admin.rows(resource)
    for row in rows:
        assert admin.get(f"{ORG}/{resource}/{row['id']}/").json() == row
        assert row["url"].endswith(f"/opensolar{ORG}/{resource}/{row['id']}/")
    assert admin.get(f"{ORG}/{resource}/999/").status_code == 404
    assert admin.rows(resource, page=2) == []


def test_json_stands_inside_strings(admin: Any) -> None:
    assert "price_per_watt" in orjson.loads(admin.rows("pricing_schemes")[0]["configuration_json"])
    sheet = orjson.loads(admin.rows("component_module_activations")[0]["data"])
    assert sheet["kw_stc"] == pytest.approx(sheet["imp"] * sheet["max_power_voltage"] / 1000, rel=0.01)


def test_systems_are_made_of_the_catalogue(admin: Any) -> None:
    known = {row["id"]: row["code"] for row in admin.rows("component_module_activations")}
    schemes = {row["url"] for row in admin.rows("pricing_schemes")}
    for system in admin.rows("systems", fieldset="list"):
        assert known[system["modules"][0]["module_activation_id"]] == system["modules"][0]["code"]
        assert system["pricing_scheme"] in schemes


@pytest.mark.parametrize(
    ("resource", "query", "titles"),
    [
        ("pricing_schemes", {"pricing_formula": "Price Per Watt"}, ["Rooftop, per watt"]),
        ("pricing_schemes", {"priority": "2"}, ["Markup on cost, larger roofs"]),
        ("payment_options", {"payment_type": "loan"}, ["Green loan, 7 years"]),
        ("payment_options", {"auto_apply_enabled": "false"}, ["Power purchase agreement"]),
        ("costings", {"priority": "true"}, ["Homes"]),
        ("costings", {"payment_type": "loan"}, ["Homes", "Business roofs"]),
    ],
)
def test_documented_filters(admin: Any, resource: str, query: dict[str, str], titles: list[str]) -> None:
    assert [row["title"] for row in admin.rows(resource, **query)] == titles


@pytest.mark.parametrize(
    ("resource", "query"),
    [
        ("pricing_schemes", {"priority": "high"}),
        ("payment_options", {"payment_type": "shells"}),
        ("costings", {"priority": "7"}),
    ],
)
def test_senseless_filter_is_400(admin: Any, resource: str, query: dict[str, str]) -> None:
    answer = admin.get(f"{ORG}/{resource}/", **query)
    assert answer.status_code == 400
    assert query.keys() == answer.json().keys()


@pytest.mark.parametrize("form", ["document", "usual"])
def test_record_is_made_changed_and_deleted(admin: Any, form: str) -> None:
    admin.set(document_posts=form == "document")
    body = {"title": "Flat price", "pricing_formula": "Fixed Price", "configuration_json": '{"fixed_price": 9000}'}
    made = admin.post(f"{ORG}/pricing_schemes/", json=body)
    assert made.status_code == 201
    path = f"{ORG}/pricing_schemes/{made.json()['id']}/"
    assert admin.post(path, json={"title": "Flatter"}).status_code == (200 if form == "document" else 405)
    assert admin.request("PATCH", path, json={"title": "Flattest", "id": 5}).status_code == 200
    after = admin.get(path).json()
    assert (after["title"], after["id"]) == ("Flattest", made.json()["id"])
    assert after["modified_date"] > made.json()["modified_date"]
    assert after in admin.rows("pricing_schemes")
    assert admin.request("DELETE", path).status_code == 204
    assert admin.get(path).status_code == admin.request("DELETE", path).status_code == 404
    assert len(admin.rows("pricing_schemes")) == 2


def test_organisation_is_changed(admin: Any) -> None:
    assert admin.post(f"{ORG}/", json={"name": "Sunnier"}).status_code == 405
    assert admin.request("PUT", f"{ORG}/", json={"name": "Sunnier", "id": 9}).json()["name"] == "Sunnier"
    admin.set(document_posts=True)
    admin.post(f"{ORG}/", json={"company_website": "https://sunny.example.com"})
    org = admin.get(f"{ORG}/").json()
    assert (org["id"], org["name"], org["company_website"]) == (1, "Sunnier", "https://sunny.example.com")


@pytest.mark.parametrize(
    ("resource", "body", "field"),
    [
        ("pricing_schemes", {"title": "No formula"}, "pricing_formula"),
        ("payment_options", {"title": "x", "payment_type": "shells"}, "payment_type"),
        ("costings", {"title": ""}, "title"),
        (
            "pricing_schemes",
            {"title": "x", "pricing_formula": "Fixed Price", "configuration_json": {}},
            "configuration_json",
        ),
        ("component_other_activations", {"code": "x", "cost": "dear"}, "cost"),
    ],
)
def test_refusal_names_the_field(admin: Any, resource: str, body: dict[str, Any], field: str) -> None:
    answer = admin.post(f"{ORG}/{resource}/", json=body)
    assert answer.status_code == 400
    assert field in answer.json()


def test_only_administrators_write(admin: Any) -> None:
    number = admin.rows("costings")[0]["id"]
    admin.log_in(SUNNY_SALES)
    assert admin.request("PATCH", f"{ORG}/costings/{number}/", json={"title": "Mine"}).status_code == 403
    assert admin.request("DELETE", f"{ORG}/costings/{number}/").status_code == 403
    assert admin.request("PUT", f"{ORG}/", json={"name": "Mine"}).status_code == 403
    assert admin.post(f"{ORG}/costings/", json={"title": "Mine"}).status_code == 403
