"""Keeps Python's garbage collector from searching every page for cycles that vendors' records cannot hold."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

# A page of a hundred whole projects is some 15,000 objects; by default one search starts after every 700.
PAGES = 25


@contextmanager
def collecting_seldom() -> Iterator[Callable[[], None]]:
    """Inside, cycles are searched for every 25 pages only: call what the block gets after each.

    Records go by reference counts alone. What is left over (some kilobytes a page, of queries) must still go, or
    a listing of a thousand pages would grow by megabytes.
    """
    was_on, pages = gc.isenabled(), count(1)

    def page_is_done() -> None:
        if next(pages) % PAGES == 0:
            gc.collect(0)

    gc.disable()
    try:
        yield page_is_done
    finally:
        if was_on:
            gc.enable()
