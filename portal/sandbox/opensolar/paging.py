"""Which part of a list a request asks for: `page` and `limit`, or `range`; and what stands behind the end."""

from collections.abc import Callable

import orjson

from portal.sandbox.settings import Settings
from portal.sandbox.wire import Refusal


def part_of(total: int, keys: Callable[[int, int], list[int]], query: dict[str, str], settings: Settings) -> list[int]:
    """The keys of the page asked for, out of `total`; 400 for numbers that make no sense."""
    if "range" in query and "page" not in query:
        start, stop = _range(query["range"], settings)
    else:
        limit = min(_positive(query, "limit", settings.default_limit), settings.max_limit)
        start = (_positive(query, "page", 1) - 1) * limit
        stop = start + limit
    if start and start >= total:
        _past_end(settings)
    return keys(start, stop)


def _positive(query: dict[str, str], name: str, default: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) < 10**9):
        raise Refusal(400, {"detail": f"Invalid {name}."})
    return int(text)


def _range(text: str, settings: Settings) -> tuple[int, int]:
    """`[first, last]` as JSON, both counted from 0 and both included."""
    try:
        first, last = orjson.loads(text)
    except (orjson.JSONDecodeError, TypeError, ValueError) as error:
        raise Refusal(400, {"detail": "Invalid range."}) from error
    if not (isinstance(first, int) and isinstance(last, int) and 0 <= first <= last):
        raise Refusal(400, {"detail": "Invalid range."})
    return first, min(last + 1, first + settings.max_limit)


def _past_end(settings: Settings) -> None:
    if settings.past_end == "404":
        raise Refusal(404, {"detail": "Invalid page."})
    if settings.past_end == "500":
        raise Refusal(500, {"detail": "Internal server error."})
