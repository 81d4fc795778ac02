"""Asks for pages in worker threads and hands them out in the caller's.

Whatever may touch a database (the lease, the budget, the stored token) runs in the caller's thread alone, between
looks at the pages under way; the worker threads do nothing but HTTP.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Self

MOST_IN_FLIGHT = 8

Fetch = Callable[[int], list[Any]]


class Prefetch:
    """Pages under way, by number. `fetch` runs in worker threads; nothing else does.

    `before_page` runs before a page is asked for; what it raises is raised again when that page is taken, so that the
    pages asked for earlier are not lost. `heartbeat` runs with every look and at least every `beat` seconds while
    waiting; what it raises passes through at once. On leaving, `abort` ends what is still under way.
    """

    def __init__(
        self,
        fetch: Fetch,
        *,
        before_page: Callable[[], None],
        heartbeat: Callable[[], None],
        abort: Callable[[], None],
        beat: float,
    ) -> None:
        self._fetch = fetch
        self._before_page = before_page
        self._heartbeat = heartbeat
        self._abort = abort
        self._beat = beat
        self._workers = ThreadPoolExecutor(MOST_IN_FLIGHT, thread_name_prefix="opensolar-page")
        self._under_way: dict[int, Future[list[Any]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._abort()
        self._workers.shutdown(wait=True, cancel_futures=True)

    def ask(self, number: int) -> None:
        """Starts a page, unless it is under way already."""
        if number not in self._under_way:
            self._under_way[number] = self._started(number)

    def _started(self, number: int) -> Future[list[Any]]:
        try:
            self._before_page()
        except Exception as error:
            refused: Future[list[Any]] = Future()
            refused.set_exception(error)
            return refused
        return self._workers.submit(self._fetch, number)

    def take(self, number: int) -> list[Any]:
        """The rows of a page, waited for; raises what its fetch raised. The page may then be asked for anew."""
        self.ask(number)
        page = self._under_way[number]
        self._heartbeat()
        while not wait([page], timeout=self._beat).done:
            self._heartbeat()
        del self._under_way[number]
        return page.result()
