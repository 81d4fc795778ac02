"""Repeatable chance: the same seed, organisation, kind and index always draw the same record."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from random import Random
from typing import TypeVar

Item = TypeVar("Item")
MICROSECOND = timedelta(microseconds=1)


class Kind(IntEnum):
    """What is drawn; each kind has a stream of its own, so that one may change without the others."""

    BLOCK = 1
    PROJECT = 2
    DETAIL = 3
    CONTACT = 4
    SYSTEM = 5
    ROLE = 6
    SYSTEM_DETAILS = 7
    PRICE = 8
    COMPONENT = 9
    PROPOSAL = 10


def draw(seed: int, org: int, kind: Kind, index: int) -> Random:
    return Random((((abs(seed) << 16 | org) << 8) | kind) << 48 | index)


def one_of(chance: Random, items: Sequence[Item]) -> Item:
    """Like `choice`, at half its cost: tens of thousands of records are drawn a second."""
    return items[int(chance.random() * len(items))]


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds and Z, as OpenSolar writes it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment_between(chance: Random, start: datetime, end: datetime) -> datetime:
    """A moment in [start, end]; `start` when the two are the wrong way round."""
    span = max(0, (end - start) // MICROSECOND)
    return start + timedelta(microseconds=int(chance.random() * span))


def uuid_of(chance: Random) -> str:
    """A random (version 4) UUID in lower case."""
    digits = f"{chance.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
