"""Two accounts of one organisation at the same vendor may use the same numbers for different records."""

from __future__ import annotations

import pytest
from django_scopes import scopes_disabled

from portal.models import Connection
from tests.conftest import Company, api
from tests.factories import NOON, make_contact, make_project, make_system


@pytest.fixture
def second(sunny: Company) -> Connection:
    """Another account of the same organisation."""
    with scopes_disabled():
        return Connection.objects.create(
            organisation=sunny.organisation, vendor="opensolar", account_id="3", base_url="http://127.0.0.1:9/third"
        )


def test_list_is_complete_beside_a_removed_namesake(sunny: Company, second: Connection) -> None:
    here = make_project(sunny.connection, (make_contact(sunny.connection, display="Ada"),), opensolar_id=5)
    there = make_project(second, (make_contact(second, display="Bo"),), opensolar_id=7)
    gone = make_project(sunny.connection, (make_contact(sunny.connection),), opensolar_id=7, removed_at=NOON)
    make_system(gone)
    rows = api(sunny.token("sales")).get("/api/v1/projects/").json()["results"]
    found = [(row["id"], [contact["display"] for contact in row["contacts"]], row["systems"]) for row in rows]
    assert found == [(here.pk, ["Ada"], []), (there.pk, ["Bo"], [])]


def test_inspector_sees_nothing_of_the_namesake(sunny: Company, second: Connection) -> None:
    named = {"opensolar_id": 5, "assigned_site_inspector_role_ref": sunny.roles["inspector"].opensolar_id}
    mine = make_project(sunny.connection, (make_contact(sunny.connection, display="Ada"),), **named)
    other = make_project(second, (make_contact(second, display="Bo"),), **named)
    system, _foreign = make_system(mine), make_system(other)
    client = api(sunny.token("inspector"))
    assert [row["id"] for row in client.get("/api/v1/projects/").json()["results"]] == [mine.pk]
    assert [row["id"] for row in client.get("/api/v1/systems/").json()["results"]] == [system.pk]
    assert [row["display"] for row in client.get("/api/v1/contacts/").json()["results"]] == ["Ada"]
