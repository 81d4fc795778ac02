"""Walks a list page by page and never takes a broken list for a complete one.

OpenSolar documents neither a total nor an end mark: a list ends with an empty page, with 404, or with 500. So the end
must be told from a failure by what came before it, and a walk either yields a page with `is_last` or raises.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.lib.backoff import backoff, throttle_backoff
from portal.lib.errors import NotFound, QuotaSpent, ThrottledError, VendorError
from portal.vendors.opensolar.halving import Fetch, whole_or_halves
from portal.vendors.opensolar.pages import PAGED, IncompleteListing, Page, Rules, Surroundings
from portal.vendors.opensolar.prefetch import MOST_IN_FLIGHT, Prefetch

MOST_PAGES = 100_000
LONGEST_WAIT = 30.0
MORE_TRIES = 2
THROTTLED_TRIES = 3


def walk(
    fetch: Fetch,
    *,
    limit: int | None,
    start: int = 1,
    rules: Rules = PAGED,
    around: Surroundings | None = None,
    what: str = "records",
) -> Iterator[Page]:
    """Yields the pages of `fetch(number, limit)` in order and ends after the one with `is_last`.

    `fetch` runs in worker threads. `limit` None means that the list takes none: then `fetch` gets 0. Raises
    IncompleteListing once a page has come; before that, the error itself.
    """
    yield from _Walk(fetch, limit, start, rules, around or Surroundings(), what).run()


@dataclass(slots=True)
class _Walk:
    fetch: Fetch
    limit: int | None
    start: int
    rules: Rules
    around: Surroundings
    what: str
    _pages: Prefetch = field(init=False)
    _previous: Page | None = field(init=False, default=None)
    _largest: int = field(init=False, default=0)
    _full: bool = field(init=False, default=False)
    _one_by_one: bool = field(init=False, default=False)
    _throttled_before: int = field(init=False, default=0)
    _recovered: set[int] = field(init=False, default_factory=set)

    def run(self) -> Iterator[Page]:
        around = self.around
        self._throttled_before = around.throttled()
        self._pages = Prefetch(
            self._fetch_page,
            before_page=around.before_page,
            heartbeat=around.heartbeat,
            abort=around.abort,
            beat=around.beat,
        )
        with self._pages:
            for number in range(self.start, self.start + MOST_PAGES):
                records = self._records(number)
                if not records or self._repeats(number, records):
                    yield Page(number, [], True)
                    return
                page = Page(number, records, self._previous is None and len(records) < self.rules.whole_below)
                if not page.is_last:
                    self._note(page)
                    self._look_ahead(number)
                yield page
                if page.is_last:
                    return
        raise self._broken(MOST_PAGES, "it has no end")

    def _records(self, number: int) -> list[Any]:
        """The rows of a page; none where the list has ended."""
        failures = 0
        while True:
            try:
                return self._pages.take(number)
            except QuotaSpent:
                raise
            except VendorError as error:
                failure = error
            failures += 1
            if self._is_end(failure):
                return []
            if not self._worth_another_try(number, failure, failures):
                break
        if self._previous is None:
            raise failure
        raise self._broken(number, failure.sentence, failure)

    def _is_end(self, error: VendorError) -> bool:
        if self._previous is None:
            return False
        if error.status in self.rules.sure_ends:
            return True
        if not self._full:
            return error.status in self.rules.short_ends
        return isinstance(error, NotFound) and 404 in self.rules.short_ends and self._still_there(self._previous)

    def _still_there(self, page: Page) -> bool:
        """Whether a page that came before still comes: then a 404 for the next is the end, not a list that is gone."""
        try:
            return bool(self._pages.take(page.number))
        except QuotaSpent:
            raise
        except VendorError:
            return False

    def _worth_another_try(self, number: int, error: VendorError, failures: int) -> bool:
        if isinstance(error, ThrottledError):
            self._one_by_one = True
            delay = throttle_backoff(failures) if error.retry_after is None else error.retry_after
            if failures > THROTTLED_TRIES or delay > LONGEST_WAIT:
                return False
            self._pause(delay)
            return True
        if number not in self._recovered and self.around.recover(error):
            self._recovered.add(number)
            return True
        # The fetch itself repeats a 500 only once, because most of them are ends. This one is none.
        if error.status != 500 or failures > MORE_TRIES:
            return False
        self._pause(backoff(failures + 1))
        return True

    def _pause(self, seconds: float) -> None:
        while seconds > 0:
            self.around.sleep(min(seconds, self.around.beat))
            self.around.heartbeat()
            seconds -= self.around.beat

    def _repeats(self, number: int, records: list[Any]) -> bool:
        """Whether the list ignores page numbers and was complete at once; a page that repeats otherwise is a fault."""
        previous = self._previous
        if previous is None or _identities(previous.records) != _identities(records):
            return False
        if previous.number == self.start and len(previous.records) != self.limit:
            return True
        raise self._broken(number, "OpenSolar sent the same page twice")

    def _note(self, page: Page) -> None:
        """Remembers how large pages are: a server may give fewer rows a page than we ask for."""
        size = len(page.records)
        if self._previous is None:
            # Without a limit, a page whose length is no round number was not cut by a page size.
            self._full = size >= self.limit if self.limit else size % 5 == 0
        else:
            self._full = size >= (min(self.limit, self._largest) if self.limit else self._largest)
        self._largest = max(self._largest, size)
        self._previous = page

    def _look_ahead(self, number: int) -> None:
        """Starts the next page, and further ones only after a full page: behind a short one there is hardly more."""
        if self.around.throttled() > self._throttled_before:
            self._one_by_one = True
        allowed = 1 if self._one_by_one or not self._full else min(self.around.in_flight(), MOST_IN_FLIGHT)
        for ahead in range(number + 1, number + 1 + max(1, allowed)):
            self._pages.ask(ahead)

    def _fetch_page(self, number: int) -> list[Any]:
        """Runs in a worker thread."""
        if not self.limit:
            return self.fetch(number, 0)
        return whole_or_halves(self.fetch, number, self.limit, self._largest or self.limit)

    def _broken(self, number: int, reason: str, cause: VendorError | None = None) -> IncompleteListing:
        sentence = f"The list of {self.what} broke off at page {number}: {reason.rstrip('.')}. Nothing was removed."
        return IncompleteListing(sentence, page=number, cause=cause)


def _identities(records: list[Any]) -> list[Any]:
    return [(row.get("id"), row.get("url")) if isinstance(row, dict) and "id" in row else row for row in records]
