"""Reads JSON as vendors really send it, into values that a database can store."""

import json
from typing import Any

import orjson

_REPLACEMENT = "\ufffd"


def parse_json(body: bytes) -> Any:
    """The value in a JSON body; ValueError if it is none.

    `NaN` and infinities become null. What no database text can hold (NUL, lone surrogates, bytes that are no UTF-8)
    becomes U+FFFD, so that one odd character never costs a whole page of records.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _parse_leniently(body)
    return _storable(value) if b"\\u0000" in body else value


def _parse_leniently(body: bytes) -> Any:
    text = body.decode("utf-8-sig", errors="replace")
    try:
        return _storable(json.loads(text, parse_constant=lambda _name: None))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        joined = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return joined.replace("\x00", _REPLACEMENT)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value
