"""Keeps secrets out of payloads, logs and error texts.

The keys are those that vendor pages list as never to be logged; `integration_key_…` are OpenSolar's encrypted blobs.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

SECRET_KEYS = frozenset(
    {
        "access_token",
        "api_key",
        "api_key_chat",
        "authorization",
        "client_secret",
        "date_of_birth",
        "file_contents",
        "headers",
        "integration_json",
        "licence_number",
        "online_proposal_auto_login_url",
        "passport_number",
        "password",
        "refresh_token",
        "secret",
        "share_link",
        "share_link_qrcode",
        "token",
    }
)
SECRET_PREFIX = "integration_key_"
REMOVED = "[removed]"

_KEY = "|".join([*sorted(SECRET_KEYS, key=len, reverse=True), SECRET_PREFIX + r"\w+"])
_OPEN_QUOTE = r"""\\*["']"""
_NAMED_VALUE = re.compile(
    rf"""(?ix)
    (?P<name> (?<![\w]) (?:{_OPEN_QUOTE})? (?:{_KEY}) (?:{_OPEN_QUOTE})? \s*[:=]\s* )
    (?: "(?:[^"\\]|\\.)*"?                  # a quoted value, also one that is cut off
      | '(?:[^'\\]|\\.)*'?
      | \\+"[^"]*"?                         # quoted inside a JSON string
      | [\[{{] .*                            # a nested value: nothing after it is safe to show
      | (?:bearer|basic|token)\s+[^\s"',;&]+
      | [^\s"',;&\]}}]+
    )""",
    re.DOTALL,
)
_SCHEME = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}|\b(token)\s+(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}")
_USERINFO = re.compile(r"(?<=://)[^/\s@\"']+(?=@)")
_SHORTEST_LITERAL = 4


def is_secret(key: str) -> bool:
    """Whether the value under this key, header or query name must never be stored in clear or shown."""
    name = key.lower()
    return name in SECRET_KEYS or name.startswith(SECRET_PREFIX)


def strip_secrets(value: Any) -> Any:
    """JSON data without secret keys at any depth. Returns the very same object where there was nothing to strip.

    Keys are compared as the vendors write them, in lower case. The argument is never changed: what has to change is
    copied, what is clean is shared.
    """
    kind = value.__class__
    if kind is dict:
        return _strip_object(value)
    return _strip_array(value) if kind is list else value


def _strip_object(record: dict[str, Any]) -> dict[str, Any]:
    # Runs for every record of every page, so the keys of a whole object are compared at once in C.
    clean = record
    if not SECRET_KEYS.isdisjoint(record) or SECRET_PREFIX in "\n".join(record):
        clean = dict(record)
        for key in SECRET_KEYS.intersection(record):
            del clean[key]
        if SECRET_PREFIX in "\n".join(clean):
            clean = {key: value for key, value in clean.items() if not key.startswith(SECRET_PREFIX)}
    for key, value in record.items():
        kind = value.__class__
        if kind is dict:
            stripped: Any = _strip_object(value)
        elif kind is list and value:
            stripped = _strip_array(value)
        else:
            continue
        if stripped is not value and key in clean:
            if clean is record:
                clean = dict(record)
            clean[key] = stripped
    return clean


def _strip_array(items: list[Any]) -> list[Any]:
    clean = items
    for position, item in enumerate(items):
        kind = item.__class__
        if kind is dict or kind is list:
            stripped = strip_secrets(item)
            if stripped is not item:
                if clean is items:
                    clean = list(items)
                clean[position] = stripped
    return clean


def redact_text(text: str, known: Iterable[str] = ()) -> str:
    """The text without values of secret keys, authorization schemes, URL logins and the `known` literal secrets."""
    for secret in sorted({k for k in known if len(k) >= _SHORTEST_LITERAL}, key=len, reverse=True):
        text = text.replace(secret, REMOVED)
    text = _NAMED_VALUE.sub(rf"\g<name>{REMOVED}", text)
    text = _SCHEME.sub(lambda found: f"{found[1] or found[2]} {REMOVED}", text)
    return _USERINFO.sub(REMOVED, text)


def redact_url(url: str) -> str:
    """Host, path and query for a log line: no scheme, no login, values of secret query keys removed."""
    parts = urlsplit(url)
    where = (parts.hostname or "") + (f":{parts.port}" if parts.port else "") + parts.path
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = "&".join(f"{quote(k)}={REMOVED if is_secret(k) else quote(v)}" for k, v in pairs)
    return f"{where}?{query}" if query else where
