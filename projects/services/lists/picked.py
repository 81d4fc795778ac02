"""Projects picked one by one, as part of the list's address: `ids=12,15,19`, or shorter where there are many.

A server takes an address of some 4,000 characters. Beyond a handful the ids go in ascending order, each as its
distance from the one before in base 36, behind a dot each: `ids=.1s2.4.1`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

MOST_PICKED = 500
HANDFUL = 20
LONGEST = 4_000
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def write_ids(ids: Sequence[int]) -> str:
    """The ids for an address; empty for none."""
    if len(ids) <= HANDFUL:
        return ",".join(map(str, ids))
    return "".join(f".{_base36(after - before)}" for before, after in pairwise([0, *sorted(ids)]))


def read_ids(value: str, hints: list[str]) -> tuple[int, ...]:
    """The ids in an address, ascending, each once; nothing, and a hint, where they make no sense."""
    if not value:
        return ()
    try:
        found = _distances(value) if value.startswith(".") else _plain(value)
    except ValueError:
        hints.append(_("Which projects were picked cannot be read from this address; all are shown."))
        return ()
    ids = sorted(set(found))
    if len(ids) > MOST_PICKED:
        hints.append(_("Only the first %(count)s of the projects that were picked are shown.") % {"count": MOST_PICKED})
    return tuple(ids[:MOST_PICKED])


def _plain(value: str) -> list[int]:
    return [_positive(part, 10) for part in _parts(value, ",")]


def _distances(value: str) -> Iterable[int]:
    ids, last = [], 0
    for part in _parts(value[1:], "."):
        last += _positive(part, 36)
        ids.append(last)
    if last >= 2**63:
        raise ValueError("beyond any id")
    return ids


def _parts(value: str, separator: str) -> list[str]:
    if len(value) > LONGEST:
        raise ValueError("too long for an address")
    return value.split(separator)


def _positive(text: str, base: int) -> int:
    if not (text.isascii() and text.isalnum() and len(text) < 19):
        raise ValueError("no id")
    number = int(text, base)
    if not 0 < number < 2**63:
        raise ValueError("no id")
    return number


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits
