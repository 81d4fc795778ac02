"""Edits under way in the sidebar: for those who write, with the number of those that wait for a person."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.models import Delivery, DeliveryState, Membership
from tests.conftest import Company, signed_in


def make_delivery(company: Company, state: str, who: str = "sales", **columns: Any) -> Delivery:
    given = {"resource": "projects", "vendor_id": "3001", "verb": "change", "about": "4 Main St", **columns}
    return Delivery.objects.with_scopes_disabled().create(
        organisation=company.organisation,
        connection=company.connection,
        actor=company.people[who],
        state=state,
        **given,
    )


def shown(client: Client) -> str | None:
    """The number beside the entry, empty without one; None where there is no entry."""
    page = client.get("/accounts/you/").content.decode()
    found = re.search(r'<a class="nav-item" href="/deliveries/".*?</a>', page, re.DOTALL)
    if found is None:
        return None
    number = re.search(r'class="nav-count"[^>]*>(\d+)', found[0])
    return number[1] if number else ""


def test_what_waits_for_a_person_is_counted(sunny: Company, kestrel: Company) -> None:
    client = signed_in(sunny.people["sales"])
    assert shown(client) == ""
    for state in DeliveryState.values:
        make_delivery(sunny, state)
    make_delivery(kestrel, DeliveryState.REFUSED)
    assert shown(client) == "3"


def test_sales_staff_count_their_own_and_administrators_all(sunny: Company) -> None:
    make_delivery(sunny, DeliveryState.CONFLICT)
    make_delivery(sunny, DeliveryState.REFUSED, "administrator")
    assert shown(signed_in(sunny.people["sales"])) == "1"
    assert shown(signed_in(sunny.people["administrator"])) == "2"


def test_it_goes_down_when_somebody_decides(sunny: Company) -> None:
    client, waiting = signed_in(sunny.people["sales"]), make_delivery(sunny, DeliveryState.REFUSED)
    assert shown(client) == "1"
    client.post(f"/deliveries/{waiting.pk}/cancel/")
    assert shown(client) == ""


@pytest.mark.parametrize("who", ["inspector", "installer", "unassigned"])
def test_who_writes_nothing_has_no_such_entry(sunny: Company, who: str) -> None:
    assert shown(signed_in(sunny.people[who])) is None


def test_who_has_no_rights_any_more_is_not_told(sunny: Company) -> None:
    client = signed_in(sunny.people["sales"])
    make_delivery(sunny, DeliveryState.REFUSED)
    Membership.objects.with_scopes_disabled().filter(user=sunny.people["sales"]).update(given_kind="inspector")
    assert shown(client) is None


def test_it_is_one_query_for_writers_and_none_for_others(sunny: Company) -> None:
    asked = {}
    for who in ("sales", "inspector"):
        client = signed_in(sunny.people[who])
        client.get("/accounts/you/")
        for number in (0, 20):
            for _ in range(number):
                make_delivery(sunny, DeliveryState.REFUSED)
            with CaptureQueriesContext(database) as queries:
                client.get("/accounts/you/")
            asked[who, number] = sum("portal_delivery" in query["sql"] for query in queries)
    assert asked == {("sales", 0): 1, ("sales", 20): 1, ("inspector", 0): 0, ("inspector", 20): 0}
