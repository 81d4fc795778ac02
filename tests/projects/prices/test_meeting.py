"""What goes wrong on the way: refusals, conflicts, lost answers, wrong values, the wrong person."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import signing
from django.urls import reverse
from django_scopes import scopes_disabled

from portal.models import AuditEntry, DeliveryState, Membership
from projects.models import PricingScheme
from tests.portal.outbox.conftest import Office
from tests.projects.prices.acts import address_of, ask, change, hidden, record_of, resource_of, typed
from tests.world import API

SCHEMES = f"{API}/pricing_schemes/"
BOOKS = ("pricing_scheme", "payment_option", "costing", "component")


def test_what_the_vendor_refuses_stands_at_its_field_and_beside_the_record(office: Office) -> None:
    scheme = record_of("pricing_scheme")
    address = address_of("pricing_scheme", scheme)
    refusal = {"title": ["Too long for us."], "configuration_json": ["Tax is wrong."]}
    office.world.fault("status", path=f"{SCHEMES}.*", method="PATCH", status=400, body=refusal)
    change(office, address, title="A", **{"configuration_json.tax_percentage_included": "101"})
    office.work()
    ada, refused = office.browser("ada"), office.last()
    assert refused.state == DeliveryState.REFUSED
    beside = ada.get(address_of("pricing_scheme", scheme, "")).content.decode()
    assert "Refused" in beside
    assert "Send again" in beside
    assert "Give it up" in beside
    assert "Refused" in ada.get(reverse("pricebook")).content.decode()
    correct = ada.get(reverse("delivery", args=[refused.pk])).context["correct_url"]
    again = ada.get(correct)
    form = again.context["form"]
    assert form["title"].value() == "A"
    assert form["title"].errors == ["Too long for us."]
    assert any("Tax is wrong." in text for text in form.non_field_errors())
    question = ada.post(address, {**typed(ada, correct), "title": "B"})
    carried = {name: form.value() or "" for name, form in _fields(question)}
    ada.post(address, {**hidden(question), **carried, "confirmed": "1"})
    office.work()
    assert [row.state for row in office.all()] == [DeliveryState.CANCELLED, DeliveryState.SENT]
    assert office.vendor("pricing_schemes", scheme.opensolar_id)["title"] == "B"


def _fields(question: Any) -> list[tuple[str, Any]]:
    form = question.context["form"]
    return [(name, form[name]) for name in form.fields]


def test_a_refused_record_comes_back_to_be_corrected(office: Office) -> None:
    ada, address = office.browser("ada"), reverse("component_new") + "?kind=module"
    question = ask(ada, address, module="1", cost="5")
    carried = {name: field.value() or "" for name, field in _fields(question)}
    ada.post(address, {**hidden(question), **carried, "confirmed": "1"})
    office.work()
    again = ada.get(ada.get(reverse("delivery", args=[office.last().pk])).context["correct_url"])
    assert "does not exist" in again.content.decode()
    assert again.context["form"]["module"].errors
    assert again.context["form"]["cost"].value() == "5"


def test_another_records_refused_edit_is_not_corrected_here(office: Office) -> None:
    scheme = record_of("pricing_scheme")
    with scopes_disabled():
        other = PricingScheme.objects.exclude(pk=scheme.pk).order_by("pk")[0]
    office.world.fault("status", path=f"{SCHEMES}.*", method="PATCH", status=400)
    change(office, address_of("pricing_scheme", scheme), title="A")
    office.work()
    ada, number = office.browser("ada"), office.last().pk
    for address in (address_of("pricing_scheme", other), reverse("pricing_scheme_new")):
        assert ada.get(f"{address}?from={number}").context["refused"] is None
    change(office, f"{address_of('pricing_scheme', other)}?from={number}", title="B")
    assert [row.state for row in office.all()] == [DeliveryState.REFUSED, DeliveryState.PENDING]


@pytest.mark.parametrize("book", ["payment_option", "component"])
def test_a_conflict_is_shown_side_by_side_and_a_person_chooses(office: Office, book: str) -> None:
    """A component has no date of change: the values decide."""
    record = record_of(book)
    name, mine, theirs = ("title", "Mine", "Theirs") if book == "payment_option" else ("cost", "71.5", 82.25)
    resource = resource_of(book, record)
    change(office, address_of(book, record), **{name: mine, "is_archived": "on"})
    changed = {name: theirs, **({"modified_date": "2026-11-20T08:00:00Z"} if book == "payment_option" else {})}
    office.world.change(resource, record.opensolar_id, **changed)
    office.work()
    ada, met = office.browser("ada"), office.last()
    assert met.state == DeliveryState.CONFLICT
    assert office.vendor(resource, record.opensolar_id)[name] == theirs
    shown = ada.get(reverse("delivery", args=[met.pk])).content.decode()
    assert str(theirs) in shown
    assert mine in shown
    ada.post(reverse("delivery_choose", args=[met.pk]), {f"choice-{name}": "mine"})
    office.work()
    after = office.vendor(resource, record.opensolar_id)
    assert (str(after[name]), after["is_archived"]) == (mine, True)


def test_what_changed_beside_the_edit_is_no_conflict(office: Office) -> None:
    costing = record_of("costing")
    change(office, address_of("costing", costing), labor_per_panel="70")
    changed = {"racking_per_panel": 44.0, "modified_date": "2026-11-20T08:00:00Z"}
    office.world.change("costings", costing.opensolar_id, **changed)
    office.work()
    there = office.vendor("costings", costing.opensolar_id)
    assert (there["labor_per_panel"], there["racking_per_panel"]) == (70, 44.0)


def test_settings_that_somebody_changed_meanwhile_are_kept(office: Office) -> None:
    """The text is replaced as a whole, so it is the one that was read just before."""
    option = record_of("payment_option", payment_type="loan")
    name = "configuration_json.down_payment_percentage"
    change(office, address_of("payment_option", option), **{name: "15"})
    text = '{"term": 120, "interest_rate": 5, "down_payment_percentage": 10}'
    office.world.change("payment_options", option.opensolar_id, configuration_json=text, modified_date="2026-11-20")
    office.work()
    there = office.vendor("payment_options", option.opensolar_id)["configuration_json"]
    assert there == '{"term": 120, "interest_rate": 5, "down_payment_percentage": 15}'


def test_a_deletion_of_what_was_changed_meanwhile_waits_for_a_person(office: Office) -> None:
    part = record_of("component", kind="battery")
    resource, address = resource_of("component", part), address_of("component", part, "delete")
    ada = office.browser("ada")
    shown = ada.get(address)
    ada.post(address, {**hidden(shown), "typed": shown.context["name"]})
    office.world.change(resource, part.opensolar_id, cost=1.5)
    office.work()
    assert office.last().state == DeliveryState.CONFLICT
    assert office.is_at_vendor(resource, part.opensolar_id)


@pytest.mark.parametrize(("book", "query"), [("costing", ""), ("component", "?kind=other")])
def test_a_record_that_was_made_without_an_answer_is_found_again(office: Office, book: str, query: str) -> None:
    resource = "costings" if book == "costing" else "component_other_activations"
    office.world.fault("done", path=f"{API}/{resource}/", method="POST", status=504)
    given = {"title": "Barns"} if book == "costing" else {"code": "EV-22"}
    change(office, reverse(f"{book}_new") + query, **given)
    office.work()
    office.later()
    assert office.last().state == DeliveryState.SENT
    assert office.sent("POST", f"{API}/{resource}/") == 1


def test_a_record_that_was_never_made_goes_to_a_person(office: Office) -> None:
    office.world.fault("status", path=f"{API}/costings/", method="POST", status=504)
    # One with the same title is there already; it is not taken for the new one.
    change(office, reverse("costing_new"), title="Homes")
    for _ in range(4):
        office.later()
    assert office.last().state == DeliveryState.UNKNOWN
    office.browser("ada").post(reverse("delivery_anew", args=[office.last().pk]))
    office.work()
    assert (office.last().state, office.sent("POST", f"{API}/costings/")) == (DeliveryState.SENT, 2)


def test_a_change_that_was_done_without_an_answer_is_not_sent_again(office: Office) -> None:
    scheme = record_of("pricing_scheme")
    office.world.fault("done", path=f"{SCHEMES}.*", method="PATCH", status=504)
    change(office, address_of("pricing_scheme", scheme), title="Once")
    office.work()
    beside = office.browser("ada").get(address_of("pricing_scheme", scheme, "")).content.decode()
    assert "Waiting to be sent" in beside
    office.later()
    assert (office.last().state, office.sent("PATCH", SCHEMES)) == (DeliveryState.SENT, 1)


def test_what_waits_is_cancelled_beside_the_record(office: Office) -> None:
    scheme = record_of("pricing_scheme")
    change(office, address_of("pricing_scheme", scheme), title="Never")
    here = address_of("pricing_scheme", scheme, "")
    answer = office.browser("ada").post(reverse("delivery_cancel", args=[office.last().pk]), {"next": here})
    assert answer["Location"] == here
    office.work()
    assert office.sent("PATCH", SCHEMES) == office.sent("POST", SCHEMES) == 0
    assert office.vendor("pricing_schemes", scheme.opensolar_id)["title"] == scheme.title


@pytest.mark.parametrize(
    ("book", "given", "said"),
    [
        ("pricing_scheme", {"title": " "}, "required"),
        ("pricing_scheme", {"priority": "high"}, "Give a number"),
        ("pricing_scheme", {"priority": "1.5"}, "Give a whole number"),
        ("pricing_scheme", {"pricing_formula": "Price By Moon"}, "Select a valid choice"),
        ("costing", {"labor_per_panel": "much"}, "Give a number"),
        ("costing", {"labor_per_panel": ""}, "0 where there is nothing to count"),
        ("costing", {"labor_per_panel": "nan"}, "Give a number"),
        ("costing", {"roof_type_adder_1_roof_type": "999"}, "Select a valid choice"),
        ("component", {"cost": "1e300"}, "Give a number"),
    ],
)
def test_wrong_values_stand_at_their_fields(office: Office, book: str, given: dict[str, str], said: str) -> None:
    answer = ask(office.browser("ada"), address_of(book, record_of(book)), **given)
    [name] = given
    assert said in " ".join(answer.context["form"][name].errors)
    assert office.all() == []


def test_nobody_but_administrators_finds_any_of_it(office: Office) -> None:
    """Not the page, not the edit of an administrator, not their own once they are none any more."""
    change(office, address_of("component", record_of("component")), cost="1")
    made = reverse("delivery", args=[office.last().pk])
    for who in ("anna", "ina"):
        browser = office.browser(who)
        for book in BOOKS:
            record = record_of(book)
            for act in ("edit", "delete"):
                address = address_of(book, record, act)
                assert browser.get(address).status_code == browser.post(address, {}).status_code == 404
            assert browser.get(reverse(f"{book}_new")).status_code == 404
        assert browser.get(made).status_code == 404
    anna = office.browser("anna")
    shown = anna.get(address_of("pricing_scheme", record_of("pricing_scheme"), "")).content.decode()
    assert "/edit/" not in shown
    with scopes_disabled():
        Membership.objects.filter(user=office.people["ada"]).update(given_kind="sales")
    ada = office.browser("ada")
    assert ada.get(made).status_code == ada.post(f"{made}cancel/").status_code == 404


def test_money_that_is_not_theirs_is_neither_shown_nor_written(office: Office) -> None:
    part = record_of("component", kind="module")
    change(office, address_of("component", part), cost="71.5")
    made = reverse("delivery", args=[office.last().pk])
    with scopes_disabled():
        Membership.objects.filter(user=office.people["ben"]).update(given_kind="administrator", costs=False)
    ben = office.browser("ben")
    assert ben.get(made).status_code == 404
    assert ben.get(address_of("costing", record_of("costing"))).status_code == 404
    assert ben.get(reverse("costing_new")).status_code == 404
    form = ben.get(address_of("component", part)).context["form"]
    assert "cost" not in form.fields
    assert "71.5" not in ben.get(address_of("component", part, "")).content.decode()
    ask(ben, address_of("component", part), cost="1", _sku="B")
    assert all("cost" not in row.body for row in office.all()[1:])
    office.work()
    assert "71.5" not in ben.get(address_of("component", part, "")).content.decode()


def test_a_forged_view_of_what_was_seen_counts_for_nothing(office: Office) -> None:
    scheme = record_of("pricing_scheme")
    other = signing.dumps([{"title": "x"}, None], salt="another")
    change(office, address_of("pricing_scheme", scheme), title="New", seen=other, once="no uuid")
    assert office.last().base == {"title": scheme.title}


def test_an_act_is_in_the_audit_log_without_amounts(office: Office) -> None:
    change(office, address_of("component", record_of("component")), cost="71.5")
    with scopes_disabled():
        entry = AuditEntry.objects.get(act="catalogue.changed")
    assert (entry.actor, entry.details) == (office.people["ada"], {"fields": "Cost"})
    assert "Changed the catalogue at OpenSolar" in office.browser("ada").get(reverse("audit")).content.decode()
