"""Fetches a page that is too large, or too slow to put together, as two halves."""

from collections.abc import Callable
from typing import Any

from portal.lib.errors import MalformedAnswer, NotFound, TooLarge, TransientError, VendorError

Fetch = Callable[[int, int], list[Any]]
"""(page number from 1, rows a page) → the rows"""


def whole_or_halves(fetch: Fetch, number: int, limit: int, size: int) -> list[Any]:
    """Page `number` of `limit` rows; after TooLarge or 504 in halves, and those in halves, while their size is even.

    `size` is how many rows the server really puts on a page, as far as is known: where it gives fewer than we ask for,
    only the halves of its own pages lie where the page lies. A server that gives more cannot be asked for halves.
    """
    try:
        return fetch(number, limit)
    except (TooLarge, TransientError) as error:
        if not _too_much(error) or size % 2 or size > limit:
            raise
    return _halves(fetch, number, size)


def _halves(fetch: Fetch, number: int, size: int) -> list[Any]:
    half = size // 2
    first = whole_or_halves(fetch, 2 * number - 1, half, half)
    if len(first) > half:
        raise MalformedAnswer("OpenSolar sent more rows than asked for, so its pages cannot be told apart.")
    if len(first) < half:
        return first
    try:
        return first + whole_or_halves(fetch, 2 * number, half, half)
    except NotFound:
        return first


def _too_much(error: VendorError) -> bool:
    return isinstance(error, TooLarge) or error.status == 504
