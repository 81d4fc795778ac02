"""What a walk over a list yields, raises and needs from outside."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.lib.errors import VendorError


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as they came. The page with `is_last` ends a complete list; it may be empty.

    Rows shift while a list is walked: an id may come again on a later page, and the later row is the newer one.
    """

    number: int
    records: list[Any]
    is_last: bool


class IncompleteListing(VendorError):
    """The list broke off after `page` - 1 pages: what came is good, what did not come proves nothing.

    `cause` is the error behind it, if there is one; status, retry_after and permanent are its.
    """

    def __init__(self, sentence: str, *, page: int = 0, cause: VendorError | None = None) -> None:
        super().__init__(
            sentence,
            status=cause.status if cause else None,
            retry_after=cause.retry_after if cause else None,
            excerpt=cause.excerpt if cause else "",
        )
        self.page = page
        self.cause = cause
        self.permanent = cause.permanent if cause else False


@dataclass(frozen=True, slots=True)
class Rules:
    """How a list of one kind ends.

    `short_ends`: statuses that end it after a page that was not full. `sure_ends`: statuses that end it after any page.
    `whole_below`: a first page with fewer rows is the whole list, and no second page is asked for.
    """

    short_ends: frozenset[int] = frozenset({404, 500})
    sure_ends: frozenset[int] = frozenset()
    whole_below: int = 1


PAGED = Rules()


def _nothing() -> None:
    return None


@dataclass(slots=True)
class Surroundings:
    """What a walk needs from outside; each of these but `in_flight` runs in the caller's thread.

    `in_flight` says how many pages may be under way (read anew for each page); `heartbeat` runs at least every
    `beat` seconds; `before_page` runs before each page is asked for, and what it raises ends the walk unchanged, after
    the pages asked for earlier; `throttled` counts 429 answers so far; `recover` may repair the cause of an error
    (a stale token) and says whether the page is worth asking for again; `abort` ends requests under way.
    """

    in_flight: Callable[[], int] = lambda: 1
    heartbeat: Callable[[], None] = _nothing
    before_page: Callable[[], None] = _nothing
    throttled: Callable[[], int] = lambda: 0
    recover: Callable[[VendorError], bool] = lambda _error: False
    abort: Callable[[], None] = _nothing
    sleep: Callable[[float], object] = time.sleep
    beat: float = 2.0
