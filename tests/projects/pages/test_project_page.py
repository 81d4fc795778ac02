"""One project's page: who to call, where it is, what was offered, in the project's own time and words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.conftest import Company
from tests.factories import NOON, make_contact, make_project, make_role, make_system
from tests.projects.pages.reading import link_named, text_of


def _page(client: Client, project: Any) -> Any:
    response = client.get(f"/projects/{project.pk}/")
    assert response.status_code == 200
    return response


def test_customers_are_called_and_written_to_by_a_tap(sunny: Company, grace: Client) -> None:
    curie = make_contact(sunny.connection, display="Marie Curie", phone="+61 400 111 222", email="marie@example.com")
    becquerel = make_contact(sunny.connection, display="Edmond Becquerel", phone="", email="12345@os.code", type=1)
    page = _page(grace, make_project(sunny.connection, (curie, becquerel)))
    assert link_named(page, "Call") == "tel:+61400111222"
    body, said = page.content.decode(), text_of(page)
    assert 'aria-label="Call Marie Curie"' in body
    assert 'href="mailto:marie@example.com"' in body
    assert "Edmond Becquerel Came with a shared proposal no e-mail" in said
    assert "os.code" not in body


def test_the_first_customer_who_has_a_phone_is_called(sunny: Company, grace: Client) -> None:
    mute = make_contact(sunny.connection, display="James Watt", phone="")
    reachable = make_contact(sunny.connection, display="Ada Lovelace", phone="+61 2 5550 0000 ext. 7")
    page = _page(grace, make_project(sunny.connection, (mute, reachable)))
    assert link_named(page, "Call") == "tel:+61255500000;ext=7"
    assert 'class="button button-primary"' not in _page(grace, make_project(sunny.connection)).content.decode()


def test_a_removed_contact_is_not_shown(sunny: Company, grace: Client) -> None:
    gone = make_contact(sunny.connection, display="James Watt", removed_at=NOON)
    page = _page(grace, make_project(sunny.connection, (gone,), title="Steam Lane"))
    assert "James Watt" not in text_of(page)
    assert "<h1>Steam Lane" in page.content.decode()


def test_the_team_stands_there_with_their_roles(sunny: Company, grace: Client) -> None:
    make_role(
        sunny.connection,
        opensolar_id=40,
        display="Lise Meitner",
        phone="+61 2 1111",
        email="lise@example.com",
        schedule_meeting_url="https://meet.example.com/lise",
        schedule_meeting_label="Meet Lise",
    )
    make_role(sunny.connection, opensolar_id=41, display="Max Planck", schedule_meeting_url="javascript:alert(1)")
    page = _page(
        grace,
        make_project(
            sunny.connection,
            assigned_role_ref=40,
            assigned_salesperson_role_ref=40,
            assigned_designer_role_ref=41,
            assigned_installer_role_ref=123,
        ),
    )
    said = text_of(page)
    assert "Lise Meitner Assigned to, Salesperson +61 2 1111 lise@example.com Meet Lise" in said
    assert "OpenSolar role 123 Installer" in said
    assert "Site inspector" not in said
    assert link_named(page, "Meet Lise") == "https://meet.example.com/lise"
    assert "javascript:" not in page.content.decode()


def test_the_place_has_its_address_and_a_way_there(sunny: Company, grace: Client) -> None:
    project = make_project(
        sunny.connection,
        address="4 Main St",
        locality="Fakesville",
        state="NSW",
        zip="2000",
        lat=-33.9,
        lon=151.2,
        roof_type_id=14,
        usage_annual_or_guess=6200.0,
    )
    page = _page(grace, project)
    assert "4 Main St, Fakesville NSW 2000" in text_of(page)
    assert "Metal Standing Seam" in text_of(page)
    assert "Consumption A year 6,200 kWh" in text_of(page)
    assert link_named(page, "Map") == "geo:-33.900000,151.200000?q=-33.900000,151.200000"
    beyond = _page(grace, make_project(sunny.connection, lat=900.0, lon=0.0, roof_type_id=99))
    assert "geo:" not in beyond.content.decode()
    assert "OpenSolar roof type 99" in text_of(beyond)


def test_systems_stand_side_by_side_with_their_parts_and_money(sunny: Company, grace: Client) -> None:
    project = make_project(sunny.connection, is_sold=True, system_sold_ref=901, stage=2)
    make_system(
        project,
        opensolar_id=901,
        name="Both sides",
        battery_total_kwh=Decimal("10.8"),
        consumption_offset_percentage=84.2,
        co2_tons_lifetime=160.4,
        inverters=[{"manufacturer_name": "Fronius", "code": "Primo", "quantity": 1}],
        batteries=[{"manufacturer_name": "GoodWe", "code": "LX", "quantity": 2}],
        others=[{"manufacturer_name": "Hardware Co.", "code": "isolator", "quantity": 3}],
        module_groups=[{"module_quantity": 18, "azimuth": 277, "slope": 20.0, "layout": "portrait"}],
        incentives=[{"title": "Certificates", "value": 884, "paid_to_customer": True}],
    )
    make_system(project, name="", opensolar_id=902, is_current=True, kw_stc=Decimal("9.600"))
    said = text_of(_page(grace, project))
    for words in (
        "2 systems side by side",
        "Both sides Sold System 902 Current",
        "Size 8.40 kW 9.60 kW +1.20 kW",
        "Panels 18 18",
        "kWh a year 11,230 kWh 11,230 kWh",
        "kWh per kW 1,337 kWh/kW 1,170 kWh/kW −167 kWh/kW",
        "Usage covered 84 % – OpenSolar did not say",
        "CO₂ saved 160.4 t",
        "Modules 18 × LG LG345 18 × LG LG345",
        "Inverters 1 × Fronius Primo – none",
        "Batteries 2 × GoodWe LX 10.8 kWh",
        "Other parts 3 × Hardware Co. isolator",
        "Panel groups 18 panels, to 277°, 20° steep, portrait",
        "Price incl. tax $24,900 $24,900",
        "Price per watt $2.96 $2.59",
        "Price excl. tax $22,636",
        "Extras 1 × Tilt $20 our cost $12.50",
        "Incentives Certificates $884 paid to the customer",
        "Net profit $4,100",
    ):
        assert words in said


@pytest.mark.parametrize("odd", ["text", None, {}, [1, "a", None], [{"quantity": {}, "code": None, "azimuth": "NaN"}]])
def test_lists_that_hold_anything_at_all_do_no_harm(sunny: Company, grace: Client, odd: Any) -> None:
    project = make_project(sunny.connection, timezone_offset=99.0)
    lists = ("modules", "inverters", "batteries", "others", "adders", "module_groups", "incentives")
    nothing = dict.fromkeys(("kw_stc", "output_annual_kwh", "module_quantity", "price_including_tax"))
    make_system(project, **nothing, **{name: [] if odd is None else odd for name in lists})
    assert "OpenSolar did not say" in text_of(_page(grace, project))
    assert grace.get("/projects/").status_code == 200


def test_times_are_the_projects_own(sunny: Company, grace: Client) -> None:
    late = datetime(2026, 6, 30, 20, 30, tzinfo=UTC)
    columns: dict[str, Any] = {"created_date": late, "modified_date": late}
    sydney = _page(grace, make_project(sunny.connection, timezone_offset=10.5, **columns))
    assert 'title="1 Jul 2026, 07:00 UTC+10:30"' in sydney.content.decode()
    assert "Times in the project's zone, UTC+10:30" in text_of(sydney)
    somewhere = _page(grace, make_project(sunny.connection, timezone_offset=None, **columns))
    assert 'title="30 Jun 2026, 20:30 UTC"' in somewhere.content.decode()
    assert "Time zone unknown: times in UTC" in text_of(somewhere)


def test_the_story_so_far_is_told_latest_first(sunny: Company, grace: Client) -> None:
    project = make_project(
        sunny.connection,
        created_date=datetime(2026, 9, 1, tzinfo=UTC),
        modified_date=datetime(2026, 11, 20, 10, tzinfo=UTC),
        contract_date=date(2026, 10, 2),
        sold_date=date(2026, 10, 3),
        installation_date=date(2026, 12, 14),
        stage=2,
    )
    said = text_of(_page(grace, project))
    planned, past = "Installation planned 14 Dec Last change at OpenSolar 2 h ago", "Sold 3 Oct Contract 2 Oct"
    assert f"{planned} {past} Project created 1 Sep" in said


@pytest.mark.parametrize(
    ("stage", "sold", "track"),
    [
        (0, False, ["current", "todo", "todo", "todo"]),
        (1, False, ["done", "current", "todo", "todo"]),
        (2, True, ["done", "done", "current", "todo"]),
        (3, True, ["done", "done", "done", "done"]),
        (4, False, ["done", "todo", "todo", "todo", "current"]),
        (7, True, ["done", "done", "done", "todo", "current"]),
        (None, False, ["done", "todo", "todo", "todo", "current"]),
    ],
)
def test_the_track_shows_how_far_it_has_come(
    sunny: Company, grace: Client, stage: int | None, sold: bool, track: list[str]
) -> None:
    body = _page(grace, make_project(sunny.connection, stage=stage, is_sold=sold)).content.decode()
    assert [part.split('"')[0] for part in body.split('class="track-step" data-state="')[1:]] == track


def test_a_project_that_opensolar_removed_or_hides_says_so(sunny: Company, grace: Client) -> None:
    removed = _page(grace, make_project(sunny.connection, removed_at=NOON))
    assert "Removed at OpenSolar" in text_of(removed)
    assert "20 Nov 2026, 23:00 UTC+11:00" in text_of(removed)
    hidden = _page(grace, make_project(sunny.connection, withheld_at=NOON))
    assert "No longer shown to this account" in text_of(hidden)


def test_a_project_without_any_name_has_its_number(sunny: Company, grace: Client) -> None:
    bare = make_project(sunny.connection, opensolar_id=4711, title="", address="")
    assert "<h1>Project 4711" in _page(grace, bare).content.decode()


def test_no_page_has_inline_script_or_style(sunny: Company, grace: Client) -> None:
    project = make_project(sunny.connection, (make_contact(sunny.connection),), notes="A\nB")
    make_system(project, module_groups=[{"module_quantity": 18, "azimuth": 277, "slope": 20.0}])
    for address in ("/", "/projects/", f"/projects/{project.pk}/"):
        response = grace.get(address)
        body = response.content.decode()
        assert "default-src 'self'" in response["Content-Security-Policy"]
        assert " style=" not in body
        assert " onclick=" not in body
        assert all(part.startswith(" src=") for part in body.split("<script")[1:])


def test_a_number_that_is_no_project_is_not_found(sunny: Company, grace: Client) -> None:
    assert grace.get("/projects/999999/").status_code == 404
    assert grace.get("/projects/99999999999999999999999/").status_code == 404
