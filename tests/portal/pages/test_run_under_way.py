"""A run as it can be watched: the bar, the words beside it, and the page once it has ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Lease, RunState, SyncRun
from tests.conftest import Company
from tests.portal.pages.reading import words

POLLS = 'hx-trigger="every 1s"'


@pytest.fixture
def address(sunny: Company) -> str:
    return f"/connections/{sunny.connection.pk}/run/"


def under_way(company: Company, **progress: Any) -> SyncRun:
    """A run in the hands of a worker that is alive."""
    until = timezone.now() + timedelta(seconds=20)
    Lease.objects.create(connection=company.connection, holder=uuid4(), until=until)
    counts = {"projects": {"fetched": 1200, "created": 3, "updated": 12, "failed": 1}}
    return SyncRun.objects.create(
        connection=company.connection, state=RunState.RUNNING, progress=progress, counts=counts if progress else {}
    )


def test_bar_page_rate_and_end_are_told(sunny: Company, client: Client, address: str) -> None:
    under_way(sunny, resource="projects", page=12, pages=40, records=1200, rate=340.4, seconds_left=61)
    answer = client.get(address)
    text = words(answer)
    assert "Reading projects page 12 of about 40 1,200 records · 340 a second · about 61 s left" in text
    assert "1,200 projects looked at, 3 new, 12 changed, 1 not taken in" in text
    assert '<progress aria-label="Reading projects" max="40" value="12">' in answer.content.decode()
    assert POLLS in answer.content.decode()


def test_first_listing_has_no_known_end(sunny: Company, client: Client, address: str) -> None:
    under_way(sunny, resource="projects", page=3, pages=0, records=300, rate=100.0)
    answer = client.get(address)
    assert "Reading projects page 3 300 records · 100 a second" in words(answer)
    assert '<progress aria-label="Reading projects"></progress>' in answer.content.decode()


def test_listing_that_has_grown_has_no_known_end(sunny: Company, client: Client, address: str) -> None:
    under_way(sunny, resource="projects", page=41, pages=40, records=4100)
    assert "page 41 4,100 records" in words(client.get(address))


def test_start_is_told(sunny: Company, client: Client, address: str) -> None:
    under_way(sunny)
    assert words(client.get(address)).startswith("Starting")


def test_run_that_waits_says_for_how_long_and_whose_it_is(sunny: Company, client: Client, address: str) -> None:
    SyncRun.objects.create(connection=sunny.connection, asked_by=sunny.people["sales"])
    answer = client.get(address)
    assert "Waiting to start Asked for just now by Sales" in words(answer)
    assert POLLS in answer.content.decode()


def test_run_under_way_is_shown_before_the_one_that_follows(sunny: Company, client: Client, address: str) -> None:
    under_way(sunny, resource="projects", page=1, pages=4, records=100)
    SyncRun.objects.create(connection=sunny.connection)
    text = words(client.get(address))
    assert text.startswith("Reading projects")
    assert "Another sync follows" in text


def test_run_of_a_dead_worker_says_so_and_offers_a_sync(sunny: Company, client: Client, address: str) -> None:
    under_way(sunny, resource="projects", page=1, pages=4, records=100)
    with scopes_disabled():
        Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert "Its worker stopped; another goes on from here" in words(client.get(address))
    assert "Sync now" in words(client.get(address.removesuffix("run/")))


def test_page_asks_for_itself_again_only_while_something_is_under_way(sunny: Company, client: Client) -> None:
    page = f"/connections/{sunny.connection.pk}/"
    assert POLLS not in client.get(page).content.decode()
    run = under_way(sunny, resource="projects", page=1, pages=4, records=100)
    assert POLLS in client.get(page).content.decode()
    assert POLLS in client.get("/connections/").content.decode()
    with scopes_disabled():
        SyncRun.objects.filter(pk=run.pk).update(state=RunState.SUCCESS, finished_at=timezone.now())
    assert POLLS not in client.get(page).content.decode()
    assert POLLS not in client.get("/connections/").content.decode()


@pytest.mark.parametrize(("query", "has_runs"), [("", True), ("?card", False)])
def test_ended_run_brings_the_whole_page_or_card_and_the_asking_stops(
    sunny: Company, client: Client, address: str, query: str, has_runs: bool
) -> None:
    now = timezone.now()
    SyncRun.objects.create(
        connection=sunny.connection,
        state=RunState.SUCCESS,
        started_at=now - timedelta(seconds=70),
        finished_at=now,
        counts={"projects": {"fetched": 40, "created": 40}},
    )
    answer = client.get(address + query)
    text, html = words(answer), answer.content.decode()
    assert answer.headers["HX-Retarget"] == f"#connection-{sunny.connection.pk}"
    assert f'id="connection-{sunny.connection.pk}"' in html
    assert POLLS not in html
    assert "Last sync just now · 70 s Complete" in text
    assert ("Runs Started" in text) is has_runs
    assert "<html" not in html


def test_ended_run_keeps_the_page_of_the_table_that_was_open(sunny: Company, client: Client, address: str) -> None:
    now = timezone.now()
    SyncRun.objects.bulk_create(
        SyncRun(connection=sunny.connection, state=RunState.SUCCESS, started_at=now, finished_at=now) for _ in range(15)
    )
    assert "11–15 of 15" in words(client.get(address + "?runs=2"))
    SyncRun.objects.create(connection=sunny.connection)
    page = client.get(address.removesuffix("run/") + "?runs=2").content.decode()
    assert f'hx-get="{address}?runs=2"' in page


def test_before_the_first_run_it_says_when_it_comes(sunny: Company, client: Client) -> None:
    assert "No sync has run yet." in words(client.get(f"/connections/{sunny.connection.pk}/"))
