"""What a record looks like: our id, the vendor's, its columns, and what it refers to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django_scopes import scopes_disabled

from portal.models import Connection
from projects.models import ProjectContact, Role
from tests.conftest import Company, api
from tests.factories import NOON, make_contact, make_project, make_role, make_system


def only(company: Company, route: str, query: str = "") -> dict[str, Any]:
    """The one record of a route, as the administrator gets it."""
    (row,) = api(company.token("administrator")).get(f"/api/v1/{route}/{query}").json()["results"]
    return dict(row)


def test_a_project_with_everything_it_refers_to(sunny: Company) -> None:
    first = make_contact(sunny.connection, display="Ada Yonath", email="ada@example.com", phone="1")
    second = make_contact(sunny.connection, display="Lise Meitner")
    project = make_project(
        sunny.connection,
        (first, second),
        assigned_role_ref=12,
        assigned_designer_role_ref=999,
        lat=-33.86,
        sold_date=date(2026, 11, 1),
    )
    ProjectContact.objects.with_scopes_disabled().filter(contact_ref=first.opensolar_id).update(position=3)
    ProjectContact.objects.with_scopes_disabled().filter(contact_ref=second.opensolar_id).update(position=2)
    later, sooner = make_system(project, order=2), make_system(project, order=1)
    row = only(sunny, "projects")
    assert (row["id"], row["opensolar_id"], row["connection"]) == (
        project.pk,
        project.opensolar_id,
        sunny.connection.pk,
    )
    assert [contact["id"] for contact in row["contacts"]] == [second.pk, first.pk]
    assert row["contacts"][1] == {
        "id": first.pk,
        "opensolar_id": first.opensolar_id,
        "display": "Ada Yonath",
        "email": "ada@example.com",
        "phone": "1",
    }
    assert row["assigned_role"] == {"id": sunny.roles["sales"].pk, "opensolar_id": 12, "display": "Sales Sunny"}
    assert (row["assigned_designer_role_ref"], row["assigned_designer_role"]) == (999, None)
    assert row["assigned_installer_role"] is None
    assert row["systems"] == [sooner.pk, later.pk]
    assert (row["lat"], row["lon"], row["is_sold"]) == (-33.86, None, False)
    assert row["sold_date"] == "2026-11-01"
    assert row["changed_at"] == row["synced_at"] == "2026-11-20T12:00:00Z"
    assert row["removed_at"] is None
    assert not row.keys() & {"search_text", "organisation", "requested_at", "payload"}


def test_equal_numbers_of_two_connections_are_two_people(sunny: Company) -> None:
    with scopes_disabled():
        other = Connection.objects.create(organisation=sunny.organisation, vendor="opensolar", account_id="9")
    stranger = make_role(other, opensolar_id=12, display="Emmy Noether")
    contact = make_contact(other, opensolar_id=7)
    make_contact(sunny.connection, opensolar_id=7)
    project = make_project(other, (contact,), opensolar_id=70, assigned_role_ref=12)
    make_project(sunny.connection, opensolar_id=70)
    make_system(project)
    row = only(sunny, "projects", f"?connection={other.pk}")
    assert (row["assigned_role"]["id"], [c["id"] for c in row["contacts"]]) == (stranger.pk, [contact.pk])
    row = only(sunny, "projects", f"?connection={sunny.connection.pk}")
    assert (row["assigned_role"], row["contacts"], row["systems"]) == (None, [], [])


def test_a_system_names_its_project(sunny: Company) -> None:
    project = make_project(sunny.connection)
    system = make_system(project)
    row = only(sunny, "systems")
    assert (row["id"], row["project"], row["project_ref"]) == (system.pk, project.pk, project.opensolar_id)
    assert row["modules"] == [{"manufacturer_name": "LG", "code": "LG345", "quantity": 18}]
    orphan = make_system(project, opensolar_id=5)
    with scopes_disabled():
        project.delete()
    answer = api(sunny.token("administrator")).get(f"/api/v1/systems/{orphan.pk}/")
    assert answer.json()["project"] is None


def test_contacts_and_roles_show_their_columns(sunny: Company) -> None:
    make_contact(sunny.connection, first_name="Grace", email="grace@example.com", type=0)
    contact = only(sunny, "contacts")
    assert (contact["first_name"], contact["email"], contact["type"]) == ("Grace", "grace@example.com", 0)
    role = only(sunny, "roles", "?opensolar_id=11")
    assert (role["display"], role["is_admin"], role["is_hidden"]) == ("Administrator Sunny", False, False)
    assert "membership" not in role


@pytest.mark.parametrize("mark", ["removed_at", "withheld_at"])
def test_what_the_vendor_took_away_is_left_out_unless_asked_for(sunny: Company, mark: str) -> None:
    gone = {mark: NOON}
    contact, lost = make_contact(sunny.connection), make_contact(sunny.connection, **gone)
    kept, removed = make_project(sunny.connection, (contact, lost)), make_project(sunny.connection, **gone)
    system, dropped = make_system(kept), make_system(kept, **gone)
    Role.objects.with_scopes_disabled().filter(opensolar_id=15).update(**gone)
    client = api(sunny.token("administrator"))
    for route, stays, goes in (
        ("projects", kept.pk, removed.pk),
        ("contacts", contact.pk, lost.pk),
        ("systems", system.pk, dropped.pk),
        ("roles", sunny.roles["sales"].pk, sunny.roles["unassigned"].pk),
    ):
        ids = [row["id"] for row in client.get(f"/api/v1/{route}/").json()["results"]]
        assert stays in ids
        assert goes not in ids
        assert client.get(f"/api/v1/{route}/{goes}/").status_code == 404
        assert client.get(f"/api/v1/{route}/{goes}/?removed=true").json()[mark] == "2026-11-20T12:00:00Z"
        ids = [row["id"] for row in client.get(f"/api/v1/{route}/?removed=1").json()["results"]]
        assert {stays, goes} <= set(ids)
    row = client.get(f"/api/v1/projects/{kept.pk}/").json()
    assert ([c["id"] for c in row["contacts"]], row["systems"]) == ([contact.pk], [system.pk])
    row = client.get(f"/api/v1/projects/{kept.pk}/?removed=1").json()
    assert [c["id"] for c in row["contacts"]] == [contact.pk, lost.pk]
    assert row["systems"] == [system.pk, dropped.pk]


def test_hidden_roles_are_listed(sunny: Company) -> None:
    hidden = make_role(sunny.connection, is_hidden=True)
    ids = [row["id"] for row in api(sunny.token("sales")).get("/api/v1/roles/").json()["results"]]
    assert hidden.pk in ids
