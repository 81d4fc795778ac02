"""Home: what each kind of person finds, and that each number opens the list it counts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Connection, ConnectionState, Organisation, SyncProblem, User
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project
from tests.projects.pages.reading import link_named, names_on, text_of

OLD = NOON - timedelta(days=9)


@pytest.fixture
def pipeline(sunny: Company) -> None:
    """Six projects: three open ones of the salesperson, one sold, one of a stage nobody knows, one without a stage."""
    for number, (stage, modified) in enumerate([(0, NOON), (0, OLD), (1, OLD), (2, NOON), (8, OLD), (None, OLD)]):
        make_project(
            sunny.connection,
            title=f"Roof {number}",
            stage=stage,
            modified_date=modified,
            assigned_role_ref=12,
            assigned_site_inspector_role_ref=13 if number < 2 else None,
        )
    make_project(sunny.connection, title="Roof of another", stage=0, modified_date=OLD, assigned_role_ref=99)


@pytest.mark.usefixtures("pipeline")
def test_a_salespersons_numbers_open_the_lists_they_count(grace: Client) -> None:
    home = grace.get("/")
    for words, names in {
        "My open projects": {"Roof 0", "Roof 1", "Roof 2"},
        "Changed since yesterday": {"Roof 0", "Roof 3"},
        "Sold": {"Roof 3"},
        "Stage 8": {"Roof 4"},
    }.items():
        assert set(names_on(grace.get(link_named(home, words)))) == names
    assert "My open projects 3" in text_of(home)
    assert "Changed since yesterday 2" in text_of(home)
    assert "All projects 7" in text_of(home)
    assert "Presale 3 Lock pricing 1 Sold 1 Stage 8 1 No stage 1" in text_of(home)
    assert "Connections" not in text_of(home)


@pytest.mark.usefixtures("pipeline")
def test_an_inspector_finds_their_own_projects(sunny: Company) -> None:
    said = text_of(signed_in(sunny.people["inspector"]).get("/"))
    assert "My projects 2" in said
    assert re.findall(r"Roof \d", said) == ["Roof 0", "Roof 1"]
    assert "By stage" not in said
    assert "No project names you yet" in text_of(signed_in(sunny.people["installer"]).get("/"))


def test_an_administrator_sees_how_the_connections_fare(sunny: Company) -> None:
    admin = signed_in(sunny.people["administrator"])
    with scopes_disabled():
        Connection.objects.update(state=ConnectionState.WELL, last_success_at=NOON - timedelta(minutes=2))
    said = text_of(admin.get("/"))
    assert "Connections working 1 of 1 Synced" in said
    assert "Problems open 0" in said
    assert "Last sync 2 min ago" in said
    with scopes_disabled():
        Connection.objects.update(state=ConnectionState.CREDENTIALS, message="Wrong password.")
        SyncProblem.objects.create(connection=sunny.connection, resource="contacts", reason="No id", seen_at=NOON)
    home = admin.get("/")
    assert "Connections working 0 of 1 Needs you" in text_of(home)
    assert "Problems open 1" in text_of(home)
    assert link_named(home, "Problems open") == f"/connections/{sunny.connection.pk}/#problems"
    assert "Connections 1 waiting for me" in text_of(home)


def test_an_administrator_without_a_connection_is_led_to_one(sunny: Company) -> None:
    with scopes_disabled():
        Connection.objects.all().delete()
        # Who left the first run; before that, home is nothing else.
        Organisation.objects.update(welcomed_at=NOON)
    home = signed_in(sunny.people["administrator"]).get("/")
    assert link_named(home, "None yet") == "/connections/"


def test_a_neighbours_figures_are_not_ours(sunny: Company, kestrel: Company) -> None:
    make_project(kestrel.connection, title="Theirs")
    with scopes_disabled():
        SyncProblem.objects.create(connection=kestrel.connection, resource="contacts", reason="x", seen_at=NOON)
    said = text_of(signed_in(sunny.people["administrator"]).get("/"))
    assert "All projects 0" in said
    assert "Problems open 0" in said
    assert "Theirs" not in said


def test_who_has_no_task_yet_is_told_what_comes(sunny: Company) -> None:
    said = text_of(signed_in(sunny.people["unassigned"]).get("/"))
    assert "Nothing is assigned to you yet" in said
    assert "Projects" not in said


@pytest.mark.django_db
def test_who_belongs_to_no_organisation_is_told_what_to_do() -> None:
    page = signed_in(User.objects.create_user("nobody@example.com")).get("/")
    assert page.status_code == 200
    assert "You do not belong to an organisation yet" in text_of(page)
    assert "You are signed in as nobody@example.com" in text_of(page)
    assert "Sign out" in text_of(page)


@pytest.mark.django_db
def test_a_stranger_has_to_sign_in() -> None:
    response = Client().get("/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/"
