"""Where a list ends, and where it broke off: every documented end, and every fault that looks like one."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal.lib.errors import (
    CredentialsError,
    DeadlineExceeded,
    Forbidden,
    NotFound,
    QuotaSpent,
    Refused,
    ThrottledError,
    TooLarge,
    TransientError,
    VendorError,
)
from portal.vendors.opensolar.pages import IncompleteListing, Page, Rules, Surroundings
from portal.vendors.opensolar.paging import walk
from portal.vendors.opensolar.resources import ROLES


def rows(first: int, count: int) -> list[dict[str, Any]]:
    return [{"id": number} for number in range(first, first + count)]


def failed(status: int) -> VendorError:
    kinds: dict[int, type[VendorError]] = {400: Refused, 403: Forbidden, 404: NotFound, 429: ThrottledError}
    return kinds.get(status, TransientError)(f"Status {status}.", status=status)


class Book:
    """A list by page number. An entry is rows, an error, or a list of such for one request after the other."""

    def __init__(self, *pages: Any, beyond: Any = ()) -> None:
        self.pages = dict(enumerate(pages, 1))
        self.beyond = beyond
        self.asked: list[tuple[int, int]] = []
        self._lock = threading.Lock()

    def fetch(self, number: int, limit: int) -> list[Any]:
        with self._lock:
            self.asked.append((number, limit))
            entry = self.pages.get(number, self.beyond)
            if isinstance(entry, Iterator):
                entry = next(entry)
        if isinstance(entry, VendorError):
            raise entry
        return list(entry)

    @property
    def numbers(self) -> list[int]:
        return [number for number, _ in self.asked]


def walked(book: Book, limit: int | None = 4, rules: Rules | None = None, **around: Any) -> list[Page]:
    around.setdefault("sleep", lambda _seconds: None)
    return list(walk(book.fetch, limit=limit, rules=rules or Rules(), around=Surroundings(**around), what="projects"))


def ids(pages: list[Page]) -> list[int]:
    return [row["id"] for page in pages for row in page.records]


def broken(book: Book, limit: int | None = 4, rules: Rules | None = None, **around: Any) -> tuple[list[int], Any]:
    """The ids that came, and the error that ended the walk."""
    around.setdefault("sleep", lambda _seconds: None)
    came: list[Page] = []
    with pytest.raises(VendorError) as caught:
        came.extend(_collect(book, limit, rules, around, came))
    return ids(came), caught.value


def _collect(
    book: Book, limit: int | None, rules: Rules | None, around: dict[str, Any], into: list[Page]
) -> list[Page]:
    pages = walk(book.fetch, limit=limit, rules=rules or Rules(), around=Surroundings(**around), what="projects")
    for page in pages:
        into.append(page)
    return []


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


def test_pages_come_in_order_however_they_arrive() -> None:
    book = Book(*[rows(4 * n + 1, 4) for n in range(6)])
    third_has_come = threading.Event()

    def fetch(number: int, limit: int) -> list[Any]:
        if number == 2:
            assert third_has_come.wait(2)
        if number == 3:
            third_has_come.set()
        return book.fetch(number, limit)

    pages = list(walk(fetch, limit=4, around=Surroundings(in_flight=lambda: 2)))
    assert ids(pages) == list(range(1, 25))
    assert [page.number for page in pages] == list(range(1, 8))
    assert third_has_come.is_set()


@pytest.mark.parametrize(("allowed", "started"), [(0, 2), (1, 2), (3, 4), (100, 9)])
def test_pages_in_flight_are_bounded_and_wait_for_a_full_first_page(allowed: int, started: int) -> None:
    book = Book(*[rows(4 * n + 1, 4) for n in range(20)])
    asked: list[int] = []
    around = Surroundings(in_flight=lambda: allowed, before_page=lambda: asked.append(1))
    pages = walk(book.fetch, limit=4, around=around)
    next(pages)
    pages.close()
    assert len(asked) == started


def test_nothing_is_asked_ahead_behind_a_short_page() -> None:
    book = Book(rows(1, 2))
    assert ids(walked(book, in_flight=lambda: 4)) == [1, 2]
    assert book.numbers == [1, 2]


def test_one_page_at_a_time_after_the_first_429() -> None:
    book = Book(rows(1, 4), iter([failed(429), rows(5, 4)]), *[rows(4 * n + 1, 4) for n in range(2, 8)])
    waits: list[float] = []
    under_way, most = 0, {"calm": 0}
    lock = threading.Lock()

    def fetch(number: int, limit: int) -> list[Any]:
        nonlocal under_way
        with lock:
            under_way += 1
            if number > 5:
                most["calm"] = max(most["calm"], under_way)
        try:
            return book.fetch(number, limit)
        finally:
            with lock:
                under_way -= 1

    around = Surroundings(in_flight=lambda: 4, sleep=waits.append)
    assert ids(list(walk(fetch, limit=4, around=around))) == list(range(1, 33))
    assert most == {"calm": 1}
    assert sum(waits) >= 1


def test_throttling_counted_by_the_transport_also_ends_the_prefetch() -> None:
    book = Book(*[rows(4 * n + 1, 4) for n in range(10)])
    seen = iter([0, 0, 1])
    asked: list[int] = []
    around = Surroundings(
        in_flight=lambda: 3, throttled=lambda: next(seen, 1), before_page=lambda: asked.append(len(asked) + 1)
    )
    pages = walk(book.fetch, limit=4, around=around)
    for _ in range(5):
        next(pages)
    pages.close()
    assert asked == [1, 2, 3, 4, 5, 6]


def test_retry_after_is_waited_for_with_a_beating_heart() -> None:
    slow_down = ThrottledError("Slow.", status=429, retry_after=5)
    events: list[object] = []
    book = Book(rows(1, 4), iter([slow_down, rows(5, 1)]))
    around = Surroundings(sleep=events.append, heartbeat=lambda: events.append("beat"))
    assert ids(list(walk(book.fetch, limit=4, around=around))) == [1, 2, 3, 4, 5]
    waits = [event for event in events if event != "beat"]
    assert waits == [2.0, 2.0, 1]
    assert all(events[index + 1] == "beat" for index, event in enumerate(events) if event != "beat")


def test_long_retry_after_is_left_to_the_caller() -> None:
    slow_down = ThrottledError("Slow.", status=429, retry_after=3600)
    came, error = broken(Book(rows(1, 4), beyond=slow_down))
    assert came == [1, 2, 3, 4]
    assert (error.retry_after, error.cause) == (3600, slow_down)


def test_endless_throttling_ends_the_walk() -> None:
    book = Book(rows(1, 4), beyond=failed(429))
    _, error = broken(book)
    assert isinstance(error.cause, ThrottledError)
    assert book.numbers == [1, 2, 2, 2, 2]


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


def test_heart_beats_in_the_callers_thread_while_a_page_is_slow() -> None:
    beats: list[int] = []
    enough = threading.Event()

    def beat() -> None:
        beats.append(threading.get_ident())
        if len(beats) >= 4:
            enough.set()

    def fetch(number: int, limit: int) -> list[Any]:
        assert threading.get_ident() != here
        enough.wait(2)
        return rows(1, 1) if number == 1 else []

    here = threading.get_ident()
    pages = list(walk(fetch, limit=4, around=Surroundings(heartbeat=beat, beat=0.01)))
    assert ids(pages) == [1]
    assert enough.is_set()
    assert set(beats) == {here}


def test_lost_lease_ends_the_walk_and_what_is_under_way() -> None:
    aborted = threading.Event()
    slow = threading.Event()

    def beat() -> None:
        if slow.is_set():
            raise PermissionError("the lease is gone")

    def fetch(number: int, limit: int) -> list[Any]:
        if number > 1:
            slow.set()
            assert aborted.wait(2)
        return rows(1, 4)

    around = Surroundings(heartbeat=beat, abort=aborted.set, beat=0.01, in_flight=lambda: 2)
    with pytest.raises(PermissionError, match="the lease is gone"):
        list(walk(fetch, limit=4, around=around))
    assert aborted.is_set()


def test_spent_budget_passes_through_after_the_pages_already_asked_for() -> None:
    budget = iter([None, None, QuotaSpent("Wait a minute.", retry_at=60.0)])

    def before_page() -> None:
        error = next(budget)
        if error:
            raise error

    came, error = broken(Book(*[rows(4 * n + 1, 4) for n in range(5)]), before_page=before_page, in_flight=lambda: 4)
    assert came == list(range(1, 9))
    assert isinstance(error, QuotaSpent)


def test_recovered_page_is_asked_for_once_more_and_no_oftener() -> None:
    stale = CredentialsError("Stale.", status=401)
    recovered: list[VendorError] = []

    def recover(error: VendorError) -> bool:
        recovered.append(error)
        return True

    book = Book(rows(1, 4), iter([stale, rows(5, 1)]))
    assert ids(walked(book, recover=recover)) == [1, 2, 3, 4, 5]
    _, error = broken(Book(rows(1, 4), beyond=stale), recover=recover)
    assert error.cause is stale
    assert recovered == [stale, stale]


def test_consumer_may_leave_early() -> None:
    stopped: list[bool] = []
    book = Book(*[rows(4 * n + 1, 4) for n in range(5)])
    leave: Callable[[], None] = lambda: stopped.append(True)  # noqa: E731 - typed for the walk
    pages = walk(book.fetch, limit=4, around=Surroundings(abort=leave))
    next(pages)
    pages.close()
    assert stopped == [True]


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


def test_walk_can_begin_later() -> None:
    book = Book(rows(1, 4), rows(5, 4), rows(9, 2))
    pages = list(walk(book.fetch, limit=4, start=2))
    assert (ids(pages), pages[-1].is_last, book.numbers) == ([5, 6, 7, 8, 9, 10], True, [2, 3, 4])


def test_server_with_larger_pages_than_asked_for_is_not_asked_for_halves() -> None:
    book = Book(rows(1, 6), beyond=failed(504))
    _, error = broken(book)
    assert error.status == 504
    assert set(book.asked) == {(1, 4), (2, 4)}
