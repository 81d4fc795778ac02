"""Roles in the orders of document 000, page by page, forwards and back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.conftest import Company, api
from tests.factories import make_role


@pytest.fixture
def client(sunny: Company) -> Client:
    """The five of the cast (numbers 11 to 15) and three more, of whom two are administrators."""
    make_role(sunny.connection, opensolar_id=90, opensolar_object_id=1, is_admin=True)
    make_role(sunny.connection, opensolar_id=5, is_admin=True)
    make_role(sunny.connection, opensolar_id=20, opensolar_object_id=99)
    return api(sunny.token("sales"))


def walked(client: Client, ordering: str, size: int, way: str = "next") -> list[dict[str, Any]]:
    """Every role, following the pages; with `way` previous from the last page back."""
    page = client.get(f"/api/v1/roles/?ordering={ordering}&page_size={size}").json()
    found = [page["results"]]
    while page["next"]:
        page = client.get(page["next"]).json()
        found.append(page["results"])
    if way == "previous":
        found = [page["results"]]
        while page["previous"]:
            page = client.get(page["previous"]).json()
            found.insert(0, page["results"])
    return [row for rows in found for row in rows]


@pytest.mark.parametrize("way", ["next", "previous"])
@pytest.mark.parametrize("size", [1, 3, 50])
def test_by_id(client: Client, size: int, way: str) -> None:
    numbers = [row["opensolar_id"] for row in walked(client, "id", size, way)]
    assert numbers == [90, 5, 11, 12, 13, 14, 15, 20]
    assert [row["opensolar_id"] for row in walked(client, "-id", size, way)] == numbers[::-1]


@pytest.mark.parametrize("way", ["next", "previous"])
@pytest.mark.parametrize("size", [1, 3, 50])
def test_by_rights(client: Client, size: int, way: str) -> None:
    rows = walked(client, "is_admin", size, way)
    assert [row["is_admin"] for row in rows] == [False] * 6 + [True] * 2
    assert [row["id"] for row in walked(client, "-is_admin", size, way)] == [row["id"] for row in rows][::-1]


def test_other_orders_and_lost_cursors_are_refused(client: Client) -> None:
    for query in ("ordering=email", "ordering=--id", "ordering=id&cursor=after-999999"):
        assert client.get(f"/api/v1/roles/?{query}").status_code == 400


def test_narrowed_and_ordered(client: Client) -> None:
    rows = client.get("/api/v1/roles/?is_admin=true&ordering=-id").json()["results"]
    assert [row["opensolar_id"] for row in rows] == [5, 90]


def test_neighbours_row_is_no_edge(client: Client, kestrel: Company) -> None:
    theirs = make_role(kestrel.connection)
    assert client.get(f"/api/v1/roles/?ordering=id&cursor=after-{theirs.pk}").status_code == 400
