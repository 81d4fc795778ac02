"""The proposal's page: everything that a proposal holds, money by right, nothing of the vendor's as markup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Connection, ConnectionState, Payload, PendingFetch
from projects.models import Project
from projects.services.proposals import held
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project, make_proposal, make_system
from tests.projects.pages.reading import text_of

SYSTEM = {
    "id": 7001,
    "name": "System 1",
    "systemKwStc": "8.400",
    "systemOutputAnnualkWh": "11,230",
    "systemPaybackYear": "4.2",
    "systemNetPresentValue": "$12,340",
    "systemIrr": "12.3%",
    "systemReturnOnInvestment": "210%",
    "panelOrientations": "18 panels to the north",
    "output_monthly_json": "[680, 720, 900, 950, 990, 1000, 1010, 1000, 980, 950, 1020, 1030]",
    "energy_consumption_daily_per_month_json": "[20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20]",
    "data": {
        "pricing": {"system_price_including_tax": 24900, "margin": 4100.5, "discount": 150},
        "line_items": [{"label": "Panels", "quantity": 18, "total_value": 9000, "total_cost": 7111}],
        "payment_options": [{"id": 242, "title": "Green loan", "payment_type": "loan", "monthly_payment": 311}],
        "bills": {"current": {"annual": 2400}, "proposed": {"annual": "$300"}},
        "shadingByPanelGroup": [{"azimuth": 12, "solarAccess": 94.5}],
        "environmentals": {"trees_planted": 187},
        "output": {"hourly": [1.0] * 17},
    },
}
PROJECT = {
    "id": 5001,
    "payment_option_sold": "https://api.opensolar.com/api/orgs/1/payment_options/242/",
    "change_orders": [{"title": "Move the inverter", "status": "accepted", "amount": 987}],
    "available_customer_actions": [{"action_title": "Accept online"}, {"action_type": "checkout"}, 7],
    "proposal_data": {
        "systems": [SYSTEM],
        "proposal_message": "<p>Dear <b>Ada</b></p><script>alert(1)</script><style>p{}</style><p>&lt;thanks&gt;</p>",
        "system_performance_html": '<img src=x onerror="alert(2)"><p>Runs well',
        "proposal_attachments": [{"title": "Warranty.pdf"}],
        "current_system": {"inverters": [{"code": "OLD-3"}], "kw_stc": 2.4},
    },
}


@pytest.fixture(autouse=True)
def unscoped() -> Iterator[None]:
    with scopes_disabled():
        yield


@pytest.fixture
def project(sunny: Company) -> Project:
    found = make_project(sunny.connection, opensolar_id=5001, is_sold=True, assigned_site_inspector_role_ref=13)
    make_system(found, opensolar_id=7001)
    make_proposal(found, system_ref=7001, option_place=0, calculation_errors=["No tariff <b>set</b>."], language="en")
    keep(sunny, PROJECT)
    return found


def keep(company: Company, record: dict[str, Any]) -> None:
    body = {"digest": b"x" * 16, "requested_at": NOON, "body": orjson.dumps(record).decode()}
    Payload.objects.update_or_create(
        connection=company.connection, resource="proposals", vendor_id="5001", shape="detail", defaults=body
    )


@pytest.fixture
def grace(sunny: Company) -> Client:
    return signed_in(sunny.people["sales"])


def page(browser: Client, project: Project) -> str:
    answer = browser.get(f"/projects/{project.pk}/proposal/")
    assert answer.status_code == 200
    return text_of(answer).replace("\u00a0", " ")


def test_everything_stands_there(grace: Client, project: Project) -> None:
    text = page(grace, project)
    for words in (
        *("8.40 kW", "11,230 kWh", "$24,900", "$18,536", "4.2 years", "$12,340", "12.3 %", "210.0 %"),
        *("18 panels to the north", "680 kWh", "620 kWh", "$2,400", "$300", "$2,100", "Panels", "$9,000", "$7,111"),
        *("Green loan", "311", "94.5", "187", "Move the inverter", "987", "Accept online", "Checkout".lower()),
        *("Warranty.pdf", "OLD-3", "2.4", "Dear Ada", "Runs well", "No tariff <b>set</b>.", "Language: en."),
        "OpenSolar sent 17 hourly figures",
    ):
        assert words in text, words


def test_html_of_the_vendor_is_shown_cleaned(grace: Client, project: Project) -> None:
    source = grace.get(f"/projects/{project.pk}/proposal/").content.decode()
    assert "<p>Dear <b>Ada</b></p>" in source
    assert "<p>Runs well</p>" in source
    assert "&lt;thanks&gt;" in source
    for markup in ("alert(", "onerror", "<img", "<thanks>", "tariff <b>"):
        assert markup not in source


def test_the_chart_has_a_bar_for_each_figure(grace: Client, project: Project) -> None:
    source = grace.get(f"/projects/{project.pk}/proposal/").content.decode()
    assert (source.count('class="months-made"'), source.count('class="months-used"')) == (12, 12)


def test_money_by_right(sunny: Company, grace: Client, project: Project) -> None:
    membership = sunny.membership("sales")
    membership.costs = False
    membership.save()
    text = page(grace, project)
    assert "$9,000" in text
    for cost in ("18,536", "7,111", "4,100"):
        assert cost not in text
    crew = page(signed_in(sunny.people["inspector"]), project)
    assert "11,230 kWh" in crew
    for money in ("24,900", "9,000", "311", "12,340", "2,400", "210", "987", "4.2 years", "150"):
        assert money not in crew, money


def test_hourly_figures_of_a_year_make_months(sunny: Company, grace: Client, project: Project) -> None:
    system = {"name": "System 1", "data": {"output": {"hourly": [0.5] * 8760}}}
    keep(sunny, {"id": 5001, "proposal_data": {"systems": [system]}})
    assert "372 kWh" in page(grace, project)


@pytest.mark.parametrize(
    ("state", "off", "words"),
    [
        (ConnectionState.WELL, {"proposals": "Needs “Raw Data API Access”."}, "Needs “Raw Data API Access”."),
        (ConnectionState.CREDENTIALS, {}, "Needs a new login"),
    ],
)
def test_where_opensolar_cannot_be_asked_it_is_said_and_what_is_held_stays(
    grace: Client, project: Project, state: str, off: dict[str, str], words: str
) -> None:
    Connection.objects.update(state=state, switched_off=off)
    text = page(grace, project)
    assert words in text
    assert "8.40 kW" in text
    assert not PendingFetch.objects.exists()
    grace.post(f"/projects/{project.pk}/proposal/")
    assert not PendingFetch.objects.exists()


def test_asking_again_is_done_once_a_minute(grace: Client, project: Project) -> None:
    address = f"/projects/{project.pk}/proposal/"
    assert "asked for this proposal now" in text_of(grace.post(address, {"language": "fr"}, follow=True))
    assert PendingFetch.objects.get(vendor_id="5001:fr").rank == 0
    assert "less than a minute ago" in text_of(grace.post(address, {"language": "fr"}, follow=True))


def test_a_page_without_a_proposal_says_what_will_stand_there_and_why_it_waits(sunny: Company, grace: Client) -> None:
    bare = make_project(sunny.connection, opensolar_id=5002, assigned_site_inspector_role_ref=13)
    text = text_of(grace.get(f"/projects/{bare.pk}/proposal/"))
    assert "OpenSolar is being asked for this proposal." in text
    assert "The proposal will stand here Each system with its price, payment options" in text
    assert "takes some seconds. This page shows it by itself." in text
    PendingFetch.objects.all().delete()
    text = text_of(grace.get(f"/projects/{bare.pk}/proposal/"))
    assert "OpenSolar makes one once a system is designed. “Refresh now” asks again." in text
    inspector = signed_in(sunny.people["inspector"]).get(f"/projects/{bare.pk}/proposal/")
    assert "The proposal will stand here Each system with its parts" in text_of(inspector)
    assert "payment options" not in text_of(inspector)
    Connection.objects.update(switched_off={"proposals": "OpenSolar's Raw Data API is not in this plan (402)."})
    text = text_of(grace.get(f"/projects/{bare.pk}/proposal/"))
    assert "Proposals would stand here" in text
    assert "Refresh now" not in text


def test_a_proposal_that_comes_while_its_page_is_made_is_not_said_to_be_missing(
    sunny: Company, grace: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = make_project(sunny.connection, opensolar_id=5002)
    monkeypatch.setattr(held, "want", lambda *_asked: make_proposal(bare))
    text = text_of(grace.get(f"/projects/{bare.pk}/proposal/"))
    assert "OpenSolar is being asked for this proposal." in text
    assert grace.get(f"/projects/{bare.pk}/proposal/state/")["HX-Refresh"] == "true"


def test_a_page_that_waits_is_told_when_to_load_anew(grace: Client, project: Project) -> None:
    grace.post(f"/projects/{project.pk}/proposal/")
    state = f"/projects/{project.pk}/proposal/state/"
    answer = grace.get(state)
    assert (answer.status_code, "HX-Refresh" in answer) == (204, False)
    PendingFetch.objects.all().delete()
    assert grace.get(state)["HX-Refresh"] == "true"


@pytest.mark.parametrize("language", ["../..", "f", "<script>", "fr'--", "x" * 40])
def test_no_rubbish_is_asked_for_as_a_language(grace: Client, project: Project, language: str) -> None:
    assert grace.get(f"/projects/{project.pk}/proposal/", {"language": language}).status_code == 200
    assert not PendingFetch.objects.filter(vendor_id__contains=":").exists()
