"""Records as OpenSolar really sends them: lenient in the values, strict about what identifies a record."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from portal.lib.errors import MalformedAnswer
from portal.vendors.opensolar.records import (
    Contact,
    ProjectRow,
    Record,
    Role,
    System,
    SystemDetails,
    is_whole,
    problem_sentence,
)
from portal.vendors.opensolar.values import id_of

HOST = "https://api.example.com/api/orgs/16"

SHORT_ROW: dict[str, Any] = {
    "id": 12,
    "url": f"{HOST}/projects/12/",
    "title": "4 Pitchblende Street",
    "address": "4 Pitchblende Street",
    "business_name": None,
    "contacts": [f"{HOST}/contacts/60/", "/api/orgs/16/contacts/61/"],
    "contacts_data": [
        {
            "id": 60,
            "display": "Marie Curie",
            "first_name": "Marie",
            "family_name": "Curie",
            "email": "Marie.Curie@example.com",
            "phone": "+33 (1) 23",
            "passport_number": "P-1867",
        },
        None,
        {"id": 61, "display": "", "first_name": "Pierre", "phone": 555},
    ],
    "stage": 0,
    "priority": 2,
    "created_date": "2024-01-31T00:58:18.186310Z",
    "modified_date": "2024-02-12 01:18:20.475934+00:00",
    "workflow": {"id": 1, "workflow_id": 2, "active_stage_id": 52144},
}


def columns(record: type[Record], **values: Any) -> dict[str, Any]:
    return record.model_validate({"id": 12, "url": f"{HOST}/things/12/", **values}).columns()


def test_short_row_fills_only_the_columns_that_it_holds() -> None:
    assert ProjectRow.model_validate(SHORT_ROW).columns() == {
        "opensolar_id": 12,
        "title": "4 Pitchblende Street",
        "address": "4 Pitchblende Street",
        "business_name": None,
        "stage": 0,
        "priority": 2,
        "created_date": datetime(2024, 1, 31, 0, 58, 18, 186310, tzinfo=UTC),
        "modified_date": datetime(2024, 2, 12, 1, 18, 20, 475934, tzinfo=UTC),
        "active_stage_id": 52144,
        "contact_refs": [60, 61],
        "contacts_search": "marie curie marie curie marie.curie@example.com +33 (1) 23 33123 pierre 555",
    }


def test_created_project_is_read_as_the_document_shows_it() -> None:
    found = columns(
        ProjectRow,
        lat="35.12364",
        lon=128.23216,
        is_residential="1",
        number_of_phases="1",
        zip=2020,
        timezone_offset=11,
        usage_annual_or_guess=10766,
        roof_type="https://api.example.com/api/roof_types/6/",
        assigned_role="http://localhost:8000/api/orgs/1/roles/50/",
        assigned_installer_role="/api/orgs/1/roles/51",
        assigned_site_inspector_role=None,
        valid_until_date="2024-02-23",
    )
    assert found == {
        "opensolar_id": 12,
        "lat": 35.12364,
        "lon": 128.23216,
        "is_residential": True,
        "number_of_phases": 1,
        "zip": "2020",
        "timezone_offset": 11.0,
        "usage_annual_or_guess": 10766.0,
        "roof_type_id": 6,
        "assigned_role_ref": 50,
        "assigned_installer_role_ref": 51,
        "assigned_site_inspector_role_ref": None,
        "valid_until_date": date(2024, 2, 23),
    }


@pytest.mark.parametrize(
    "key",
    [
        *("lat", "lon", "timezone_offset", "usage_annual_or_guess", "number_of_storeys", "number_of_phases", "stage"),
        *("priority", "sold_date", "installation_date", "contract_date", "valid_until_date", "created_date"),
        *("modified_date", "is_residential", "project_sold"),
    ],
)
@pytest.mark.parametrize("blank", ["", "  ", None])
def test_blank_is_null_for_everything_but_text(key: str, blank: str | None) -> None:
    assert columns(ProjectRow, **{key: blank})[key] is None


def test_blank_text_stays_as_it_is() -> None:
    assert columns(ProjectRow, notes="", lead_source=None) == {"opensolar_id": 12, "notes": "", "lead_source": None}


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2020-11-20T02:36:31.019842Z", datetime(2020, 11, 20, 2, 36, 31, 19842, tzinfo=UTC)),
        ("2020-11-20 02:36:31.019842+00:00", datetime(2020, 11, 20, 2, 36, 31, 19842, tzinfo=UTC)),
        ("2020-11-20T13:36:31+11:00", datetime(2020, 11, 20, 2, 36, 31, tzinfo=UTC)),
        ("2020-11-20T02:36:31", datetime(2020, 11, 20, 2, 36, 31, tzinfo=UTC)),
    ],
)
def test_times_are_in_utc(written: str, moment: datetime) -> None:
    found = columns(ProjectRow, modified_date=written)["modified_date"]
    assert found == moment
    assert found.tzinfo is UTC


@pytest.mark.parametrize("written", ["2024-02-23", "2024-02-23T10:30:00Z", "2024-02-23 10:30:00+00:00"])
def test_days_are_read_with_and_without_a_time(written: str) -> None:
    assert columns(ProjectRow, sold_date=written)["sold_date"] == date(2024, 2, 23)


@pytest.mark.parametrize(
    ("record", "sold"),
    [
        ({"system_sold": None, "project_sold": None, "sold_date": None}, False),
        ({"system_sold": f"{HOST}/systems/3/"}, True),
        ({"system_sold": 3}, True),
        ({"system_sold": "E583FD88"}, True),
        ({"project_sold": True}, True),
        ({"project_sold": "false"}, False),
        ({"sold_date": "2024-02-23"}, True),
        ({"sold_date": None, "stage": 2}, True),
        ({"sold_date": None, "stage": 1}, False),
        ({"stage": 2}, None),
        ({}, None),
    ],
)
def test_sale_is_known_only_where_the_record_speaks_of_it(record: dict[str, Any], sold: bool | None) -> None:
    assert columns(ProjectRow, **record).get("is_sold") is sold


@pytest.mark.parametrize("written", [f"{HOST}/systems/3/", "/api/orgs/16/systems/3", 3, "3"])
def test_sold_system_is_a_reference(written: object) -> None:
    assert columns(ProjectRow, system_sold=written)["system_sold_ref"] == 3


@pytest.mark.parametrize("workflow", [None, {}, {"active_stage_id": None}, "x"])
def test_missing_stage_is_none(workflow: object) -> None:
    assert columns(ProjectRow, workflow=workflow)["active_stage_id"] is None


def test_null_lists_are_empty() -> None:
    assert columns(ProjectRow, contacts=None, contacts_data=None) == {
        "opensolar_id": 12,
        "contact_refs": [],
        "contacts_search": "",
    }
    assert columns(System, modules=None)["modules"] == []


def test_contacts_are_taken_from_their_data_where_there_are_no_references() -> None:
    data = [{"id": 60}, {"url": f"{HOST}/contacts/61/"}]
    assert columns(ProjectRow, contacts_data=data)["contact_refs"] == [60, 61]


@pytest.mark.parametrize(
    ("reference", "number"),
    [
        (f"{HOST}/roles/50/", 50),
        (f"{HOST}/roles/50", 50),
        ("/api/orgs/16/roles/50/?fieldset=list", 50),
        ("50", 50),
        (50, 50),
        ({"url": f"{HOST}/roles/50/", "id": 1}, 50),
        ({"id": 1}, 1),
        ({"url": {"url": "50"}}, None),
        (f"{HOST}/roles/me/", None),
        ("https://localhost/api/orgs/<org_id>/", None),
        ("9" * 19, None),
        ("²", None),
        ("", None),
        (None, None),
        (True, None),
        (-1, None),
        (1.5, None),
    ],
)
def test_id_is_the_last_number_of_a_reference(reference: object, number: int | None) -> None:
    assert id_of(reference) == number


ROLE = {
    "id": 99,
    "url": "https://api.example.com/api/orgs/88/roles/77/",
    "user": "https://api.example.com/auth/users/5/",
    "email": "emmy@example.com",
    "user_email": "noether@example.com",
    "display": "Emmy Noether",
    "is_admin": True,
    "is_hidden": "false",
    "portrait_image": None,
    "api_key_chat": "never a column",
}


def test_role_is_known_by_the_number_in_its_address() -> None:
    role = Role.model_validate(ROLE)
    assert role.columns() == {
        "opensolar_id": 77,
        "vendor_object_id": 99,
        "user_ref": 5,
        "email": "emmy@example.com",
        "user_email": "noether@example.com",
        "display": "Emmy Noether",
        "is_admin": True,
        "is_hidden": False,
        "portrait_image": None,
    }


def test_role_with_one_number_has_it_for_both() -> None:
    for record in ({**ROLE, "id": 77}, {"url": ROLE["url"]}):
        role = Role.model_validate(record)
        assert role.opensolar_id == role.vendor_object_id == 77


def test_contact_has_no_secret_columns() -> None:
    found = columns(
        Contact, first_name="Edmond", family_name="Becquerel", gender="2", type=0, date_of_birth="1820-03-24"
    )
    assert found == {"opensolar_id": 12, "first_name": "Edmond", "family_name": "Becquerel", "gender": 2, "type": 0}


def test_system_is_read_in_exact_amounts() -> None:
    found = columns(
        System,
        name="",
        uuid="E583FD88-EB6C-4311-91A9-AC719041EAA8",
        order=0,
        is_current=False,
        kw_stc=2.76,
        battery_total_kwh="6.4",
        price_including_tax=5520.0,
        price_excluding_tax=5018.185,
        net_profit=None,
        module_quantity=8,
        output_annual_kwh=5497,
        project=f"{HOST}/projects/100/",
        pricing_scheme=f"{HOST}/pricing_schemes/1408/",
        modules=[{"code": "M-285", "quantity": 20}, None],
        others='[{"code": "isolator"}]',
    )
    assert found == {
        "opensolar_id": 12,
        "name": "",
        "uuid": "E583FD88-EB6C-4311-91A9-AC719041EAA8",
        "order": 0,
        "is_current": False,
        "kw_stc": Decimal("2.760"),
        "battery_total_kwh": Decimal("6.400"),
        "price_including_tax": Decimal("5520.00"),
        "price_excluding_tax": Decimal("5018.19"),
        "net_profit": None,
        "module_quantity": 8,
        "output_annual_kwh": 5497.0,
        "project_ref": 100,
        "pricing_scheme_ref": 1408,
        "modules": [{"code": "M-285", "quantity": 20}],
        "others": [{"code": "isolator"}],
    }
    assert str(found["kw_stc"]) == "2.760"


def test_details_come_as_one_record_a_system() -> None:
    group = {"module_quantity": 18, "azimuth": 7, "slope": 20.0, "layout": "portrait"}
    answer = {"systems": [{"id": 8280, "kw_stc": 6.21, "module_groups": [group], "data": {}}, {"id": 8281}]}
    first, second = map(SystemDetails.model_validate, SystemDetails.rows(answer))
    assert first.columns() == {"opensolar_id": 8280, "kw_stc": Decimal("6.210"), "module_groups": [group]}
    assert second.columns() == {"opensolar_id": 8281}
    assert SystemDetails.rows({"systems": None}) == SystemDetails.rows({}) == []
    with pytest.raises(MalformedAnswer, match="without a list of systems"):
        SystemDetails.rows({"systems": "x"})


def test_whole_row_is_told_from_a_short_one() -> None:
    assert not is_whole(SHORT_ROW)
    assert is_whole({**SHORT_ROW, "identifier": "a", "assigned_role": None, "systems": []})


def test_id_is_taken_from_the_address_where_it_is_missing() -> None:
    assert Contact.model_validate({"url": "/api/orgs/14/contacts/5/"}).opensolar_id == 5
    assert Contact.model_validate({"id": "5"}).opensolar_id == 5


@pytest.mark.parametrize(
    ("kind", "record", "sentence"),
    [
        (ProjectRow, {"title": "x"}, "id is missing"),
        (ProjectRow, {"id": "abc"}, "id is not a whole number"),
        (ProjectRow, {"id": -1}, "id is out of range"),
        (ProjectRow, {"id": 10**30}, "id is out of range"),
        (ProjectRow, None, "it is not an object"),
        (ProjectRow, [1], "it is not an object"),
        (ProjectRow, {"id": 1, "lat": "north", "stage": 1.5}, "lat is not a number; stage is not a whole number"),
        (ProjectRow, {"id": 1, "lat": float("inf")}, "lat is not a number"),
        (ProjectRow, {"id": 1, "is_residential": "perhaps"}, "is_residential is neither true nor false"),
        (ProjectRow, {"id": 1, "modified_date": "yesterday"}, "modified_date is not a time"),
        (ProjectRow, {"id": 1, "sold_date": "soon"}, "sold_date is not a date"),
        (ProjectRow, {"id": 1, "title": {"a": 1}}, "title is not a text"),
        (ProjectRow, {"id": 1, "contacts": "x"}, "contacts is not a list"),
        (ProjectRow, {"id": 1, "contacts_data": {"a": 1}}, "contacts_data cannot be read"),
        (ProjectRow, {"id": 1, "priority": 2**40}, "priority is out of range"),
        (System, {"id": 1, "price_including_tax": "NaN"}, "price_including_tax is not a number"),
        (System, {"id": 1, "price_including_tax": 1e15}, "price_including_tax is out of range"),
        (System, {"id": 1, "modules": {}}, "modules is not a list"),
        (Role, {"id": 99}, "url is missing"),
        (Role, {"id": 99, "url": "/roles/me/"}, "url is not a whole number"),
    ],
)
def test_bad_record_is_told_in_words_and_without_its_values(kind: type[Record], record: Any, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(record)
    assert problem_sentence(caught.value) == f"OpenSolar sent a record that cannot be taken in: {sentence}."
