"""Whatever page somebody opens, and however much stands on it: a bounded number of questions to the database."""

from __future__ import annotations

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import Kind
from projects.models import Project, System
from tests.addresses import every_address, filled
from tests.belongings import furnish
from tests.conftest import Company, api, signed_in
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


def _questions(client: Client, address: str) -> int:
    """How many an answer takes that may be asked for again, the database's own brackets of a transaction left out."""
    with CaptureQueriesContext(database) as asked:
        answer = client.get(address)
        if answer.streaming:
            assert list(answer.streaming_content)
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in asked.captured_queries)


@pytest.mark.parametrize("who", list(Kind))
def test_no_page_asks_more_than_that(sunny: Company, who: Kind) -> None:
    """Every address there is, opened for the first time, as somebody of each kind."""
    belongings = furnish(sunny)
    belongings[Project] = _rich(sunny)
    people = {True: api(sunny.token(str(who))), False: signed_in(sunny.people[who])}
    many = {}
    for template in every_address():
        address = filled(template, belongings)
        if (asked := _questions(people[address.startswith("/api/")], address)) > MOST:
            many[address] = asked
    assert many == {}


def test_project_whose_details_are_missing_asks_no_more(sunny: Company) -> None:
    project = _rich(sunny)
    with scopes_disabled():
        System.objects.filter(project_ref=project.opensolar_id).update(details_at=None)
    assert _questions(signed_in(sunny.people["administrator"]), f"/projects/{project.pk}/") <= MOST


@pytest.mark.parametrize("who", ["administrator", "sales", "inspector"])
def test_a_rich_project_takes_a_bounded_number_of_questions(sunny: Company, who: str) -> None:
    address = f"/projects/{_rich(sunny).pk}/"
    client = signed_in(sunny.people[who])
    client.get(address)
    with CaptureQueriesContext(database) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= MOST
