"""When a member was last here: to five minutes, by one UPDATE, after an answer that is good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import Company, api, signed_in

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def seen(sunny: Company) -> datetime | None:
    return sunny.membership("sales").last_seen_at


def updates(client: Client, path: str = "/") -> list[str]:
    """The UPDATEs of memberships that a page costs."""
    with CaptureQueriesContext(database) as queries:
        client.get(path)
    return [query["sql"] for query in queries if query["sql"].startswith('UPDATE "portal_membership"')]


def test_a_page_notes_it_once_in_five_minutes(sunny: Company, clock: time_machine.Traveller) -> None:
    client = signed_in(sunny.people["sales"])
    assert seen(sunny) is None
    assert len(updates(client)) == 1
    assert seen(sunny) == NOON
    clock.move_to(NOON + timedelta(minutes=4, seconds=59))
    assert updates(client) == []
    assert seen(sunny) == NOON
    clock.move_to(NOON + timedelta(minutes=5))
    assert len(updates(client)) == 1
    assert seen(sunny) == NOON + timedelta(minutes=5)


def test_only_the_one_who_came_is_noted(sunny: Company) -> None:
    signed_in(sunny.people["sales"]).get("/")
    assert sunny.membership("inspector").last_seen_at is None


@pytest.mark.parametrize("path", ["/nothing/", "/connections/"])
def test_an_answer_that_is_not_good_notes_nothing(sunny: Company, path: str) -> None:
    assert signed_in(sunny.people["sales"]).get(path).status_code == 404
    assert seen(sunny) is None


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}])
def test_a_page_left_open_is_not_the_person(sunny: Company, header: dict[str, str]) -> None:
    signed_in(sunny.people["sales"]).get("/projects/", headers=header)
    assert seen(sunny) is None


def test_a_program_with_a_token_is_not_the_person(sunny: Company) -> None:
    api(sunny.token("sales")).get("/api/v1/projects/")
    assert seen(sunny) is None


def test_whoever_is_held_has_not_been_here(sunny: Company) -> None:
    sunny.organisation.administrators_need_second_factor = True
    sunny.organisation.save()
    signed_in(sunny.people["administrator"]).get("/", follow=True)
    assert sunny.membership("administrator").last_seen_at is None
