"""A list by page number, as a vendor serves it in a test, and what came of walking it."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from portal.lib.errors import (
    Forbidden,
    NotFound,
    Refused,
    ThrottledError,
    TransientError,
    VendorError,
)
from portal.vendors.opensolar.pages import Page, Rules, Surroundings
from portal.vendors.opensolar.paging import walk


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
