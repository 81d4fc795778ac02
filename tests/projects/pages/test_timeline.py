"""A project's timeline: what changed, in words, grouped, filtered and paged."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import Change
from projects.models import Project, System
from tests.conftest import Company
from tests.factories import NOON, make_contact, make_project, make_role, make_system
from tests.projects.pages.telling import HTMX, carry, change, timeline_in


def test_changes_of_one_moment_are_one_entry_in_a_salespersons_words(
    sunny: Company, grace: Client, bare: Project
) -> None:
    system = make_system(bare, name="Both sides", details_at=NOON)
    make_system(bare, name="East", details_at=NOON)
    change(system, "price_including_tax", 24900.00, 23500.00)
    change(system, "kw_stc", 8.4, 8.8)
    change(system, "modules", [{"manufacturer_name": "LG", "code": "LG345", "quantity": 18}], [])
    change(system, "module_groups", [], [{"module_quantity": 18, "azimuth": 277, "slope": 20, "layout": "portrait"}])
    page = grace.get(f"/projects/{bare.pk}/")
    assert (
        "Both sides Price including tax $24,900 became → $23,500 Size 8.40 kW became → 8.80 kW"
        " Modules 18 × LG LG345 became → nothing"
        " Panel groups nothing became → 18 panels, to 277°, 20° steep, portrait 1 h ago · at OpenSolar"
        in timeline_in(page)
    )


def test_numbers_of_people_stages_and_systems_become_names(sunny: Company, grace: Client, bare: Project) -> None:
    make_role(sunny.connection, opensolar_id=40, display="Lise Meitner")
    make_system(bare, opensolar_id=901, name="East", details_at=NOON)
    contact = make_contact(sunny.connection, opensolar_id=77, display="Marie Curie")
    change(bare, "stage", 1, 2)
    change(bare, "assigned_installer_role_ref", None, 40)
    change(bare, "assigned_designer_role_ref", 41, None)
    change(bare, "system_sold_ref", None, 901)
    change(bare, "roof_type_id", 14, 99)
    change(bare, "sold_date", None, "2026-11-19")
    change(bare, "is_residential", True, False)
    change(bare, "contacts", [77, 78], [77])
    change(contact, "phone", "+61 1", "+61 2", ago=2)
    said = timeline_in(grace.get(f"/projects/{bare.pk}/"))
    assert "+61 2" not in said  # not a customer of this project
    with scopes_disabled():
        Change.objects.filter(resource="contacts").delete()
    for words in (
        "Stage Lock pricing became → Sold",
        "Installer nothing became → Lise Meitner",
        "Designer OpenSolar role 41 became → nothing",
        "System sold nothing became → East",
        "Roof type Metal Standing Seam became → OpenSolar roof type 99",
        "Sold on nothing became → 19 Nov 2026",
        "Residential home became → business",
        "Customers customer 77, customer 78 became → customer 77",
    ):
        assert words in said


def test_customers_changes_stand_under_their_name_until_they_are_gone(sunny: Company, grace: Client) -> None:
    curie = make_contact(sunny.connection, display="Marie Curie")
    watt = make_contact(sunny.connection, display="James Watt", removed_at=NOON)
    project = make_project(sunny.connection, (curie, watt), created_date=None, modified_date=None)
    change(curie, "phone", "+61 1", "+61 2")
    change(watt, "phone", "+61 3", "+61 4", ago=2)
    change(watt, "", None, "removed", ago=3)
    said = timeline_in(grace.get(f"/projects/{project.pk}/"))
    assert "Marie Curie Phone +61 1 became → +61 2" in said
    assert "Customer removed" in said
    assert "Watt" not in said
    assert "+61 4" not in said


def test_who_did_it_and_when_it_was_changed_there(sunny: Company, grace: Client, bare: Project) -> None:
    by = sunny.people["administrator"]
    change(bare, "notes", "", "Ring before coming.", source="person", actor=by)
    change(bare, "lead_source", "Fair", "Web", ago=2, source="api", actor=None)
    change(bare, "address", "1 Main St", "2 Main St", ago=3, vendor_at=NOON - timedelta(hours=5))
    said = timeline_in(grace.get(f"/projects/{bare.pk}/"))
    assert "Notes nothing became → Ring before coming. 1 h ago · Administrator" in said
    assert "Web 2 h ago · somebody who is gone, over the API" in said
    assert "2 Main St Changed there on 20 Nov 2026, 18:00 UTC+11:00 3 h ago · at OpenSolar" in said


def test_records_that_came_or_went_are_sentences(sunny: Company, grace: Client, bare: Project) -> None:
    gone = make_system(bare, name="West", removed_at=NOON, details_at=NOON)
    make_system(bare, name="East", details_at=NOON)
    change(gone, "", None, "removed")
    change(bare, "", "null", "back", ago=2)
    change(bare, "", "null", "molten", ago=3)
    said = timeline_in(grace.get(f"/projects/{bare.pk}/"))
    assert "West System removed" in said
    assert "Project is back" in said
    assert "molten" in said


def test_values_that_nobody_expected_do_no_harm(sunny: Company, grace: Client, bare: Project) -> None:
    system = make_system(bare, details_at=NOON)
    odd: list[Any] = [
        "text",
        {"a": 1},
        [1, None, "x"],
        {"cut": "<b>long"},
        -1e300,
        True,
        [{"quantity": "NaN"}],
        "\u0000",
    ]
    fields = [f.name for f in System._meta.concrete_fields] + ["quantum_flux"]
    for value in odd:
        for field in fields:
            change(system, field, None, value)
        for field in [f.name for f in Project._meta.concrete_fields]:
            change(bare, field, value, None)
    with scopes_disabled():
        Change.objects.filter(field="notes").update(before="{no json", after="<script>alert(1)</script>")
    page = grace.get(f"/projects/{bare.pk}/")
    assert page.status_code == 200
    assert b"<script>alert" not in page.content


def test_dates_events_and_changes_stand_in_one_order(sunny: Company, grace: Client) -> None:
    project = make_project(
        sunny.connection,
        created_date=datetime(2026, 9, 1, tzinfo=UTC),
        modified_date=None,
        sold_date=date(2026, 11, 19),
    )
    event = {"id": 1, "event_type_id": 21, "title": "Call out no answer", "start": "2026-11-19 01:00:00.5+00:00"}
    carry(
        project,
        events_data=[
            {**event, "who": {"display": "Lise Meitner"}, "notes": "Try on Monday"},
            {"id": 2, "event_type_id": 28, "title": "Visit", "start": "2026-12-01T01:00:00Z"},
            {"id": 3, "event_type_id": 998, "created_date": "2026-10-01T01:00:00Z", "who": {"display": "Unknown User"}},
            {"id": 4, "event_type_id": 29, "title": "Archived", "start": "2026-10-01T01:00:00Z", "is_archived": True},
            {"id": 5, "title": "No time at all"},
            "odd",
        ],
    )
    change(project, "lead_source", "Fair", "Web", ago=20)
    said = timeline_in(grace.get(f"/projects/{project.pk}/"))
    order = (
        "Visit Planned · Appointment 1 Dec",
        "Lead source Fair",
        "Sold 19 Nov",
        "Call out no answer Call (outbound, no answer) · Try on Monday 1 d ago · Lise Meitner",
        "OpenSolar event type 998 1 Oct",
        "Project created",
    )
    places = [said.index(words) for words in order]
    assert places == sorted(places)
    assert "Archived" not in said
    assert "No time at all" not in said
    assert "Unknown User" not in said


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "stage system people notes call person source noted"),
        ("?what=sale", "stage"),
        ("?what=systems", "system"),
        ("?what=people", "people call"),
        ("?what=notes", "notes person noted"),
        ("?what=other", "source"),
        ("?what=sync", ""),
        ("?by=person", "person"),
        ("?by=vendor", "stage system people notes call source noted"),
        ("?what=sale&by=person", ""),
        ("?what=nonsense&by=nobody&before=yesterday", "stage system people notes call person source noted"),
        ("?what=%00&before=0001-01-01T00:00:00%2B14:00", "stage system people notes call person source noted"),
    ],
)
def test_filters_stand_in_the_address(sunny: Company, grace: Client, bare: Project, query: str, shown: str) -> None:
    change(bare, "stage", 0, 1)
    change(make_system(bare, details_at=NOON), "kw_stc", 8.4, 8.8, ago=2)
    change(bare, "assigned_installer_role_ref", 14, None, ago=3)
    change(bare, "notes", "", "Dog in the yard", ago=4)
    change(bare, "notes", "Dog in the yard", "No dog", ago=5, source="person")
    change(bare, "lead_source", "", "Fair", ago=6)
    called = {"event_type_id": 20, "title": "Rang them", "start": "2026-11-01T00:00:00Z"}
    noted = {"event_type_id": 31, "title": "Prefers mornings", "start": "2026-11-02T00:00:00Z"}
    carry(bare, events_data=[called, noted])
    marks = {
        "stage": "Lock pricing",
        "system": "8.80 kW",
        "people": "Installer Sunny",
        "notes": "nothing became → Dog in the yard",
        "call": "Rang them",
        "person": "No dog",
        "source": "Fair",
        "noted": "Prefers mornings",
    }
    page = grace.get(f"/projects/{bare.pk}/{query}")
    said = timeline_in(page)
    assert {name for name, mark in marks.items() if mark in said} == set(shown.split())
    assert ("does not exist" in said) == ("nonsense" in query or "%00" in query)
    part = grace.get(f"/projects/{bare.pk}/timeline/{query}", headers=HTMX)
    assert "<html" not in part.content.decode()
    plain = grace.get(f"/projects/{bare.pk}/timeline/{query}")
    assert plain.status_code == 302
    assert plain["Location"].startswith(f"/projects/{bare.pk}/?")


def test_thirty_at_a_time_and_none_twice_or_lost(sunny: Company, grace: Client, bare: Project) -> None:
    for number in range(75):
        change(bare, "usage_annual_or_guess", number, 1000 + number, ago=1 + number)
    for _ in range(4):  # one moment that would straddle the end of a page
        change(bare, "lead_source", "Fair", "Web", ago=30)
    change(bare, "title", "A", "B", ago=30, source="person")
    seen: list[str] = []
    address, pages = f"/projects/{bare.pk}/", 0
    while address:
        body = grace.get(address, headers=HTMX if pages else {}).content.decode()
        seen += re.findall(r'class="timeline-after">(1,\d+\xa0kWh|B)<', body)
        pages += 1
        found = re.search(rf'hx-get="(/projects/{bare.pk}/timeline/\?before=[^"]*)"', body)
        address = html.unescape(found[1]) if found else ""
    assert pages == 3
    assert seen.count("B") == 1
    assert [word for word in seen if word != "B"] == [f"{1000 + number:,}\xa0kWh" for number in range(75)]


def test_earlier_entries_are_a_plain_link_too(sunny: Company, grace: Client, bare: Project) -> None:
    for number in range(40):
        change(bare, "usage_annual_or_guess", number, 1000 + number, ago=1 + number)
    body = grace.get(f"/projects/{bare.pk}/?what=other").content.decode()
    found = re.search(rf'href="(/projects/{bare.pk}/\?what=other&amp;before=[^"#]*)#timeline"', body)
    assert found
    said = timeline_in(grace.get(html.unescape(found[1])))
    assert "1,039 kWh" in said
    assert "1,000 kWh" not in said
    assert "Back to the latest" in said


def test_a_long_history_costs_as_many_questions_as_a_short_one(sunny: Company, grace: Client) -> None:
    def project(changes: int) -> Project:
        found = make_project(sunny.connection, (make_contact(sunny.connection),))
        system = make_system(found, details_at=NOON)
        for number in range(changes):
            change(system, "kw_stc", 8.4, 8.5, ago=1 + number)
            change(found, "assigned_role_ref", 11, 12, ago=1 + number)
            change(found, "notes", "", "A", ago=1 + number, source="person", actor=sunny.people["sales"])
        return found

    def queries(found: Project) -> int:
        grace.get(f"/projects/{found.pk}/")
        with CaptureQueriesContext(database) as asked:
            assert grace.get(f"/projects/{found.pk}/").status_code == 200
        return len(asked)

    few = queries(project(1))
    assert queries(project(60)) == few
    assert few <= 25
