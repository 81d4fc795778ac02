"""Where a list ends, and where it broke off: every documented end, and every fault that looks like one."""

from typing import Any

import pytest

from portal.lib.errors import (
    DeadlineExceeded,
    Refused,
    VendorError,
)
from portal.vendors.opensolar.pages import IncompleteListing, Page
from portal.vendors.opensolar.paging import walk
from portal.vendors.opensolar.resources import ROLES
from tests.portal.vendors.book import Book, broken, failed, ids, rows, walked


@pytest.mark.parametrize("empty", [[], ()])
def test_empty_list_is_complete(empty: Any) -> None:
    assert walked(Book(empty)) == [Page(1, [], True)]


@pytest.mark.parametrize("beyond", [[], failed(404), failed(500)], ids=["empty", "404", "500"])
def test_short_page_ends_after_one_more_request(beyond: Any) -> None:
    book = Book(rows(1, 4), rows(5, 2), beyond=beyond)
    pages = walked(book)
    assert ids(pages) == [1, 2, 3, 4, 5, 6]
    assert [page.is_last for page in pages] == [False, False, True]
    assert book.numbers == [1, 2, 3]


def test_rows_behind_a_short_page_are_not_lost() -> None:
    book = Book(rows(1, 4), rows(5, 2), rows(7, 4), rows(11, 1))
    assert ids(walked(book)) == list(range(1, 12))


@pytest.mark.parametrize("beyond", [[], failed(404)], ids=["empty", "404"])
def test_list_may_end_with_a_full_page(beyond: Any) -> None:
    pages = walked(Book(rows(1, 4), rows(5, 4), beyond=beyond))
    assert ids(pages) == list(range(1, 9))
    assert pages[-1].is_last


def test_404_after_a_full_page_is_no_end_when_the_list_itself_is_gone() -> None:
    book = Book(rows(1, 4), iter([rows(5, 4), failed(404)]), beyond=failed(404))
    came, error = broken(book)
    assert came == list(range(1, 9))
    assert isinstance(error, IncompleteListing)


def test_500_after_a_full_page_is_incomplete_after_more_tries() -> None:
    book = Book(rows(1, 4), rows(5, 4), beyond=failed(500))
    waits: list[float] = []
    came, error = broken(book, sleep=waits.append)
    assert came == list(range(1, 9))
    assert isinstance(error, IncompleteListing)
    assert (error.page, error.status, error.permanent) == (3, 500, False)
    assert error.cause is book.beyond
    assert "page 3" in error.sentence
    assert "projects" in error.sentence
    assert book.numbers == [1, 2, 3, 3, 3]


def test_500_after_a_full_page_may_pass() -> None:
    book = Book(rows(1, 4), iter([failed(500), failed(500), rows(5, 1)]))
    assert ids(walked(book)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "error", [failed(503), failed(403), failed(400), DeadlineExceeded("Late.")], ids=["503", "403", "400", "deadline"]
)
@pytest.mark.parametrize("length", [4, 2], ids=["full", "short"])
def test_other_errors_never_end_a_list(error: VendorError, length: int) -> None:
    came, caught = broken(Book(rows(1, 4), rows(5, length), beyond=error))
    assert came == list(range(1, 5 + length))
    assert isinstance(caught, IncompleteListing)
    assert caught.permanent == error.permanent


def test_error_on_the_first_page_is_itself() -> None:
    error = failed(403)
    assert broken(Book(error)) == ([], error)


def test_server_that_caps_pages_below_our_limit_is_noticed() -> None:
    book = Book(rows(1, 3), rows(4, 3), beyond=failed(500))
    came, error = broken(book, limit=10)
    assert came == [1, 2, 3, 4, 5, 6]
    assert isinstance(error, IncompleteListing)


def test_capped_list_is_read_to_its_end() -> None:
    assert ids(walked(Book(rows(1, 3), rows(4, 3), rows(7, 1), beyond=failed(500)), limit=10)) == list(range(1, 8))


def test_page_above_the_limit_still_counts_as_full() -> None:
    _, error = broken(Book(rows(1, 4), rows(5, 6), rows(11, 4), beyond=failed(500)))
    assert isinstance(error, IncompleteListing)


def test_list_that_ignores_pages_is_complete_at_once() -> None:
    book = Book(beyond=rows(1, 7))
    pages = walked(book)
    assert (ids(pages), pages[-1].is_last, book.numbers) == (list(range(1, 8)), True, [1, 2])


def test_repeated_page_of_full_length_is_a_fault() -> None:
    came, error = broken(Book(beyond=rows(1, 4)))
    assert came == [1, 2, 3, 4]
    assert isinstance(error, IncompleteListing)
    assert "the same page twice" in error.sentence


def test_page_repeated_later_is_a_fault() -> None:
    came, error = broken(Book(rows(1, 4), rows(5, 2), rows(5, 2)))
    assert came == [1, 2, 3, 4, 5, 6]
    assert "the same page twice" in error.sentence


def test_rows_that_shift_are_given_again_and_none_is_lost() -> None:
    book = Book(rows(1, 4), rows(4, 4), rows(8, 1))
    assert ids(walked(book)) == [1, 2, 3, 4, 4, 5, 6, 7, 8]


def test_rows_without_ids_are_compared_whole() -> None:
    book = Book([{"title": "a"}], [{"title": "b"}])
    assert [page.records for page in walked(book)] == [[{"title": "a"}], [{"title": "b"}], []]


def test_rows_of_any_kind_are_passed_on() -> None:
    assert walked(Book([None, 5, "x"]))[0].records == [None, 5, "x"]


@pytest.mark.parametrize("status", [400, 404, 405, 422])
def test_roles_without_pages_are_complete_after_one_probe(status: int) -> None:
    refused = Refused("No.", status=status)
    book = Book(rows(1, 10), beyond=refused)
    pages = walked(book, None, ROLES)
    assert (ids(pages), pages[-1].is_last, book.numbers) == (list(range(1, 11)), True, [1, 2])


def test_few_roles_are_complete_without_a_probe() -> None:
    book = Book(rows(1, 9))
    assert walked(book, None, ROLES) == [Page(1, rows(1, 9), True)]
    assert book.numbers == [1]


def test_roles_that_ignore_the_probe_are_complete() -> None:
    pages = walked(Book(beyond=rows(1, 20)), None, ROLES)
    assert (ids(pages), pages[-1].is_last) == (list(range(1, 21)), True)


def test_roles_on_several_pages_are_all_read() -> None:
    assert ids(walked(Book(rows(1, 20), rows(21, 20), rows(41, 3)), None, ROLES)) == list(range(1, 44))


def test_500_ends_roles_only_where_the_page_was_surely_not_cut() -> None:
    assert ids(walked(Book(rows(1, 13), beyond=failed(500)), None, ROLES)) == list(range(1, 14))
    _, error = broken(Book(rows(1, 20), beyond=failed(500)), None, ROLES)
    assert isinstance(error, IncompleteListing)


def test_walk_can_begin_later() -> None:
    book = Book(rows(1, 4), rows(5, 4), rows(9, 2))
    pages = list(walk(book.fetch, limit=4, start=2))
    assert (ids(pages), pages[-1].is_last, book.numbers) == ([5, 6, 7, 8, 9, 10], True, [2, 3, 4])
