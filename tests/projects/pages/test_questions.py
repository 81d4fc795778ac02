"""However much stands on a project's page, and whoever opens it: a bounded number of questions to the database."""

from __future__ import annotations

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import (
    NOON,
    make_contact,
    make_event,
    make_file,
    make_picture,
    make_project,
    make_promise,
    make_proposal,
    make_system,
)
from tests.price_factories import make_component

MOST = 25


def _rich(company: Company) -> Project:
    """A project with something of every kind, on which the inspector is named."""
    customers = (make_contact(company.connection), make_contact(company.connection))
    where = {"lat": -33.9, "lon": 151.2}
    project = make_project(company.connection, customers, assigned_site_inspector_role_ref=13, is_sold=True, **where)
    module = {"manufacturer_name": "Bell Silicon", "code": "BS-1", "quantity": 18}
    for _ in range(3):
        make_picture(make_system(project, details_at=NOON, modules=[module]))
    make_component(company.connection, code="BS-1")
    for make in (make_event, make_file, make_event, make_file, make_proposal, make_promise):
        make(project)
    return project


@pytest.mark.parametrize("who", ["administrator", "sales", "inspector"])
def test_a_rich_project_takes_a_bounded_number_of_questions(sunny: Company, who: str) -> None:
    address = f"/projects/{_rich(sunny).pk}/"
    client = signed_in(sunny.people[who])
    client.get(address)
    with CaptureQueriesContext(database) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= MOST
