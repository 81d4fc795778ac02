"""The vendor's limits on a connection's page and over the API: what is used, for whom, and when what waits ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import Connection, ConnectionState, PendingFetch, Rank
from portal.services.syncing import fetch_pending
from tests.conftest import Company, api, signed_in
from tests.factories import make_project
from tests.portal.pages.reading import words
from tests.world import World, connection

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DETAILS = "60 requests a minute for system details a login"
BUDGET = "/api/v1/syncs/budget/"


@pytest.fixture(autouse=True)
def budgets_on(settings: LazySettings) -> None:
    settings.VENDOR_QUOTAS = True


@pytest.fixture
def address(sunny: Company) -> str:
    return f"/connections/{sunny.connection.pk}/budget/"


def wait_for(company: Company, number: int, resource: str = "system_details") -> None:
    rows = [PendingFetch(connection=company.connection, resource=resource, vendor_id=str(n)) for n in range(number)]
    with scopes_disabled():
        PendingFetch.objects.bulk_create(rows, ignore_conflicts=True)


def test_a_sync_shows_in_the_background_and_says_when_it_ends(world: World, owner: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        assert world.sync().code == 0
        page = words(owner.get(f"/connections/{connection().pk}/budget/"))
    assert f"{DETAILS} 25 of 60 0 25" in page
    assert "10,000 requests a day for system details the whole organisation 25 of 10,000 0 25" in page
    assert "System details: 12 left · 24 a minute, within 60 requests a minute · done in a moment" in page
    assert "Pictures of systems: 54 left · 4 a minute, within 10 requests a minute · done about 22:15 today" in page


def test_what_a_person_looks_at_shows_in_their_own_lane(world: World, owner: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        world.sync()
        with scopes_disabled():
            PendingFetch.objects.filter(pk=PendingFetch.objects.earliest("pk").pk).update(
                rank=Rank.SOMEBODY_LOOKS, not_before=None
            )
            fetch_pending(connection().pk)
        assert f"{DETAILS} 26 of 60 1 25" in words(owner.get(f"/connections/{connection().pk}/budget/"))


@pytest.mark.parametrize(
    ("number", "offset", "ends"),
    [
        (500, None, "done about 12:20 today"),
        (500, 10.0, "done about 22:20 today"),
        (500, 11.75, "done about 00:05 tomorrow"),
        (20_000, 0.0, "on 24 Nov"),
    ],
)
def test_the_end_is_told_on_the_clock_of_the_account(
    sunny: Company, client: Client, number: int, offset: float | None, ends: str
) -> None:
    make_project(sunny.connection, timezone_offset=offset)
    wait_for(sunny, number)
    with time_machine.travel(NOON, tick=False):
        said = words(client.get(f"/connections/{sunny.connection.pk}/budget/"))
    assert ends in said


def test_parts_that_spend_one_limit_end_together(sunny: Company, client: Client) -> None:
    wait_for(sunny, 100, "project_details")
    wait_for(sunny, 100, "projects_deleted")
    wait_for(sunny, 3, "contacts_changed")
    with time_machine.travel(NOON, tick=False):
        (shown,) = api(sunny.token("administrator")).get(BUDGET).json()["results"]
    by_part = {one["part"]: one for one in shown["waiting"]}
    assert by_part["project_details"]["ends_at"] == by_part["projects_deleted"]["ends_at"] > "2026-11-20T12:02"
    assert by_part["contacts_changed"] == {
        "part": "contacts_changed",
        "number": 3,
        "a_minute": None,
        "ends_at": "2026-11-20T12:00:00Z",
    }


def test_what_the_vendor_put_off_does_not_end_before(sunny: Company, client: Client, address: str) -> None:
    wait_for(sunny, 1)
    with scopes_disabled():
        PendingFetch.objects.update(not_before=NOON + timedelta(minutes=30))
    with time_machine.travel(NOON, tick=False):
        assert "System details: 1 left · no limit holds them back · done about 12:30 today" in words(
            client.get(address)
        )


def test_nothing_waiting_says_so(sunny: Company, client: Client, address: str) -> None:
    said = words(client.get(address))
    assert "Nothing waits to be asked for." in said
    assert f"{DETAILS} 0 of 60 0 0" in said
    assert "OpenSolar's page “Throttle Limits”" in said


def test_while_nothing_is_asked_nobody_knows_the_end(sunny: Company, client: Client, address: str) -> None:
    wait_for(sunny, 5)
    with scopes_disabled():
        Connection.objects.update(state=ConnectionState.PAUSED)
    said = words(client.get(address))
    assert "System details: 5 left Nothing is asked for now, so nobody knows when this ends." in said


def test_lifted_budgets_are_named(sunny: Company, client: Client, address: str, settings: LazySettings) -> None:
    settings.VENDOR_QUOTAS = False
    wait_for(sunny, 5)
    said = words(client.get(address))
    assert "budgets are switched off (VENDOR_QUOTAS)" in said
    assert DETAILS not in said
    (shown,) = api(sunny.token("administrator")).get(BUDGET).json()["results"]
    assert shown["counted"] is False
    assert shown["limits"][0]["used_background"] is None
    assert shown["waiting"] == [{"part": "system_details", "number": 5, "a_minute": None, "ends_at": None}]


def test_over_the_api_for_administrators_of_the_organisation(sunny: Company, kestrel: Company) -> None:
    wait_for(sunny, 5)
    answer = api(kestrel.token("administrator")).get(BUDGET).json()
    assert [one["connection"] for one in answer["results"]] == [kestrel.connection.pk]
    assert answer["results"][0]["waiting"] == []
    for who in ("sales", "inspector", "installer", "unassigned"):
        assert api(sunny.token(who)).get(BUDGET).status_code == 404
        assert signed_in(sunny.people[who]).get(f"/connections/{sunny.connection.pk}/budget/").status_code == 404
    assert api(sunny.token("administrator")).get(BUDGET + "?page=2").status_code == 400


def test_queries_do_not_grow_with_what_waits(sunny: Company, client: Client, address: str) -> None:
    counts = []
    client.get(address)
    for number in (1, 60):
        wait_for(sunny, number)
        wait_for(sunny, number, "project_details")
        with CaptureQueriesContext(database) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_connections_page_asks_for_the_limits_by_themselves(sunny: Company, client: Client, address: str) -> None:
    page = client.get(address.removesuffix("budget/")).content.decode()
    assert f'hx-get="{address}"' in page
    assert f'<a href="{address}">' in page
    part = client.get(address, headers={"hx-request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    assert "</html>" in client.get(address).content.decode()
