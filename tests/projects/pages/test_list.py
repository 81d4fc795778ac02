"""The project list: what a line says, search, filters, order, and parameters that make no sense."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Connection
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_contact, make_project, make_role, make_system
from tests.projects.pages.reading import link_named, names_on, text_of


def test_a_line_says_who_where_how_big_how_much_and_whose(sunny: Company, grace: Client) -> None:
    curie = make_contact(sunny.connection, display="Marie Curie")
    project = make_project(
        sunny.connection,
        (curie,),
        title="",
        address="4 Main St",
        locality="Fakesville",
        state="NSW",
        zip="2000",
        stage=2,
        sold_date=date(2026, 10, 31),
        assigned_role_ref=12,
    )
    make_system(project)
    said = text_of(grace.get("/projects/"))
    for words in ("Marie Curie", "4 Main St, Fakesville NSW 2000", "Sold", "sold 31 Oct", "8.4\xa0kW", "18 × LG345"):
        assert " ".join(words.split()) in said
    for words in ("$24,900", "11,230", "Sales Sunny"):
        assert words in said


def test_the_sold_system_stands_for_the_project_then_the_current_then_the_first(sunny: Company, grace: Client) -> None:
    sold = make_project(sunny.connection, title="Sold one", is_sold=True, system_sold_ref=903)
    current = make_project(sunny.connection, title="Current one")
    first = make_project(sunny.connection, title="First one")
    for project in (sold, current, first):
        make_system(project, order=0, kw_stc=Decimal("1.000"))
    make_system(sold, order=1, kw_stc=Decimal("2.000"), is_current=True)
    make_system(sold, opensolar_id=903, order=2, kw_stc=Decimal("3.000"))
    make_system(current, order=1, kw_stc=Decimal("4.000"), is_current=True)
    said = {name: text_of(grace.get("/projects/", {"q": name})) for name in ("sold one", "current one", "first one")}
    assert "3.0 kW" in said["sold one"]
    assert "4.0 kW" in said["current one"]
    assert "1.0 kW" in said["first one"]


def test_unknown_is_a_dash_with_its_reason(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection)
    page = grace.get("/projects/")
    assert "No system yet" in text_of(page)
    assert "No price yet" in text_of(page)
    assert "0.0" not in text_of(page)


def test_a_role_that_is_not_known_is_shown_by_its_number(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, assigned_role_ref=777)
    assert "OpenSolar role 777" in text_of(grace.get("/projects/"))


def test_a_stage_that_is_not_known_is_shown_as_it_is(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, title="Odd", stage=9)
    assert "Stage 9" in text_of(grace.get("/projects/"))
    assert names_on(grace.get("/projects/?stage=9")) == ["Odd"]


@pytest.mark.parametrize(("stage", "label"), [(None, "No stage"), (-3, "Stage -3"), (2**31 - 1, "Stage 2147483647")])
def test_every_stage_has_a_list(sunny: Company, grace: Client, stage: int | None, label: str) -> None:
    make_project(sunny.connection, title="Odd", stage=stage)
    make_project(sunny.connection, title="Even", stage=2)
    page = grace.get(f"/projects/?stage={'none' if stage is None else stage}")
    assert names_on(page) == ["Odd"]
    assert label in text_of(page)


@pytest.mark.parametrize("stage", ["None", "--1", "1.5", str(2**31), "9" * 5_000, "١"])
def test_what_is_no_stage_is_left_out_and_said(sunny: Company, grace: Client, stage: str) -> None:
    make_project(sunny.connection, title="Even", stage=2)
    page = grace.get("/projects/", {"stage": stage})
    assert names_on(page) == ["Even"]
    assert "There is no stage" in text_of(page)


def test_a_script_in_an_address_is_only_text(sunny: Company, grace: Client) -> None:
    evil = '<script>alert("x")</script>'
    project = make_project(sunny.connection, title=evil, address=evil, notes=evil, lead_source=evil)
    make_system(project, name=evil, adders=[{"label": evil}], modules=[{"code": evil, "quantity": 1}])
    for address in ("/projects/", f"/projects/{project.pk}/", "/", "/projects/?sort=" + evil):
        page = grace.get(address)
        assert b"<script>alert" not in page.content
        assert evil in text_of(page)


def test_every_word_of_a_search_has_to_be_found(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, title="A", search_text="marie curie 4 radium road +61 400 111 222")
    make_project(sunny.connection, title="B", search_text="pierre curie 9 main st")
    assert sorted(names_on(grace.get("/projects/?q=CURIE"))) == ["A", "B"]
    assert names_on(grace.get("/projects/", {"q": "curie radium"})) == ["A"]
    assert names_on(grace.get("/projects/", {"q": "400 111"})) == ["A"]
    assert names_on(grace.get("/projects/", {"q": "curie_radium"})) == []


def test_filters_narrow_by_stage_sale_owner_seller_and_age(sunny: Company, grace: Client) -> None:
    ago = {days: NOON - timedelta(days=days) for days in (0, 3, 20)}
    make_project(sunny.connection, title="Lead", stage=0, assigned_role_ref=12, modified_date=ago[0])
    make_project(sunny.connection, title="Priced", stage=1, assigned_salesperson_role_ref=12, modified_date=ago[20])
    make_project(sunny.connection, title="Won", stage=2, is_sold=True, modified_date=ago[3])
    owner = sunny.roles["sales"].pk
    found = {
        query: set(names_on(grace.get(f"/projects/?{query}")))
        for query in (
            "stage=0",
            "stage=open",
            "sold=yes",
            "sold=no",
            f"owner={owner}",
            f"salesperson={owner}",
            "changed=1",
            "changed=7",
            f"stage=open&owner={owner}",
        )
    }
    assert found == {
        "stage=0": {"Lead"},
        "stage=open": {"Lead", "Priced"},
        "sold=yes": {"Won"},
        "sold=no": {"Lead", "Priced"},
        f"owner={owner}": {"Lead"},
        f"salesperson={owner}": {"Priced"},
        "changed=1": {"Lead"},
        "changed=7": {"Lead", "Won"},
        f"stage=open&owner={owner}": {"Lead"},
    }


def test_the_same_role_number_in_another_account_is_somebody_else(sunny: Company, grace: Client) -> None:
    account = {"vendor": "opensolar", "account_id": "second", "base_url": "http://127.0.0.1:9/opensolar"}
    with scopes_disabled():
        second = Connection.objects.create(organisation=sunny.organisation, **account)
    namesake = make_role(second, opensolar_id=12, display="Hertha Ayrton")
    make_project(sunny.connection, title="Ours", assigned_role_ref=12)
    make_project(second, title="Theirs", assigned_role_ref=12)
    assert names_on(grace.get(f"/projects/?owner={namesake.pk}")) == ["Theirs"]
    assert "Hertha Ayrton" in text_of(grace.get("/projects/"))


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["Bohr", "Curie", "ampère"]),
        ("activity", ["ampère", "Curie", "Bohr"]),
        ("customer", ["ampère", "Bohr", "Curie"]),
        ("-customer", ["Curie", "Bohr", "ampère"]),
        ("stage", ["Bohr", "ampère", "Curie"]),
        ("-stage", ["Curie", "ampère", "Bohr"]),
        ("created", ["Curie", "Bohr", "ampère"]),
        ("-created", ["ampère", "Bohr", "Curie"]),
    ],
)
def test_the_list_can_be_sorted(sunny: Company, grace: Client, sort: str, names: list[str]) -> None:
    for name, stage, modified, created in (("ampère", 1, 1, 9), ("Bohr", 0, 3, 5), ("Curie", 2, 2, 1)):
        make_project(
            sunny.connection,
            title=name,
            stage=stage,
            modified_date=NOON + timedelta(hours=modified),
            created_date=NOON + timedelta(days=created),
        )
    assert names_on(grace.get("/projects/", {"sort": sort})) == names


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("sort=net_profit", "cannot be sorted by “net_profit”"),
        ("sort=search_text", "cannot be sorted by “search_text”"),
        ("page=rubbish", "That page is not known"),
        ("page=WyJhIl0", "That page is not known"),
        ("page=%F0%9F%98%80", "That page is not known"),
        ("stage=soon", "There is no stage “soon”"),
        ("stage=99999999999999999999", "There is no stage"),
        ("sold=maybe", "There is no sold “maybe”"),
        ("owner=0", "There is no owner “0”"),
        ("owner=1e9", "There is no owner"),
        ("salesperson=x%00y", "There is no salesperson"),
        ("changed=-5", "There is no changed"),
        ("q=" + "a" * 10_000, "only its first 200 characters"),
    ],
)
def test_what_makes_no_sense_is_left_out_and_said(sunny: Company, grace: Client, query: str, hint: str) -> None:
    make_project(sunny.connection, title="Bohr", search_text="a" * 300)
    page = grace.get(f"/projects/?{query}")
    assert page.status_code == 200
    assert hint in text_of(page)
    assert names_on(page) == ["Bohr"]
    assert grace.get(f"/projects/export.csv?{query}").status_code == 200


def test_a_neighbours_team_is_no_filter(sunny: Company, kestrel: Company, grace: Client) -> None:
    page = grace.get(f"/projects/?owner={kestrel.roles['sales'].pk}")
    assert "There is no owner" in text_of(page)
    assert "Kestrel" not in page.content.decode()


def test_a_search_of_odd_characters_is_just_a_search(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, title="Bohr", search_text="100% bohr")
    assert names_on(grace.get("/projects/", {"q": "%"})) == ["Bohr"]
    assert names_on(grace.get("/projects/", {"q": "a\0b"})) == []
    assert names_on(grace.get("/projects/", {"q": "'; DROP TABLE"})) == []


def test_without_javascript_the_form_carries_everything(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, title="Lead", stage=0)
    make_project(sunny.connection, title="Won", stage=2)
    asked = {"q": "", "stage": "2", "sold": "", "owner": "", "salesperson": "", "changed": "", "sort": "-activity"}
    page = grace.get("/projects/", asked)
    assert names_on(page) == ["Won"]
    body = page.content.decode()
    assert '<form class="filters" id="filters" method="get" action="/projects/"' in body
    assert '<option value="2" selected>Sold</option>' in body
    assert link_named(page, "Clear all") == "/projects/"
    assert link_named(page, "Export") == "/projects/export.csv?stage=2"
    assert link_named(page, "Customer") == "?stage=2&sort=customer"


def test_htmx_gets_the_results_alone_and_the_address_to_show(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, title="Won", stage=2)
    part = grace.get("/projects/?stage=2&q=", headers={"HX-Request": "true", "HX-Target": "results"})
    assert names_on(part) == ["Won"]
    assert b"<html" not in part.content
    assert part["HX-Push-Url"] == "/projects/?stage=2"
    assert "HX-Request" in part["Vary"]
    assert b"<html" in grace.get("/projects/", headers={"HX-Request": "true", "HX-Target": "elsewhere"}).content


def test_an_empty_list_says_what_would_bring_projects(sunny: Company) -> None:
    admin, sales = signed_in(sunny.people["administrator"]), signed_in(sunny.people["sales"])
    inspector = signed_in(sunny.people["inspector"])
    assert link_named(admin.get("/projects/"), "Go to connections") == "/connections/"
    assert "An administrator of your organisation connects OpenSolar" in text_of(sales.get("/projects/"))
    assert "No project names you yet" in text_of(inspector.get("/projects/"))
    make_project(sunny.connection)
    nothing = sales.get("/projects/?q=zzz")
    assert "No project fits" in text_of(nothing)
    assert link_named(nothing, "Clear filters") == "/projects/"


def test_removed_and_withheld_projects_are_left_out(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, title="Here")
    make_project(sunny.connection, title="Gone", removed_at=NOON)
    make_project(sunny.connection, title="Refused", withheld_at=NOON)
    assert names_on(grace.get("/projects/")) == ["Here"]
    assert "Gone" not in grace.get("/projects/export.csv").getvalue().decode()
