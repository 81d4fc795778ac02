"""Prices, payment options, costings and components arrive, change, go; an account without them is left in peace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.utils import timezone

from portal.models import Change, ConnectionState, Cursor, Payload, RunState
from portal.services.connection_acts import switch_on
from portal.services.syncing import ask_for_sync, due_connections, run_queued
from portal.vendors.opensolar.resources import COMPONENTS, PRICES
from projects.models import ComponentActivation, ComponentKind, Costing, ModuleActivation, PaymentOption, PricingScheme
from tests.portal.sync.evidence import calls
from tests.world import API, World, connection, last_run, open_problems

pytestmark = pytest.mark.usefixtures("unscoped")
SCHEMES = f"{API}/pricing_schemes/"


def test_they_arrive_decoded_and_their_texts_are_kept(mirrored: World) -> None:
    scheme = PricingScheme.objects.get(pricing_formula="Price Per Watt")
    assert scheme.configuration == {"price_per_watt": 1.18, "minimum_price": 5400, "tax_percentage_included": 10}
    body = orjson.loads(Payload.objects.get(resource="pricing_schemes", vendor_id=str(scheme.opensolar_id)).body)
    assert orjson.loads(body["configuration_json"]) == scheme.configuration
    assert PaymentOption.objects.get(payment_type="loan").configuration["interest_rate"] == 6.49
    costing = Costing.objects.get(title="Homes")
    assert (costing.figures["labor_per_panel"], len(costing.figures)) == (62.5, 75)
    module = ModuleActivation.objects.get(opensolar_id=613)
    assert module.data is not None
    assert (module.key, module.data["kw_stc"], str(module)) == ("module:613", 0.44, "Selenium Cell Works SCW-440N")
    assert set(ComponentActivation.objects.values_list("kind", flat=True)) == set(ComponentKind.values)


def test_unchanged_lists_write_nothing(mirrored: World) -> None:
    before = list(ComponentActivation.objects.order_by("pk").values())
    outcome = mirrored.sync()
    assert outcome.code == 0
    for name in (*PRICES, *COMPONENTS):
        assert len(calls(mirrored, f"{API}/{name}/")) == 2, "its page, and the one that shows the end"
        assert outcome.counts[name]["unchanged"] == outcome.counts[name]["fetched"] > 0
    assert list(ComponentActivation.objects.order_by("pk").values()) == before


def test_a_vendor_that_gives_few_rows_a_page_is_asked_for_all(connected: World) -> None:
    connected.settings(max_limit=2)
    connected.sync()
    connected.settings(max_limit=100)
    outcome = connected.sync()
    counts = [outcome.counts[name] for name in (*PRICES, *COMPONENTS)]
    assert {count["created"] for count in counts} == {0}
    assert max(count["fetched"] for count in counts) > 2


def test_a_change_is_mirrored_and_told_in_the_history(mirrored: World) -> None:
    mirrored.change("pricing_schemes", 1408, configuration_json='{"price_per_watt": 1.31}')
    mirrored.change("component_module_activations", 613, cost=99.5)
    outcome = mirrored.sync()
    assert outcome.counts["pricing_schemes"]["updated"] == 1
    assert PricingScheme.objects.get(opensolar_id=1408).configuration == {"price_per_watt": 1.31}
    told = {(c.resource, c.vendor_id, c.field): c.after for c in Change.objects.filter(connection=connection())}
    assert told == {
        ("pricing_schemes", "1408", "configuration.price_per_watt"): "1.31",
        ("pricing_schemes", "1408", "configuration.minimum_price"): "null",
        ("pricing_schemes", "1408", "configuration.tax_percentage_included"): "null",
        ("component_module_activations", "module:613", "cost"): "99.5000",
    }


@pytest.mark.parametrize("text", ["{'a': True}", "", "null", '["a"]', "{" * 3000])
def test_a_text_that_is_no_json_stops_nothing(mirrored: World, text: str) -> None:
    mirrored.change("pricing_schemes", 1408, configuration_json=text, title="Changed")
    assert mirrored.sync().code == 0
    scheme = PricingScheme.objects.get(opensolar_id=1408)
    assert (scheme.title, scheme.configuration) == ("Changed", None)
    assert open_problems() == []


def test_true_in_place_of_one_is_written(mirrored: World) -> None:
    """To Python they are equal, to an integrator they are not."""
    for text, value in (('{"auto": 1}', 1), ('{"auto": true}', True)):
        mirrored.change("payment_options", 242, configuration_json=text)
        mirrored.sync()
        configuration = PaymentOption.objects.get(opensolar_id=242).configuration
        assert configuration is not None
        assert configuration["auto"] is value


def test_a_deleted_one_is_hidden_and_others_of_its_number_stay(mirrored: World) -> None:
    for kind in ("inverter", "battery"):
        mirrored.add(f"component_{kind}_activations", {"id": 9001, "code": kind, f"{kind}_id": None, "data": "{}"})
    mirrored.sync()
    mirrored.delete("component_inverter_activations", 9001)
    outcome = mirrored.sync()
    assert (outcome.code, outcome.counts["component_inverter_activations"]["removed"]) == (0, 1)
    found = {c.kind: c.removed_at is not None for c in ComponentActivation.objects.filter(opensolar_id=9001)}
    assert found == {"inverter": True, "battery": False}


def test_a_record_that_cannot_be_read_is_a_problem_and_others_go_in(mirrored: World) -> None:
    mirrored.change("component_module_activations", 613, cost="dear")
    mirrored.change("component_module_activations", 614, cost=7)
    assert mirrored.sync().code == 1
    (problem,) = open_problems()
    assert (problem.resource, problem.vendor_id) == ("component_module_activations", "module:613")
    assert ModuleActivation.objects.get(opensolar_id=614).cost == 7


@pytest.mark.parametrize("status", [402, 403, 404, 405])
def test_a_list_that_the_account_does_not_have_is_switched_off(mirrored: World, status: int) -> None:
    mirrored.fault("status", path=SCHEMES, status=status, times=None)
    outcome = mirrored.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert (last_run().state, last_run().message) == (RunState.SUCCESS, "")
    assert (connection().state, connection().message) == (ConnectionState.WELL, "")
    assert list(connection().switched_off) == ["pricing_schemes"]
    assert f"({status})" in connection().switched_off["pricing_schemes"]
    assert open_problems() == []
    assert PricingScheme.objects.filter(removed_at=None, withheld_at=None).count() == 2
    mirrored.log(clear=True)
    mirrored.sync()
    assert not calls(mirrored, SCHEMES)
    assert calls(mirrored, f"{API}/payment_options/")


def test_what_is_switched_off_is_tried_again_after_a_day(mirrored: World) -> None:
    mirrored.fault("status", path=SCHEMES, status=402, times=None)
    mirrored.sync()
    cursor = Cursor.objects.get(resource="pricing_schemes")
    assert cursor.next_due_at is not None
    assert timedelta(hours=20) < cursor.next_due_at - timezone.now() < timedelta(hours=28)
    assert not due_connections().exists()
    mirrored.heal()
    Cursor.objects.filter(pk=cursor.pk).update(next_due_at=timezone.now() - timedelta(seconds=1))
    run_queued(ask_for_sync(connection()).pk)
    assert connection().switched_off == {}
    assert len(calls(mirrored, SCHEMES)) == 3, "the refused one, the page, its end"


def test_a_person_switches_it_on_again(mirrored: World, admin_user: Any) -> None:
    mirrored.fault("status", path=SCHEMES, status=404, times=None)
    mirrored.sync()
    mirrored.heal()
    mirrored.log(clear=True)
    switch_on(connection(), "pricing_schemes", admin_user)
    run_queued(ask_for_sync(connection()).pk)
    assert calls(mirrored, SCHEMES)
    assert connection().switched_off == {}


@pytest.mark.parametrize("status", [402, 403])
def test_a_refusal_of_the_whole_account_switches_nothing_off(mirrored: World, status: int) -> None:
    """Also when only such lists are due, so that no other list can tell."""
    Cursor.objects.filter(resource__in=("roles", "contacts", "projects", "systems")).update(
        next_due_at=timezone.now() + timedelta(hours=1)
    )
    Cursor.objects.filter(resource__in=(*PRICES, *COMPONENTS)).update(next_due_at=None)
    mirrored.fault("status", status=status, times=None)
    run_queued(ask_for_sync(connection()).pk)
    assert connection().switched_off == {}
    assert connection().state == (ConnectionState.PLAN if status == 402 else ConnectionState.FORBIDDEN)


def test_they_are_listed_less_often_than_projects(mirrored: World) -> None:
    rows = Cursor.objects.values_list("resource", "next_due_at", "completed_at")
    waits = {name: due - completed for name, due, completed in rows}
    assert waits["projects"] < timedelta(minutes=17)
    assert all(timedelta(minutes=50) < waits[name] < timedelta(minutes=67) for name in (*PRICES, *COMPONENTS))
