"""A page costs the same number of queries whatever it holds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Company, api
from tests.factories import make_contact, make_project, make_system


def make_roofs(company: Company, many: int) -> None:
    for _ in range(many):
        contacts = (make_contact(company.connection), make_contact(company.connection))
        project = make_project(company.connection, contacts, assigned_role_ref=12, assigned_site_inspector_role_ref=13)
        make_system(project)
        make_system(project)


@pytest.mark.parametrize(
    ("who", "url", "queries"),
    [
        ("administrator", "projects/", 5),
        ("administrator", "projects/?payload=1", 6),
        ("inspector", "projects/", 6),
        ("sales", "projects/?q=roof&stage=0", 5),
        ("administrator", "contacts/", 2),
        ("administrator", "contacts/?payload=1", 3),
        ("inspector", "contacts/", 3),
        ("administrator", "roles/", 2),
        ("administrator", "systems/", 2),
        ("administrator", "systems/?payload=1", 3),
        ("inspector", "systems/", 3),
        ("administrator", "org/", 2),
    ],
)
def test_queries_do_not_grow(sunny: Company, django_assert_num_queries: Any, who: str, url: str, queries: int) -> None:
    client = api(sunny.token(who))
    make_roofs(sunny, 1)
    with django_assert_num_queries(queries):
        client.get(f"/api/v1/{url}")
    make_roofs(sunny, 49)
    with django_assert_num_queries(queries):
        answer = client.get(f"/api/v1/{url}")
    assert len(answer.json().get("results", answer.json())) >= 5


def test_a_single_project_costs_what_a_page_costs(sunny: Company, django_assert_num_queries: Any) -> None:
    make_roofs(sunny, 1)
    pk = api(sunny.token("sales")).get("/api/v1/projects/").json()["results"][0]["id"]
    client = api(sunny.token("sales"))
    with django_assert_num_queries(5):
        assert client.get(f"/api/v1/projects/{pk}/").status_code == 200
