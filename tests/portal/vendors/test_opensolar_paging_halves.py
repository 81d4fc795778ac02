"""A page that is too heavy is asked for in halves, where the server lets us."""

from typing import Any

import pytest

from portal.lib.errors import (
    TooLarge,
    VendorError,
)
from portal.vendors.opensolar.paging import walk
from tests.portal.vendors.book import Book, broken, failed, ids, rows, walked


@pytest.mark.parametrize("error", [TooLarge("Large."), failed(504)], ids=["size", "504"])
def test_heavy_page_is_fetched_in_halves(error: VendorError) -> None:
    data = rows(1, 22)

    class Heavy(Book):
        def fetch(self, number: int, limit: int) -> list[Any]:
            super().fetch(number, limit)
            page = data[(number - 1) * limit : number * limit]
            if 13 in [row["id"] for row in page] and limit > 2:
                raise error
            return page

    book = Heavy()
    assert ids(walked(book, limit=8)) == list(range(1, 23))
    assert book.asked == [(1, 8), (2, 8), (3, 4), (4, 4), (7, 2), (8, 2), (3, 8), (4, 8)]


def test_halves_fit_the_pages_of_a_server_with_a_cap() -> None:
    data = rows(1, 20)

    def fetch(number: int, limit: int) -> list[Any]:
        size = min(limit, 4)
        page = data[(number - 1) * size : number * size]
        if limit == 100 and number == 3:
            raise failed(504)
        return page

    assert ids(list(walk(fetch, limit=100))) == list(range(1, 21))


@pytest.mark.parametrize("limit", [5, 1])
def test_page_that_cannot_be_halved_is_incomplete(limit: int) -> None:
    _, error = broken(Book(rows(1, limit), beyond=TooLarge("Large.")), limit=limit)
    assert isinstance(error.cause, TooLarge)
    assert error.permanent


def test_server_that_ignores_the_halved_size_is_not_believed() -> None:
    book = Book(rows(1, 4), failed(504), beyond=rows(5, 4))
    came, error = broken(book)
    assert came == [1, 2, 3, 4]
    assert "more rows than asked for" in error.sentence


def test_second_half_is_not_asked_for_behind_a_short_first() -> None:
    data = rows(1, 5)

    def fetch(number: int, limit: int) -> list[Any]:
        asked.append((number, limit))
        if (number, limit) == (2, 4):
            raise failed(504)
        return data[(number - 1) * limit : number * limit]

    asked: list[tuple[int, int]] = []
    assert ids(list(walk(fetch, limit=4))) == [1, 2, 3, 4, 5]
    assert asked == [(1, 4), (2, 4), (3, 2), (3, 4)]


def test_second_half_past_the_end_is_empty() -> None:
    data = rows(1, 6)

    def fetch(number: int, limit: int) -> list[Any]:
        page = data[(number - 1) * limit : number * limit]
        if (number, limit) == (2, 4) or not page:
            raise failed(504) if limit == 4 and number == 2 else failed(404)
        return page

    assert ids(list(walk(fetch, limit=4))) == [1, 2, 3, 4, 5, 6]


def test_server_with_larger_pages_than_asked_for_is_not_asked_for_halves() -> None:
    book = Book(rows(1, 6), beyond=failed(504))
    _, error = broken(book)
    assert error.status == 504
    assert set(book.asked) == {(1, 4), (2, 4)}
