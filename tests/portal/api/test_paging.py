"""Cursor pages: complete, without repeats, in both directions, whatever is added meanwhile."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from projects.models import Project
from tests.conftest import Company, api
from tests.factories import make_project


@pytest.fixture
def client(sunny: Company) -> Client:
    return api(sunny.token("sales"))


def ids(page: dict[str, Any]) -> list[int]:
    return [row["id"] for row in page["results"]]


def walk(client: Client, url: str, link: str) -> list[list[int]]:
    """The ids of all pages from `url` on, following `link`."""
    pages, page = [], client.get(url).json()
    pages.append(ids(page))
    while page[link]:
        page = client.get(page[link]).json()
        pages.append(ids(page))
    return pages


def test_an_empty_listing_is_one_empty_page(client: Client) -> None:
    assert client.get("/api/v1/projects/").json() == {"next": None, "previous": None, "results": []}


def test_forward_and_backward_meet_every_record_once(client: Client, sunny: Company) -> None:
    made = [make_project(sunny.connection).pk for _ in range(7)]
    forward = walk(client, "/api/v1/projects/?page_size=3", "next")
    assert forward == [made[:3], made[3:6], made[6:]]
    last = f"/api/v1/projects/?page_size=3&cursor=after-{made[5]}"
    assert walk(client, last, "previous") == [made[6:], made[3:6], made[:3]]


def test_a_full_last_page_promises_nothing_more(client: Client, sunny: Company) -> None:
    made = [make_project(sunny.connection).pk for _ in range(4)]
    assert walk(client, "/api/v1/projects/?page_size=2", "next") == [made[:2], made[2:]]


def test_rows_that_come_and_go_meanwhile_shift_nothing(client: Client, sunny: Company, kestrel: Company) -> None:
    made = [make_project(sunny.connection).pk for _ in range(4)]
    make_project(kestrel.connection)
    first = client.get("/api/v1/projects/?page_size=2").json()
    late = make_project(sunny.connection).pk
    Project.objects.with_scopes_disabled().filter(pk=made[0]).delete()
    second = client.get(first["next"]).json()
    assert (ids(first), ids(second)) == (made[:2], made[2:])
    assert ids(client.get(second["next"]).json()) == [late]
    back = client.get(second["previous"]).json()
    assert (ids(back), back["previous"]) == ([made[1]], None)
    assert ids(client.get(back["next"]).json()) == made[2:]


def test_an_emptied_page_still_leads_on(client: Client, sunny: Company) -> None:
    made = [make_project(sunny.connection).pk for _ in range(3)]
    Project.objects.with_scopes_disabled().filter(pk=made[0]).delete()
    page = client.get(f"/api/v1/projects/?cursor=before-{made[1]}").json()
    assert ids(page) == []
    assert ids(client.get(page["next"]).json()) == made[1:]
    Project.objects.with_scopes_disabled().filter(pk=made[2]).delete()
    page = client.get(f"/api/v1/projects/?cursor=after-{made[1]}").json()
    assert ids(page) == []
    assert ids(client.get(page["previous"]).json()) == [made[1]]


def test_links_are_absolute_and_keep_filters(client: Client, sunny: Company) -> None:
    for _ in range(2):
        make_project(sunny.connection, stage=2)
    page = client.get("/api/v1/projects/?page_size=1&stage=2&updated_since=2020-01-01T00:00:00%2B00:00").json()
    parts = urlsplit(page["next"])
    assert (parts.scheme, parts.netloc, parts.path) == ("http", "testserver", "/api/v1/projects/")
    query = parse_qs(parts.query)
    assert query.pop("cursor")
    assert query == {"page_size": ["1"], "stage": ["2"], "updated_since": ["2020-01-01T00:00:00+00:00"]}
    assert len(client.get(page["next"]).json()["results"]) == 1


@pytest.mark.parametrize(("asked", "rows"), [("", 50), ("?page_size=1", 1), ("?page_size=200", 200)])
def test_page_sizes(client: Client, sunny: Company, asked: str, rows: int) -> None:
    for _ in range(201):
        make_project(sunny.connection)
    assert len(client.get(f"/api/v1/projects/{asked}").json()["results"]) == rows


@pytest.mark.parametrize("size", ["0", "201", "-1", "ten", "1.5", "1e2", "٣", "9" * 5000])
def test_impossible_page_sizes_are_refused(client: Client, size: str) -> None:
    answer = client.get("/api/v1/projects/", {"page_size": size})
    assert (answer.status_code, answer.json()["detail"]) == (400, "page_size is a whole number from 1 to 200.")


@pytest.mark.parametrize("cursor", ["x", "after-", "after--1", "after-1x", "beside-1", "after-" + "9" * 40, "after-٣"])
def test_foreign_cursors_are_refused(client: Client, cursor: str) -> None:
    answer = client.get("/api/v1/projects/", {"cursor": cursor})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("This cursor is not one of ours")


def test_the_greatest_cursor_is_only_an_empty_page(client: Client, sunny: Company) -> None:
    made = make_project(sunny.connection).pk
    page = client.get(f"/api/v1/projects/?cursor=after-{'9' * 18}").json()
    assert (page["next"], ids(page)) == (None, [])
    assert ids(client.get(page["previous"]).json()) == [made]
