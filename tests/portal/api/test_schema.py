"""The OpenAPI document is valid, complete, and says what the answers are; its page needs no other host."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import SyncRun
from tests.conftest import Company, api
from tests.factories import make_contact, make_project, make_system
from tests.price_factories import make_component, make_costing, make_payment_option, make_scheme

PRICES = ["pricing-schemes", "payment-options", "costings", "component-activations"]
ROUTES = ["projects", "contacts", "roles", "systems", "syncs", *PRICES]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as an integrator without a token gets it."""
    answer = Client().get("/api/v1/schema/")
    assert answer.headers["Content-Type"] == "application/json"
    return dict(answer.json())


def properties(document: dict[str, Any], path: str) -> dict[str, Any]:
    """The component of what an address answers (of one of its results, if it answers pages)."""
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    component = _component(document, schema)
    if "results" in component["properties"]:
        component = _component(document, component["properties"]["results"]["items"])
    return component


def _component(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    return dict(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])


def fits(document: dict[str, Any], schema: dict[str, Any], value: Any) -> bool:
    """Whether a value is of the type that the document says."""
    if value is None:
        return bool(schema.get("nullable"))
    if "allOf" in schema or "$ref" in schema:
        part = _component(document, schema["allOf"][0] if "allOf" in schema else schema)
        return fits(document, part, value)
    if schema["type"] == "array":
        return all(fits(document, schema["items"], item) for item in value)
    if schema["type"] == "object" and "properties" in schema:
        return value.keys() == schema["properties"].keys() and all(
            fits(document, schema["properties"][key], item) for key, item in value.items()
        )
    if isinstance(value, bool):
        return bool(schema["type"] == "boolean")
    types = {"integer": int, "number": (int, float), "string": str, "object": dict}
    if schema.get("format") == "date-time":
        return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value) is not None
    return isinstance(value, types[schema["type"]])


def test_the_document_is_valid() -> None:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "openapi: 3.0" in out.getvalue()


def test_every_route_is_in_it(document: dict[str, Any]) -> None:
    expected = {f"/api/v1/{route}/" for route in ROUTES} | {f"/api/v1/{route}/{{id}}/" for route in ROUTES}
    assert document["paths"].keys() >= expected | {"/api/v1/org/"}
    assert document["paths"]["/api/v1/syncs/"].keys() == {"get", "post"}
    assert document["paths"]["/api/v1/roles/"].keys() == {"get"}
    for route in ("projects", "contacts"):
        assert document["paths"][f"/api/v1/{route}/"].keys() == {"get", "post"}
        assert document["paths"][f"/api/v1/{route}/{{id}}/"].keys() == {"get", "patch", "delete"}
    assert document["paths"]["/api/v1/deliveries/{id}/"].keys() == {"get"}
    assert document["components"]["securitySchemes"] == {"bearer": {"type": "http", "scheme": "bearer"}}


@pytest.mark.parametrize("route", ROUTES)
def test_answers_are_what_the_document_says(sunny: Company, document: dict[str, Any], route: str) -> None:
    project = make_project(sunny.connection, (make_contact(sunny.connection),), assigned_role_ref=12)
    make_system(project)
    for make in (make_scheme, make_payment_option, make_costing, make_component):
        make(sunny.connection)
    with scopes_disabled():
        SyncRun.objects.create(connection=sunny.connection)
    client = api(sunny.token("administrator"))
    payload = "" if route == "syncs" else "?payload=1"
    rows = client.get(f"/api/v1/{route}/{payload}").json()["results"]
    assert rows
    for path in (f"/api/v1/{route}/", f"/api/v1/{route}/{{id}}/"):
        component = properties(document, path)
        for row in rows:
            assert row.keys() == component["properties"].keys()
            odd = {k for k, value in row.items() if not fits(document, component["properties"][k], value)}
            assert odd == set()


def test_only_what_may_be_missing_is_not_required(document: dict[str, Any]) -> None:
    missing = {"projects": {"payload"}, "contacts": {"payload"}, "roles": {"payload"}, "syncs": set()}
    missing["systems"] = {"payload", "price_including_tax", "price_excluding_tax", "discount", "net_profit"}
    missing |= {route: {"payload"} for route in PRICES}
    missing["component-activations"] |= {"cost", "price_adjustment"}
    for route, names in missing.items():
        component = properties(document, f"/api/v1/{route}/")
        assert component["properties"].keys() - set(component["required"]) == names


def test_org_is_what_the_document_says(sunny: Company, document: dict[str, Any]) -> None:
    told = api(sunny.token("administrator")).get("/api/v1/org/").json()
    component = properties(document, "/api/v1/org/")
    assert told.keys() == component["properties"].keys()
    assert all(fits(document, component["properties"][key], value) for key, value in told.items())


@pytest.mark.parametrize("route", ROUTES)
def test_documented_parameters_are_the_known_ones(sunny: Company, document: dict[str, Any], route: str) -> None:
    client = api(sunny.token("administrator"))
    for path, url in ((f"/api/v1/{route}/", f"/api/v1/{route}/"), (f"/api/v1/{route}/{{id}}/", f"/api/v1/{route}/1/")):
        operation = document["paths"][path]["get"]
        documented = sorted(p["name"] for p in operation["parameters"] if p["in"] == "query")
        refusal = client.get(f"{url}?odd=1").json()["detail"]
        assert refusal.endswith(f"Known are: {', '.join(documented) or 'none'}.")


def test_the_key_of_an_act_is_a_header_of_what_takes_it(document: dict[str, Any]) -> None:
    taking = {}
    for path, operations in document["paths"].items():
        for verb, operation in operations.items():
            headers = [p for p in operation.get("parameters", ()) if p["in"] == "header"]
            if headers:
                taking[path, verb] = headers
    here = {f"/api/v1/{route}/" for route in ("projects", "contacts")}
    expected = {(path, "post") for path in here}
    expected |= {(f"{path}{{id}}/", verb) for path in here for verb in ("patch", "delete")}
    assert taking.keys() == expected
    for (key,) in taking.values():
        assert (key["name"], key.get("required", False)) == ("Idempotency-Key", False)
        assert key["schema"] == {"type": "string", "format": "uuid"}
        assert "UUID" in key["description"]
        assert "same delivery" in key["description"]


def test_yaml_is_there_for_who_asks(db: None) -> None:
    answer = Client().get("/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi"})
    assert answer.text.startswith("openapi: 3.0")


def test_the_page_and_its_parts_come_from_here(db: None) -> None:
    page = Client().get("/api/v1/docs/")
    assert page.status_code == 200
    parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(parts) >= 4
    for part in parts:
        assert part.startswith(("/static/", "/api/v1/docs/"))
        if part.startswith("/static/"):
            assert finders.find(part.removeprefix("/static/"))
    script = Client().get(next(part for part in parts if "script" in part))
    assert script.headers["Content-Type"] == "application/javascript"
    assert "/api/v1/schema/" in script.text


def test_the_page_keeps_the_policy(db: None) -> None:
    page = Client().get("/api/v1/docs/")
    rules = dict(rule.strip().split(" ", 1) for rule in page.headers["Content-Security-Policy"].split(";"))
    assert (rules["default-src"], rules.keys() & {"script-src", "style-src"}) == ("'self'", set())
    assert "<script>" not in page.text
    assert "<style" not in page.text


def test_the_page_says_its_language_and_its_name(db: None) -> None:
    page = Client().get("/api/v1/docs/").text
    assert '<html lang="en">' in page
    assert "<title>API · Installer Portal</title>" in page


def test_a_bad_token_does_not_close_the_documentation(db: None) -> None:
    for path in ("schema", "docs"):
        assert api("stale").get(f"/api/v1/{path}/").status_code == 200
