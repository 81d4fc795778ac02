"""Each kind of price and component made, changed and deleted by page, and seen at the vendor."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from django.urls import reverse
from django_scopes import scopes_disabled

from portal.models import AuditEntry, Change, DeliveryState
from projects.models import PricingScheme
from tests.portal.outbox.conftest import Office
from tests.projects.prices.acts import address_of, ask, change, hidden, record_of, resource_of
from tests.world import API

COMPONENTS = [{"kind": kind} for kind in ("module", "inverter", "battery", "other")]
CHANGES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("pricing_scheme", {}, {"title": "Rooftop", "priority": "4", "auto_apply_enabled": None}),
    ("payment_option", {}, {"title": "Cash", "description": "Two parts.", "auto_discount": "on"}),
    ("costing", {}, {"title": "Houses", "labor_per_panel": "65.25", "roof_type_adder_2_roof_type": "19"}),
    ("component", {"kind": "module"}, {"cost": "99.5", "_sku": "A-1", "is_archived": "on"}),
    ("component", {"kind": "inverter"}, {"price_adjustment": "-12.5", "additional_parts_warranty": "7"}),
    ("component", {"kind": "battery"}, {"quantity": "3", "product_warranty": "12"}),
    ("component", {"kind": "other"}, {"code": "ISO-40", "data.description": "On the wall."}),
]


@pytest.mark.parametrize(("book", "which", "wanted"), CHANGES)
def test_a_record_is_changed_once_it_was_confirmed(
    office: Office, book: str, which: dict[str, str], wanted: dict[str, Any]
) -> None:
    document = book == "payment_option"
    office.world.settings(document_posts=document)
    record = record_of(book, **which)
    resource, address = resource_of(book, record), address_of(book, record)
    before = office.vendor(resource, record.opensolar_id)
    question = ask(office.browser("ada"), address, **wanted)
    assert "in OpenSolar for everybody" in question.content.decode()
    assert {label for label, _was, _now in question.context["lines"]} != set()
    assert len(question.context["lines"]) == len(wanted)
    assert office.all() == []
    assert change(office, address, **wanted)["Location"] == address_of(book, record, "")
    office.work()
    assert office.last().state == DeliveryState.SENT, office.last().message
    after = office.vendor(resource, record.opensolar_id)
    plain = {name: value for name, value in wanted.items() if not name.startswith(("data.", "roof_"))}
    for name, value in plain.items():
        assert after[name] == (value == "on" if value in ("on", None) else _number(value)), name
    assert office.sent("POST" if document else "PATCH", f"{API}/{resource}/{record.opensolar_id}/") == 1
    untouched = before.keys() - wanted.keys() - {"modified_date", "data"}
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}
    if book == "component":
        assert orjson.loads(before["data"]).keys() == orjson.loads(after["data"]).keys()
    with scopes_disabled():
        told = Change.objects.filter(resource=resource)
        assert {(row.source, row.actor) for row in told} == {("person", office.people["ada"])}
        assert told.count() >= len(wanted)
        assert AuditEntry.objects.filter(act__endswith=".changed").count() == 1
    page_after = office.browser("ada").get(address_of(book, record, "")).content.decode()
    assert "Ada" in page_after


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def test_settings_that_no_document_names_go_back_as_they_were(office: Office) -> None:
    kept = {"price_per_watt": 1.18, "minimum_price": 5400, "tiers": [{"up_to_kw": 5.0}], "big": 12345678901234567890}
    settings = {**kept, "tax_percentage_included": 10}
    office.world.change("pricing_schemes", 1408, configuration_json=orjson_text(settings))
    office.world.sync()
    scheme = record_of("pricing_scheme")
    form = office.browser("ada").get(address_of("pricing_scheme", scheme))
    assert [field.name for field in form.context["form"].settings] == ["configuration_json.tax_percentage_included"]
    assert "Minimum price" in form.content.decode()
    change(office, address_of("pricing_scheme", scheme), **{"configuration_json.tax_percentage_included": "12.5"})
    office.work()
    there = office.vendor("pricing_schemes", 1408)["configuration_json"]
    assert orjson.loads(there) == {**orjson.loads(orjson_text(kept)), "tax_percentage_included": 12.5}
    assert "12345678901234567890" in there


def orjson_text(value: Any) -> str:
    return json.dumps(value)


@pytest.mark.parametrize(
    ("book", "query", "given", "resource"),
    [
        (
            "pricing_scheme",
            "",
            {"title": "By piece", "pricing_formula": "Price Per Module/Inverter/Battery", "priority": "3"}
            | {"configuration_json.price_per_module": "500"},
            "pricing_schemes",
        ),
        ("payment_option", "", {"title": "Lease", "payment_type": "lease"}, "payment_options"),
        ("costing", "", {"title": "Barns", "racking_per_panel": "40"}, "costings"),
        ("component", "?kind=module", {"module": "8615", "cost": "91"}, "component_module_activations"),
        (
            "component",
            "?kind=inverter",
            {"inverter": "/api/component_inverters/8703/"},
            "component_inverter_activations",
        ),
        ("component", "?kind=battery", {"battery": "8802", "_sku": "B"}, "component_battery_activations"),
        (
            "component",
            "?kind=other",
            {"code": "EV-22", "manufacturer_name": "Wheatstone", "data.show_customer": "on"},
            "component_other_activations",
        ),
    ],
)
def test_a_record_is_made_once_however_often_it_is_confirmed(
    office: Office, book: str, query: str, given: dict[str, str], resource: str
) -> None:
    ada, address = office.browser("ada"), reverse(f"{book}_new") + query
    question = ask(ada, address, **given)
    assert question.status_code == 200
    fields = question.context["form"].fields
    form = {**hidden(question), **{name: question.context["form"][name].value() or "" for name in fields}}
    first, again = (ada.post(address, {**form, "confirmed": "1"}) for _ in range(2))
    assert first.status_code == 302
    assert first["Location"] == again["Location"]
    office.work()
    made = office.last()
    assert made.state == DeliveryState.SENT, (made.message, made.errors)
    assert office.sent("POST", f"{API}/{resource}/") == 1
    there = office.vendor(resource, int(made.vendor_id.rpartition(":")[2]))
    for name, value in given.items():
        if "." not in name and name not in ("module", "inverter", "battery"):
            assert there[name] == _number(value), name
    if "configuration_json.price_per_module" in given:
        assert orjson.loads(there["configuration_json"]) == {"price_per_module": 500}
    if book == "component" and "other" not in query:
        assert there["code"]
    shown = ada.get(reverse("delivery", args=[made.pk]))
    assert shown.context["page_url"]
    assert ada.get(shown.context["page_url"]).status_code == 200


@pytest.mark.parametrize(
    ("book", "which"),
    [("pricing_scheme", {}), ("payment_option", {}), ("costing", {})] + [("component", which) for which in COMPONENTS],
)
def test_deleting_takes_the_typed_name(office: Office, book: str, which: dict[str, str]) -> None:
    ada, record = office.browser("ada"), record_of(book, **which)
    resource, address = resource_of(book, record), address_of(book, record, "delete")
    shown = ada.get(address)
    assert "Type the name exactly" in ada.post(address, {**hidden(shown), "typed": "no"}).content.decode()
    assert office.all() == []
    ada.post(address, {**hidden(shown), "typed": shown.context["name"]})
    ada.post(address, {**hidden(shown), "typed": shown.context["name"]})
    office.work()
    assert [row.state for row in office.all()] == [DeliveryState.SENT]
    assert not office.is_at_vendor(resource, record.opensolar_id)
    page_after = ada.get(address_of(book, record, "")).content.decode()
    assert "any more" in page_after
    assert "Removed at OpenSolar" in page_after
    assert ada.get(address).status_code == 404


def test_two_edits_that_wait_go_as_one(office: Office) -> None:
    address = address_of("pricing_scheme", record_of("pricing_scheme"))
    change(office, address, title="First")
    change(office, address, priority="9")
    assert [row.body for row in office.all()] == [{"title": "First", "priority": 9}]


def test_nothing_changed_is_no_edit(office: Office) -> None:
    for book in ("pricing_scheme", "payment_option", "costing", "component"):
        answer = ask(office.browser("ada"), address_of(book, record_of(book)))
        assert answer.status_code == 302, answer.context["lines"]
    assert office.all() == []


def test_edit_again_brings_the_form_back_with_what_was_typed(office: Office) -> None:
    ada, address = office.browser("ada"), address_of("pricing_scheme", record_of("pricing_scheme"))
    question = ask(ada, address, title="Typed")
    fields = question.context["form"].fields
    form = {**hidden(question), **{name: question.context["form"][name].value() or "" for name in fields}}
    again = ada.post(address, {**form, "back": "1"})
    assert again.context["form"]["title"].value() == "Typed"
    with scopes_disabled():
        assert not PricingScheme.objects.filter(title="Typed").exists()
    assert office.all() == []
