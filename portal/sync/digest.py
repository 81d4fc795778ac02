"""Tells whether a record is the one we already have, without looking into it.

A digest has two halves: of the record as it came, which is quick to make and nearly always enough, and of the record
with its keys sorted, for a vendor that writes them in another order today.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson

HALF = 8
# Of more at once than 2,047 bytes hashlib makes a moment for other threads; the one that parses the next page then
# keeps the interpreter for milliseconds, once for every record.
PIECE = 2047


def as_it_came(record: Any, mapping: int) -> bytes:
    """The first 8 bytes of the digest; a new `mapping` makes every digest new.

    Raises TypeError for what JSON cannot hold (lone surrogates).
    """
    return _half(orjson.dumps(record), mapping)


def digest_of(record: Any, mapping: int, first_half: bytes | None = None) -> bytes:
    """All 16 bytes, of which the first half may be known. Raises as above."""
    first_half = first_half or as_it_came(record, mapping)
    return first_half + _half(orjson.dumps(record, option=orjson.OPT_SORT_KEYS), mapping)


def is_same(stored: bytes | None, digest: bytes) -> bool:
    """Whether the record is the one whose digest was stored (none, or an empty one: it is not)."""
    if not stored:
        return False
    return stored[:HALF] == digest[:HALF] or stored[HALF:] == digest[HALF:]


def was_read_otherwise(stored: bytes | None, record: Any, mapping: int) -> bool:
    """Whether it is the same record, stored when the mapping was an earlier one."""
    return any(is_same(stored, digest_of(record, earlier)) for earlier in range(mapping - 1, 0, -1))


def _half(body: bytes, mapping: int) -> bytes:
    # SHA-256 because processors have it built in: of the digests that Python brings along it is the fastest.
    digest = sha256(mapping.to_bytes(2, "big"), usedforsecurity=False)
    for start in range(0, len(body), PIECE):
        digest.update(body[start : start + PIECE])
    return digest.digest()[:HALF]
