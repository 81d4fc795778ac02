"""Queries written once: bound to the values of each call, whichever thread and organisation calls."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope, scopes_disabled

from portal.api.prepared import Prepared, fetch
from portal.models import Organisation
from projects.models import Contact
from tests.conftest import Company, api
from tests.factories import make_contact, make_project


def by_name(organisation: int, name: Any, numbers: int) -> Any:
    with scope(organisation=Organisation(pk=organisation)):
        found = Contact.objects.filter(display=name, opensolar_id__in=[numbers], phone__contains="100%s")
    return found.order_by("id").values_list("id", "changed_at")


def test_values_are_bound_anew(sunny: Company, kestrel: Company) -> None:
    one, two, other = (
        make_contact(company.connection, opensolar_id=number, display=name, phone="100%s")
        for company, number, name in ((sunny, 1, "Ada"), (sunny, 2, "Ada"), (kestrel, 1, "Ada"))
    )
    query = Prepared(by_name)
    found = query.rows(organisation=sunny.organisation.pk, name="Ada", numbers=[1, 2, 3])
    assert found == [(one.pk, one.changed_at), (two.pk, two.changed_at)]
    assert query.rows(organisation=sunny.organisation.pk, name="Ada", numbers={2}) == found[1:]
    assert query.rows(organisation=kestrel.organisation.pk, name="Ada", numbers=[1, 2])[0][0] == other.pk
    assert query.rows(organisation=sunny.organisation.pk, name="Bo", numbers=[1]) == []
    assert query.rows(organisation=sunny.organisation.pk, name="Ada", numbers=[]) == []


def test_what_can_only_be_empty_asks_nothing(sunny: Company, django_assert_num_queries: Any) -> None:
    with scopes_disabled(), django_assert_num_queries(0):
        assert fetch(Contact.objects.none().values_list("id")) == []


@pytest.mark.django_db(transaction=True)
def test_threads_use_their_own_connections(sunny: Company) -> None:
    make_project(sunny.connection, (make_contact(sunny.connection),))
    client = api(sunny.token("sales"))
    here = client.get("/api/v1/projects/").json()
    there: list[Any] = []

    def ask() -> None:
        there.append(client.get("/api/v1/projects/").json())
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join(timeout=20)
    assert there == [here]
