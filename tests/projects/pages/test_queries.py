"""Pages ask the database the same number of questions, whatever they hold."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_contact, make_project, make_role, make_system


def _make(company: Company, number: int) -> Project:
    """A project with everything a line or page can show."""
    contacts = tuple(make_contact(company.connection) for _ in range(2))
    role = make_role(company.connection)
    names = ("assigned_role", "assigned_salesperson_role", "assigned_designer_role")
    project = make_project(
        company.connection,
        contacts,
        title=f"Roof {number}",
        assigned_site_inspector_role_ref=13,
        **{f"{name}_ref": role.opensolar_id for name in names},
    )
    for _ in range(2):
        make_system(project, details_at=NOON)
    return project


def _queries(client: Client, path: str, **headers: str) -> int:
    client.get(path)  # the session and what is cached by then are not the page's matter
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response: Any = client.get(path, headers=headers)
        assert response.status_code == 200
        if response.streaming:
            assert b"".join(response.streaming_content)
    return len(asked)


@pytest.mark.parametrize("who", ["administrator", "sales", "inspector"])
@pytest.mark.parametrize("path", ["/projects/", "/projects/?sort=customer&q=roof&stage=0", "/projects/export.csv", "/"])
def test_fifty_rows_cost_as_many_questions_as_one(sunny: Company, who: str, path: str) -> None:
    client = signed_in(sunny.people[who])
    _make(sunny, 0)
    one = _queries(client, path)
    for number in range(1, 50):
        _make(sunny, number)
    assert _queries(client, path) == one
    # Home is several small pages in one, an administrator's most of all.
    assert one <= (25 if path == "/" else 12)


def test_the_list_is_cheap(sunny: Company, grace: Client) -> None:
    """Eight for rows, people and frame, one each for chosen columns and kept views."""
    for number in range(60):
        _make(sunny, number)
    assert _queries(grace, "/projects/") <= 10


def test_a_page_of_one_project_does_not_grow_with_it(sunny: Company, grace: Client) -> None:
    small = make_project(sunny.connection, (make_contact(sunny.connection),))
    make_system(small, details_at=NOON)
    large = make_project(sunny.connection, tuple(make_contact(sunny.connection) for _ in range(9)))
    for _ in range(9):
        make_system(large, details_at=NOON)
    few = _queries(grace, f"/projects/{small.pk}/")
    assert _queries(grace, f"/projects/{large.pk}/") == few
    assert few <= 25


def test_money_that_one_may_not_see_is_not_even_read(sunny: Company) -> None:
    project = _make(sunny, 0)
    client = signed_in(sunny.people["inspector"])
    for path in ("/projects/", f"/projects/{project.pk}/", "/", "/projects/export.csv"):
        with CaptureQueriesContext(connection) as asked:
            response: Any = client.get(path)
            if response.streaming:
                assert b"".join(response.streaming_content)
        said = " ".join(query["sql"] for query in asked)
        assert "projects_system" in said
        assert "price_including_tax" not in said
        assert "net_profit" not in said
