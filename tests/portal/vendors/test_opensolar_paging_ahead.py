"""Pages that are asked for ahead: how many at once, in which order, what throttling and a lost lease do to them."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from portal.lib.errors import (
    CredentialsError,
    QuotaSpent,
    ThrottledError,
    VendorError,
)
from portal.vendors.opensolar.pages import Surroundings
from portal.vendors.opensolar.paging import walk
from tests.portal.vendors.book import Book, broken, failed, ids, rows, walked


def test_pages_come_in_order_however_they_arrive() -> None:
    book = Book(*[rows(4 * n + 1, 4) for n in range(6)])
    third_has_come = threading.Event()

    def fetch(number: int, limit: int) -> list[Any]:
        if number == 2:
            assert third_has_come.wait(20)
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


def test_heart_beats_in_the_callers_thread_while_a_page_is_slow() -> None:
    beats: list[int] = []
    enough = threading.Event()

    def beat() -> None:
        beats.append(threading.get_ident())
        if len(beats) >= 4:
            enough.set()

    def fetch(number: int, limit: int) -> list[Any]:
        assert threading.get_ident() != here
        enough.wait(20)
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
            assert aborted.wait(20)
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
