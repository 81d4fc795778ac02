"""The same routes as each person: whole pipeline, own projects, nothing; never another organisation's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from projects.models import Contact, Project, System
from tests.conftest import Company, api
from tests.factories import make_contact, make_project, make_system

EVERYONE = ["administrator", "sales", "inspector", "installer", "unassigned"]


@dataclass
class Roof:
    """A project with its customer and a system."""

    project: Project
    contact: Contact
    system: System


def make_roof(company: Company, **columns: Any) -> Roof:
    contact = make_contact(company.connection)
    project = make_project(company.connection, (contact,), **columns)
    return Roof(project, contact, make_system(project))


@pytest.fixture
def roofs(sunny: Company, kestrel: Company) -> dict[str, Roof]:
    """One roof to inspect, one to install, one of nobody; and the neighbour's, with the same role numbers."""
    return {
        "inspector": make_roof(sunny, assigned_site_inspector_role_ref=13),
        "installer": make_roof(sunny, assigned_installer_role_ref=14),
        "nobody": make_roof(sunny),
        "neighbour": make_roof(kestrel, assigned_site_inspector_role_ref=13, assigned_installer_role_ref=14),
    }


SEEN = {
    "administrator": ["inspector", "installer", "nobody"],
    "sales": ["inspector", "installer", "nobody"],
    "inspector": ["inspector"],
    "installer": ["installer"],
    "unassigned": [],
}


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("route", ["projects", "contacts", "systems"])
def test_everyone_sees_their_share(sunny: Company, roofs: dict[str, Roof], who: str, route: str) -> None:
    client = api(sunny.token(who))
    part = route.removesuffix("s")
    listed = [row["id"] for row in client.get(f"/api/v1/{route}/").json()["results"]]
    assert listed == [getattr(roofs[name], part).pk for name in SEEN[who]]
    for name, roof in roofs.items():
        pk = getattr(roof, part).pk
        answer = client.get(f"/api/v1/{route}/{pk}/")
        assert answer.status_code == (200 if name in SEEN[who] else 404)


@pytest.mark.parametrize("who", EVERYONE)
def test_the_neighbours_records_are_not_there(
    sunny: Company, kestrel: Company, roofs: dict[str, Roof], who: str
) -> None:
    client = api(kestrel.token(who))
    for name in ("inspector", "installer", "nobody"):
        roof = roofs[name]
        for route, pk in (
            ("projects", roof.project.pk),
            ("contacts", roof.contact.pk),
            ("systems", roof.system.pk),
            ("roles", sunny.roles["sales"].pk),
        ):
            assert client.get(f"/api/v1/{route}/{pk}/").status_code == 404
            assert client.get(f"/api/v1/{route}/{pk}/?removed=1").status_code == 404
    own = roofs["neighbour"]
    for route, pk in (("projects", own.project.pk), ("contacts", own.contact.pk), ("systems", own.system.pk)):
        listed = [row["id"] for row in client.get(f"/api/v1/{route}/").json()["results"]]
        assert listed == ([] if who == "unassigned" else [pk])
    assert client.get(f"/api/v1/contacts/?project={roofs['nobody'].project.pk}").json()["results"] == []
    assert client.get(f"/api/v1/systems/?project={roofs['nobody'].project.pk}").json()["results"] == []
    assert client.get(f"/api/v1/projects/?connection={sunny.connection.pk}").json()["results"] == []


@pytest.mark.parametrize("route", ["contacts", "systems"])
def test_a_filter_by_project_tells_nothing_of_hidden_projects(
    sunny: Company, roofs: dict[str, Roof], route: str
) -> None:
    shared = roofs["inspector"].contact
    hidden = make_project(sunny.connection, (shared,))
    for who, found in (("sales", 1), ("inspector", 0)):
        answer = api(sunny.token(who)).get(f"/api/v1/contacts/?project={hidden.pk}")
        assert len(answer.json()["results"]) == found
    own = api(sunny.token("inspector")).get(f"/api/v1/{route}/?project={roofs['inspector'].project.pk}")
    assert len(own.json()["results"]) == 1


def test_one_person_named_twice_is_listed_once(sunny: Company) -> None:
    contact = make_contact(sunny.connection)
    for _ in range(2):
        make_project(sunny.connection, (contact,), assigned_site_inspector_role_ref=13)
    answer = api(sunny.token("inspector")).get("/api/v1/contacts/").json()
    assert [row["id"] for row in answer["results"]] == [contact.pk]


def test_the_team_is_listed_to_all_who_are_assigned(sunny: Company, kestrel: Company) -> None:
    everyone = sorted(role.pk for role in sunny.roles.values())
    for who in EVERYONE[:-1]:
        answer = api(sunny.token(who)).get("/api/v1/roles/").json()
        assert [row["id"] for row in answer["results"]] == everyone
    alone = api(sunny.token("unassigned")).get("/api/v1/roles/").json()
    assert [row["id"] for row in alone["results"]] == [sunny.roles["unassigned"].pk]
