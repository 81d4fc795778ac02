"""What a project's page tells of the vendor's payload: files, next steps, usage; of parts, their data sheets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Payload
from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project, make_system
from tests.price_factories import make_component
from tests.projects.pages.reading import text_of


def _page(client: Client, project: Project, **keys: Any) -> Any:
    with scopes_disabled():
        Payload.objects.filter(vendor_id=str(project.opensolar_id)).update(body=json.dumps(keys))
    page = client.get(f"/projects/{project.pk}/")
    assert page.status_code == 200
    return page


@pytest.fixture
def project(sunny: Company) -> Project:
    """A project that names the inspector."""
    return make_project(sunny.connection, assigned_site_inspector_role_ref=13)


def test_files_are_listed_by_name_and_never_by_address(grace: Client, project: Project) -> None:
    file = {
        "title": "roof.jpg",
        "filesize": 219730,
        "file_tags_data": [{"title": "Site - Photo"}, {"title": ""}],
        "modified_date": "2026-11-03T12:00:00.000000Z",
        "file_contents": "https://files.example.com/roof.jpg?Signature=0123",
        "url": "https://api.example.com/api/orgs/1/private_files/8/",
    }
    more = [{"filesize": None}, {"title": "Draft", "temporary": True}, None]
    page = _page(grace, project, private_files_data=[file, *more], share_link="https://share.example.com/p/77")
    said = text_of(page)
    assert "roof.jpg Site - Photo · 214.6 KB · 3 Nov" in said
    assert "File without a name size unknown" in said
    assert "Draft" not in said
    assert b"files.example.com" not in page.content
    assert b"share.example.com" not in page.content
    assert "private_files" not in page.content.decode()


def test_next_steps_say_what_is_done(grace: Client, project: Project) -> None:
    done = {"title": "Design systems", "events": [{"is_complete": True}]}
    half = {"title": "Call the customer", "events": [{"is_complete": True}, {"is_complete": False}]}
    said = text_of(_page(grace, project, actions=[done, half, {"title": ""}]))
    assert "Next steps at OpenSolar Design systems done Call the customer" in said


@pytest.mark.parametrize(
    ("usage", "words"),
    [
        ({"usage_data_source": "kwh_annual", "values": 6200}, "Entered as one yearly figure together 6,200 kWh"),
        (
            '{"usage_data_source": "kwh_quarterly", "values": [1, 2, 3, 4000]}',
            "four quarterly figures together 4,006 kWh",
        ),
        ({"usage_data_source": "kwh_monthly", "values": [1, None]}, "Entered as twelve monthly figures Proposal"),
        ({"usage_data_source": "bill_monthly", "values": [4711] * 12}, "Entered as twelve monthly bills Proposal"),
        ({"usage_data_source": "estimate", "values": "High"}, "Entered as an estimate: high"),
    ],
)
def test_usage_is_told_as_it_was_entered(grace: Client, project: Project, usage: Any, words: str) -> None:
    said = text_of(_page(grace, project, usage=usage))
    assert words in said
    assert "4711" not in said


@pytest.mark.parametrize("odd", ["null", "{", 7, [], {"usage_data_source": "moonlight"}, {"usage_data_source": []}])
def test_odd_values_show_nothing(grace: Client, project: Project, odd: Any) -> None:
    keys = ("usage", "private_files_data", "actions", "events_data", "site_notes", "payment_option_sold")
    said = text_of(_page(grace, project, **dict.fromkeys(keys, odd)))
    for title in ("Consumption", "Files at OpenSolar", "Next steps"):
        assert title not in said


def test_a_body_that_is_no_json_is_no_error(grace: Client, project: Project) -> None:
    with scopes_disabled():
        Payload.objects.update(body="{broken")
    assert grace.get(f"/projects/{project.pk}/").status_code == 200
    with scopes_disabled():
        Payload.objects.all().delete()
    assert grace.get(f"/projects/{project.pk}/").status_code == 200


def test_notes_of_the_site_serial_numbers_and_a_locked_price(grace: Client, project: Project) -> None:
    keys = {"site_notes": "Dog in the yard", "serial_numbers_panels": "A1\nA2", "is_pricing_locked": True}
    said = text_of(_page(grace, project, **keys, meter_identifier="9001"))
    for words in ("Of the site Dog in the yard", "Serial numbers, Panels A1 A2", "Pricing locked", "Meter 9001"):
        assert words in said


def test_how_it_was_sold_is_told_to_who_sees_prices(sunny: Company, grace: Client, project: Project) -> None:
    with scopes_disabled():
        Project.objects.update(is_sold=True, system_sold_ref=901)
    make_system(project, opensolar_id=901, details_at=NOON)
    option = "https://api.example.com/api/orgs/1/payment_options/245/"
    assert "OpenSolar payment option 245" in text_of(_page(grace, project, payment_option_sold=option))
    inspector = signed_in(sunny.people["inspector"])
    assert "payment option" not in text_of(_page(inspector, project, payment_option_sold=option))


def test_data_sheets_are_shown_with_units_once_for_each_component(grace: Client, project: Project) -> None:
    sheet = {"kw_stc": 0.345, "voc": 40.9, "height": "1.686", "technology": "Mono-c-Si", "noise": 7, "cost": 4100}
    module = {"manufacturer_name": "LG", "code": "LG345", "quantity": 18, "data": json.dumps(sheet)}
    inverter = {"manufacturer_name": "Fronius", "code": "Primo", "quantity": 1, "data": {"efficiency": 96.0}}
    bare = {"manufacturer_name": "GoodWe", "code": "LX", "quantity": 2, "data": "{broken"}
    for name in ("East", "West"):
        make_system(
            project, name=name, modules=[module], inverters=[{**inverter, "microinverter": "N"}], details_at=NOON
        )
    make_system(project, name="South", modules=[], batteries=[bare], details_at=NOON)
    said = text_of(grace.get(f"/projects/{project.pk}/"))
    components = said[said.index("Components") :]
    assert (
        "LG LG345 Panel · 18 × in East, West Power 345 W Technology Mono-c-Si Height 1.686 m"
        " Open-circuit voltage 40.9 V Fronius Primo" in components
    )
    assert "Inverter · 1 × in East, West Efficiency 96 % Microinverter no" in components
    assert "GoodWe LX Battery · 2 × in South No data sheet values yet" in components
    assert "noise" not in components
    assert "4100" not in components


def test_data_sheets_come_from_the_catalogue(sunny: Company, kestrel: Company, grace: Client, project: Project) -> None:
    module = {"manufacturer_name": "Bell Silicon", "code": "BS-1", "quantity": 18}
    make_system(project, name="East", modules=[module], details_at=NOON)
    make_component(kestrel.connection, code="BS-1", data={"kw_stc": 9})
    make_component(sunny.connection, code="BS-1", product_warranty="12 years")
    said = text_of(grace.get(f"/projects/{project.pk}/"))
    assert (
        "Bell Silicon BS-1 Panel · 18 × Power 440 W Technology Mono-c-Si Height 1.722 m Product warranty 12 years"
        in said
    )


def test_eight_systems_stand_side_by_side(grace: Client, project: Project) -> None:
    for number in range(8):
        make_system(project, name="", opensolar_id=900 + number, details_at=NOON, kw_stc=None)
    page = grace.get(f"/projects/{project.pk}/")
    assert page.content.decode().count('<th scope="col"') == 8
    assert "LG LG345 Panel · 18 × in every system" in text_of(page)
