"""Unpacks what proposal data packs: base64 of gzip of UTF-8 JSON (document 001, "Decompressing Design Data").

The document ties packing to `compress_data`, its sample shows a packed `design` without; so a value is looked at and
not what was asked for. A few bytes can be made to unpack to gigabytes, so both the size and the ratio are bounded.
"""

import base64
import binascii
import zlib
from typing import Any

from portal.lib.parsing import parse_json

MOST_PACKED = 24 * 2**20
MOST_UNPACKED = 16 * 2**20
"""Bytes of JSON; a small house's design has about 2 MiB."""
MOST_RATIO = 150
ALWAYS_FINE = 4 * 2**20
"""Bytes that may come out of any blob, however well it was packed: a year of equal hours packs a thousandfold."""

_GZIP_BASE64 = "H4sI"
_GZIP = 31  # zlib's window bits for a gzip header


class Unreadable(Exception):
    """A blob that is broken, or that would unpack to more than makes sense; the text is a sentence for a person."""


def is_packed(value: Any) -> bool:
    """Whether a value is a packed blob: every gzip file's first three bytes begin its base64 alike."""
    return isinstance(value, str) and value.lstrip()[:4] == _GZIP_BASE64


def unpacked(value: Any) -> Any:
    """The JSON value in a blob; an object, a list or a plain text comes back as it is, JSON in a string is read.

    Raises Unreadable.
    """
    if not isinstance(value, str):
        return value
    if is_packed(value):
        return _read(unpacked_bytes(value))
    if value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        return parse_json(value.encode(errors="replace"))
    except ValueError:
        return value


def unpacked_bytes(value: str) -> bytes:
    """The bytes in a packed blob, never more than MOST_UNPACKED. Raises Unreadable."""
    text = "".join(value.split())
    if len(text) > MOST_PACKED:
        raise Unreadable("It is too large to be unpacked.")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise Unreadable("It is no valid base64.") from error
    most = min(MOST_UNPACKED, max(ALWAYS_FINE, MOST_RATIO * len(packed)))
    unpacker = zlib.decompressobj(wbits=_GZIP)
    try:
        found = unpacker.decompress(packed, most)
    except zlib.error as error:
        raise Unreadable("It is no valid gzip file.") from error
    if unpacker.unconsumed_tail:
        raise Unreadable("It would unpack to far more than a proposal can hold.")
    if not unpacker.eof:
        raise Unreadable("It breaks off before its end.")
    return found


def packed(content: bytes) -> str:
    """Bytes as such a blob; the same bytes give the same blob."""
    packer = zlib.compressobj(wbits=_GZIP)
    return base64.b64encode(packer.compress(content) + packer.flush()).decode()


def _read(content: bytes) -> Any:
    try:
        return parse_json(content)
    except ValueError as error:
        raise Unreadable("What it unpacks to is no JSON.") from error
