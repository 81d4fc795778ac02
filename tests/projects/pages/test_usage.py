"""Consumption by month, tariffs, events by the documents' labels, as a project's page shows them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Payload
from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import make_event, make_project
from tests.projects.pages.reading import text_of

MONTHLY = {"usage_data_source": "kwh_monthly", "values": [510, 470, 430, 400, 380, 420, 460, 440, 390, 370, 410, 1480]}


@pytest.fixture
def project(sunny: Company) -> Project:
    """A project that names the inspector."""
    return make_project(sunny.connection, assigned_site_inspector_role_ref=13)


def said(client: Client, project: Project, **keys: Any) -> str:
    with scopes_disabled():
        Payload.objects.filter(vendor_id=str(project.opensolar_id)).update(body=json.dumps(keys))
    page = client.get(f"/projects/{project.pk}/")
    assert page.status_code == 200
    return text_of(page)


@pytest.mark.parametrize("usage", [MONTHLY, json.dumps(MONTHLY), {**MONTHLY, "values": json.dumps(MONTHLY["values"])}])
def test_months_are_read_from_an_object_and_from_text(grace: Client, project: Project, usage: Any) -> None:
    words = said(grace, project, usage=usage)
    assert "Jan 510 kWh Feb 470 kWh" in words
    assert "Dec 1,480 kWh" in words


@pytest.mark.parametrize(
    ("usage", "words"),
    [
        ({"usage_data_source": "kwh_quarterly", "values": [100, 200, 300, 4000]}, "Jan–Mar 100 kWh Apr–Jun 200 kWh"),
        ({"usage_data_source": "kwh_every_second_month", "values": [700] * 6}, "Jan–Feb 700 kWh Mar–Apr 700 kWh"),
        ({"usage_data_source": "kwh_daily_per_month", "values": ["10.5"] * 12}, "Jan 326 kWh Feb 294 kWh"),
        ({"usage_data_source": "kwh_monthly", "values": [0] * 12}, "Jan 0 kWh"),
    ],
)
def test_longer_times_and_daily_figures(grace: Client, project: Project, usage: Any, words: str) -> None:
    assert words in said(grace, project, usage=usage)


@pytest.mark.parametrize(
    "usage",
    [
        "null",
        "{",
        {"usage_data_source": "kwh_monthly", "values": [1] * 11},
        {"usage_data_source": "kwh_monthly", "values": [-5] * 12},
        {"usage_data_source": "kwh_monthly", "values": ["much"] * 12},
        {"usage_data_source": "kwh_monthly", "values": "[[1]]"},
        {"usage_data_source": ["kwh_monthly"], "values": [1] * 12},
        {"usage_data_source": "bill_monthly", "values": [4711] * 12},
        {"usage_data_source": "kwh_annual", "values": 6200},
    ],
)
def test_what_is_no_energy_by_month_is_not_shown(grace: Client, project: Project, usage: Any) -> None:
    words = said(grace, project, usage=usage)
    assert "Usage and tariffs" not in words
    assert "4711" not in words


def test_tariffs_are_shown_as_they_came(grace: Client, project: Project) -> None:
    tariff = {
        "id": 4011,
        "url": "https://api.example.com/api/utility_tariffs/4011/",
        "utility_name": "Meridian Grid",
        "name": "Time of Use",
        "energy_rate": 0.27,
        "is_default": False,
        "nested": {"a": 1},
    }
    words = said(
        grace,
        project,
        utility_tariff_current_data=tariff,
        utility_tariff_current_custom="null",
        utility_tariff_proposed_custom=json.dumps({"title": "Solar Sponge"}),
    )
    assert "Now Time of Use · Meridian Grid Energy rate: 0.27 Is default: no" in words
    assert "Proposed Solar Sponge" in words
    assert "nested" not in words.lower()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"utility_tariff_current": "https://x/api/utility_tariffs/4011/"}, "Now OpenSolar tariff 4011"),
        (
            {"utility_tariff_current": None, "utility_tariff_current_guess": "/api/utility_tariffs/4012/"},
            "Now OpenSolar tariff 4012 assumed by OpenSolar",
        ),
        ({"utility_tariff_proposed": 7}, "Proposed OpenSolar tariff 7"),
        ({"utility_tariff_current_data": '{"id": 9}'}, "Now OpenSolar tariff 9"),
        ({"utility_tariff_current_custom": {"rate": 1}}, "Now Custom Rate: 1"),
    ],
)
def test_a_tariff_by_its_number(grace: Client, project: Project, keys: dict[str, Any], words: str) -> None:
    assert words in said(grace, project, **keys)


@pytest.mark.parametrize("odd", ["null", "{", "", 0.5, [], [1], {}, True])
def test_odd_tariffs_show_nothing(grace: Client, project: Project, odd: Any) -> None:
    names = [f"utility_tariff_{when}{end}" for when in ("current", "proposed") for end in ("", "_custom", "_data")]
    assert "Usage and tariffs" not in said(grace, project, **dict.fromkeys(names, odd))


def test_mirrored_events_stand_in_the_timeline_by_the_documents_labels(
    sunny: Company, grace: Client, project: Project
) -> None:
    make_event(project, event_type_id=41, title="", notes="Inverter replaced")
    make_event(project, event_type_id=998, title="", who="Unknown User")
    make_event(project, event_type_id=28, title="Put away", is_archived=True)
    make_event(project, event_type_id=28, title="Taken back", removed_at=timezone.now())
    make_event(project, event_type_id=4, title="Paid $5,432", notes="5432")
    carried = {"id": 1, "event_type_id": 20, "title": "From the body", "start": "2026-11-01T00:00:00Z"}
    words = said(grace, project, events_data=[carried])
    assert "On-site Maintenance Visit Inverter replaced just now · Lise Meitner" in words
    assert "OpenSolar event type 998 just now" in words
    assert "Paid $5,432" in words
    for unsaid in ("Unknown User", "Put away", "Taken back", "From the body"):
        assert unsaid not in words
    theirs = said(signed_in(sunny.people["inspector"]), project)
    assert "Customer Made a Payment" in theirs
    assert "5,432" not in theirs


def test_a_type_of_roof_has_the_documents_label(sunny: Company, grace: Client) -> None:
    roof = make_project(sunny.connection, roof_type_id=6)
    other = make_project(sunny.connection, roof_type_id=99)
    assert "Composition / Asphalt Shingle" in said(grace, roof)
    assert "OpenSolar roof type 99" in said(grace, other)
