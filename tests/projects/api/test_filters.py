"""Filters find what they name; what cannot be is refused, never ignored."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from tests.conftest import Company, api
from tests.factories import NOON, make_contact, make_project, make_role, make_system


@pytest.fixture
def client(sunny: Company) -> Client:
    return api(sunny.token("sales"))


def found(client: Client, route: str, query: str) -> list[int]:
    answer = client.get(f"/api/v1/{route}/?{query}")
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    "query",
    [
        "stage=2",
        "is_sold=true",
        "is_sold=1",
        "assigned_role=12",
        "state=nsw",
        "locality=Bondi",
        "country_iso2=nz",
        "q=CURIE",
        "q=%C3%89COLE",
        "q=main%20st%207",
        "opensolar_id=4711",
        "identifier=J-1",
        "created_after=2026-11-21",
        "updated_since=2026-11-20T12:00:01Z",
        "updated_since=2026-11-20T12:00:01",
        "updated_since=2026-11-20T23:00:01%2B11:00",
        "stage=2&is_sold=true",
    ],
)
def test_projects(client: Client, sunny: Company, query: str) -> None:
    make_project(sunny.connection, state="VIC", locality="Kew", identifier="J-10")
    wanted = make_project(
        sunny.connection,
        opensolar_id=4711,
        stage=2,
        is_sold=True,
        assigned_role_ref=12,
        state="NSW",
        locality="Bondi",
        country_iso2="NZ",
        identifier="J-1",
        search_text="marie curie, école, main st 7",
        created_date=NOON + timedelta(days=1),
    )
    type(wanted).objects.with_scopes_disabled().filter(pk=wanted.pk).update(changed_at=NOON + timedelta(seconds=1))
    assert found(client, "projects", query) == [wanted.pk]


def test_a_boolean_can_be_asked_for_both_ways(client: Client, sunny: Company) -> None:
    sold, open_ = make_project(sunny.connection, is_sold=True), make_project(sunny.connection)
    assert found(client, "projects", "is_sold=false") == [open_.pk]
    assert found(client, "projects", "is_sold=0") == [open_.pk]
    assert found(client, "projects", "is_sold=True") == [sold.pk]


def test_updated_since_takes_in_its_own_moment(client: Client, sunny: Company) -> None:
    project = make_project(sunny.connection)
    assert found(client, "projects", "updated_since=2026-11-20T12:00:00Z") == [project.pk]
    assert found(client, "projects", "updated_since=2026-11-20T12:00:00.000001Z") == []


def test_removals_reach_who_asks_for_changes(client: Client, sunny: Company) -> None:
    make_project(sunny.connection)
    later = NOON + timedelta(hours=1)
    gone = make_project(sunny.connection, removed_at=later)
    type(gone).objects.with_scopes_disabled().filter(pk=gone.pk).update(changed_at=later)
    assert found(client, "projects", "updated_since=2026-11-20T12:30:00Z&removed=1") == [gone.pk]


@pytest.mark.parametrize("query", ["q=HOPPER", "q=555", "email=GRACE@example.com", "phone=555 12"])
def test_contacts(client: Client, sunny: Company, query: str) -> None:
    make_contact(sunny.connection, email="grace@example.org")
    wanted = make_contact(sunny.connection, display="Grace Hopper", email="grace@example.com", phone="+1 555 1234")
    assert found(client, "contacts", query) == [wanted.pk]


def test_contacts_and_systems_of_a_project(client: Client, sunny: Company) -> None:
    contact = make_contact(sunny.connection)
    project, other = make_project(sunny.connection, (contact,)), make_project(sunny.connection)
    system = make_system(project)
    make_system(other)
    assert found(client, "contacts", f"project={project.pk}") == [contact.pk]
    assert found(client, "contacts", f"project={other.pk}") == []
    assert found(client, "systems", f"project={project.pk}") == [system.pk]
    assert found(client, "systems", "project=999999") == []


def test_a_removed_project_can_still_be_named(client: Client, sunny: Company) -> None:
    system = make_system(make_project(sunny.connection, opensolar_id=8, removed_at=NOON))
    pk = client.get("/api/v1/projects/?removed=1").json()["results"][0]["id"]
    assert found(client, "systems", f"project={pk}") == [system.pk]


@pytest.mark.parametrize("query", ["is_admin=true", "is_hidden=1", "email=emmy@example.com", "opensolar_id=77"])
def test_roles(client: Client, sunny: Company, query: str) -> None:
    wanted = make_role(sunny.connection, opensolar_id=77, is_admin=True, is_hidden=True, email="emmy@example.com")
    assert found(client, "roles", query) == [wanted.pk]


@pytest.mark.parametrize("query", ["is_current=true", "kw_min=8.401", "kw_min=8.5&kw_max=8.5"])
def test_systems(client: Client, sunny: Company, query: str) -> None:
    project = make_project(sunny.connection)
    make_system(project)
    wanted = make_system(project, is_current=True, kw_stc=Decimal("8.500"))
    assert found(client, "systems", query) == [wanted.pk]


@pytest.mark.parametrize(
    ("route", "query", "named"),
    [
        ("projects", "stage=sold", "stage"),
        ("projects", f"stage={10**30}", "stage"),
        ("projects", "is_sold=maybe", "is_sold"),
        ("projects", "updated_since=yesterday", "updated_since"),
        ("projects", "updated_since=2026-13-01", "updated_since"),
        ("projects", "updated_since=0001-01-01T00:00:00%2B14:00", "updated_since"),
        ("projects", "updated_since=2026-11-20T12:00:00+11:00", "updated_since"),
        ("projects", "q=%00", "q"),
        ("contacts", "project=x", "project"),
        ("roles", "is_admin=2", "is_admin"),
        ("systems", "kw_min=big", "kw_min"),
        ("systems", "kw_max=1e40", "kw_max"),
        ("systems", "kw_max=NaN", "kw_max"),
    ],
)
def test_rubbish_is_refused_by_name(client: Client, route: str, query: str, named: str) -> None:
    answer = client.get(f"/api/v1/{route}/?{query}")
    assert answer.status_code == 400
    assert list(answer.json()) == [named]
    assert answer.json()[named][0].endswith(".")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("stagee=2", "There is no parameter stagee here. Known are: assigned_role, connection,"),
        ("stage=", "The parameter stage is empty"),
        ("q=%20", "The parameter q is empty"),
        ("stage=1&stage=2", "The parameter stage is given twice."),
        ("removed=yes", "removed is either 1 or 0."),
        ("payload=2", "payload is either 1 or 0."),
    ],
)
def test_a_typo_never_returns_everything(client: Client, sunny: Company, query: str, sentence: str) -> None:
    make_project(sunny.connection)
    answer = client.get(f"/api/v1/projects/?{query}")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(sentence)


def test_a_single_record_takes_no_filters(client: Client, sunny: Company) -> None:
    project = make_project(sunny.connection)
    answer = client.get(f"/api/v1/projects/{project.pk}/?stage=0")
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "There is no parameter stage here. Known are: payload, removed.",
    )
