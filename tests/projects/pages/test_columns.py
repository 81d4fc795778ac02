"""The columns of the list: chosen in the address or remembered, the same in page and file."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import Change, Membership
from projects.models import ListChoice, Project
from projects.services.lists.columns import ALL
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_contact, make_project, make_role, make_system
from tests.projects.pages.reading import names_on, text_of

EVERY = ",".join(column.name for column in ALL)


def _head_words(page: Any) -> str:
    return re.sub(r"<[^>]*>", " ", page.content.decode().split("<thead")[1].split("</thead>")[0])


def _file(client: Client, query: str = "") -> list[dict[str, str]]:
    body = client.get(f"/projects/export.csv{query}").getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def _stage_changed(project: Project, days: int, field: str = "stage", connection_id: int | None = None) -> None:
    with scopes_disabled():
        Change.objects.create(
            organisation_id=project.organisation_id,
            connection_id=connection_id or project.connection_id,
            resource="projects",
            vendor_id=str(project.opensolar_id),
            field=field,
            before="0",
            after="1",
            at=NOON - timedelta(days=days, hours=3),
        )


def _furnished(company: Company) -> Project:
    curie = make_contact(
        company.connection, display="Marie Curie", phone="+61 400 111 222", email="marie@radium.example"
    )
    roles = {
        name: make_role(company.connection, display=f"The {name}")
        for name in ("owner", "salesperson", "designer", "inspector", "installer")
    }
    project = make_project(
        company.connection,
        (curie,),
        title="Radium",
        locality="Fakesville",
        state="NSW",
        zip="2000",
        lead_source="Web",
        stage=2,
        sold_date=date(2026, 10, 31),
        installation_date=date(2026, 12, 24),
        assigned_role_ref=roles["owner"].opensolar_id,
        assigned_salesperson_role_ref=roles["salesperson"].opensolar_id,
        assigned_designer_role_ref=roles["designer"].opensolar_id,
        assigned_site_inspector_role_ref=roles["inspector"].opensolar_id,
        assigned_installer_role_ref=roles["installer"].opensolar_id,
    )
    make_system(project)
    return project


def test_every_column_says_the_same_on_page_and_in_file(sunny: Company, grace: Client) -> None:
    project = _furnished(sunny)
    _stage_changed(project, 12)
    said = text_of(grace.get(f"/projects/?columns={EVERY}"))
    row = _file(grace, f"?columns={EVERY}")[0]
    for on_page, in_file in {
        "Marie Curie": ("Customer", "Marie Curie"),
        "12 days in this stage": ("Days in stage", "12"),
        "8.4 kW": ("Size (kW)", "8.400"),
        "18": ("Number of panels", "18"),
        "$24,900": ("Price incl. tax", "24900.00"),
        "11,230": ("Yearly output (kWh)", "11230.0"),
        "The owner": ("Owner", "The owner"),
        "The salesperson": ("Salesperson", "The salesperson"),
        "The designer": ("Designer", "The designer"),
        "The inspector": ("Inspector", "The inspector"),
        "The installer": ("Installer", "The installer"),
        "Web": ("Lead source", "Web"),
        "31 Oct": ("Sold on", "2026-10-31"),
        "24 Dec": ("Installation", "2026-12-24"),
        "+61 400 111 222": ("Phone", "'+61 400 111 222"),
        "marie@radium.example": ("E-mail", "marie@radium.example"),
        "Fakesville": ("Town", "Fakesville"),
        "NSW": ("State", "NSW"),
        "2000": ("Postcode", "2000"),
        str(project.opensolar_id): ("OpenSolar id", str(project.opensolar_id)),
    }.items():
        assert on_page in said
        assert row[in_file[0]] == in_file[1]


def test_page_and_file_have_the_columns_of_the_address_in_its_order(sunny: Company, grace: Client) -> None:
    _furnished(sunny)
    query = "?columns=state,owner,system,state"
    words = _head_words(grace.get(f"/projects/{query}"))
    assert [words.index(label) for label in ("Customer", "State", "Owner", "System")] == sorted(
        words.index(label) for label in ("Customer", "State", "Owner", "System")
    )
    for absent in ("Price", "Activity", "Created", "Stage"):
        assert absent not in words
    assert list(_file(grace, query)[0]) == ["Customer", "Title", "Address", "State", "Owner", "Size (kW)", "Panels"]


def test_a_choice_is_remembered_for_this_person_alone(sunny: Company, grace: Client) -> None:
    _furnished(sunny)
    answer = grace.post("/projects/columns/", {"columns": ["state", "phone"], "query": "?stage=2&sort=customer"})
    assert answer["Location"] == "/projects/?stage=2&columns=customer,state,phone&sort=customer"
    assert "Marie Curie" in text_of(grace.get(answer["Location"]))
    assert list(_file(grace)[0]) == ["Customer", "Title", "Address", "State", "Phone"]
    assert "Owner" in _file(signed_in(sunny.people["administrator"]))[0]
    grace.post("/projects/columns/", {"columns": ["state", "phone"]})
    grace.post("/projects/columns/", {"columns": []})
    assert list(_file(grace)[0]) == ["Customer", "Title", "Address"]
    grace.post("/projects/columns/", {"usual": "1", "columns": ["state"]})
    assert "Price incl. tax" in _file(grace)[0]
    with scopes_disabled():
        assert ListChoice.objects.count() == 1


def test_an_address_with_columns_changes_nobodys_choice(sunny: Company, grace: Client) -> None:
    _furnished(sunny)
    grace.get("/projects/?columns=state")
    assert "Owner" in _file(grace)[0]


def test_a_remembered_column_that_went_or_is_forbidden_is_left_out(sunny: Company, grace: Client) -> None:
    _furnished(sunny)
    membership = sunny.membership("sales")
    with scopes_disabled():
        ListChoice.objects.create(
            organisation=sunny.organisation, membership=membership, columns=["price", "weather", "state"]
        )
        Membership.objects.filter(pk=membership.pk).update(prices=False)
    page = grace.get("/projects/")
    assert page.status_code == 200
    assert "24,900" not in text_of(page)
    assert list(_file(grace)[0]) == ["Customer", "Title", "Address", "State"]


def test_a_posted_column_that_is_forbidden_or_makes_no_sense_is_not_kept(sunny: Company) -> None:
    make_system(make_project(sunny.connection, assigned_site_inspector_role_ref=13))
    client = signed_in(sunny.people["inspector"])
    client.post("/projects/columns/", {"columns": ["price", "x" * 10_000, "state"], "query": "?" + "y" * 10_000})
    assert list(_file(client)[0]) == ["Customer", "Title", "Address", "State"]


def test_days_in_a_stage_count_from_the_latest_change_of_it(sunny: Company, kestrel: Company, grace: Client) -> None:
    moved = make_project(sunny.connection, title="Moved")
    make_project(sunny.connection, title="Never moved")
    _stage_changed(moved, 40)
    _stage_changed(moved, 12)
    _stage_changed(moved, 1, field="title")
    with scopes_disabled():
        theirs = make_project(kestrel.connection, opensolar_id=moved.opensolar_id)
    _stage_changed(theirs, 2)
    rows = {row["Customer"]: row["Days in stage"] for row in _file(grace)}
    assert rows == {"Moved": "12", "Never moved": ""}
    assert text_of(grace.get("/projects/")).count("in this stage") == 1


def test_made_up_and_missing_contacts_are_dashes(sunny: Company, grace: Client) -> None:
    made_up = make_contact(sunny.connection, email="x1@os.code", phone="")
    gone = make_contact(sunny.connection, email="gone@radium.example", phone="+61 9", removed_at=NOON)
    make_project(sunny.connection, (made_up,))
    make_project(sunny.connection, (gone,))
    make_project(sunny.connection)
    said = text_of(grace.get("/projects/?columns=phone,email"))
    assert said.count("No e-mail address") == 3
    assert said.count("No phone number") == 3
    assert "os.code" not in said
    assert "gone@" not in said


@pytest.mark.parametrize("who", ["sales", "inspector"])
def test_all_columns_cost_as_many_questions_as_one(sunny: Company, who: str) -> None:
    client = signed_in(sunny.people[who])

    def questions(columns: str) -> int:
        client.get(f"/projects/?columns={columns}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/projects/?columns={columns}").status_code == 200
        return len(asked)

    for number in range(3):
        _stage_changed(_furnished(sunny), number)
    one = questions("state")
    for number in range(30):
        _stage_changed(_furnished(sunny), number)
    assert questions(EVERY) == questions("state") == one


def test_sorting_and_paging_keep_the_columns(sunny: Company, grace: Client) -> None:
    for number in range(60):
        make_project(sunny.connection, title=f"Roof {number:02}", state="NSW", sold_date=date(2026, 1, 1))
    page = grace.get("/projects/?columns=state,sold&sort=-sold")
    body = page.content.decode()
    assert body.count("columns=customer,state,sold") > 4
    assert len(names_on(page)) == 50


@pytest.mark.parametrize("sort", ["sold", "-sold", "installation", "-installation"])
def test_days_can_be_sorted_by_with_unknown_ones(sunny: Company, grace: Client, sort: str) -> None:
    column = f"{sort.lstrip('-')}_date"
    for number in range(120):
        day = None if number % 3 == 0 else date(2026, 1, 1) + timedelta(days=number % 5)
        make_project(sunny.connection, title=f"Roof {number:03}", **{column: day})
    names, address = [], f"/projects/?sort={sort}"
    while address:
        page = grace.get(address)
        names += names_on(page)
        found = page.content.decode().split('rel="next" href="')
        address = "/projects/" + found[1].split('"')[0].replace("&amp;", "&") if len(found) > 1 else ""
    assert sorted(names) == [f"Roof {number:03}" for number in range(120)]
    assert [row["Customer"] for row in _file(grace, f"?sort={sort}")] == names
