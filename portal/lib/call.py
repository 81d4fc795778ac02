"""One request as it will be sent: address, body, headers, and the secrets in it that no answer may echo to a log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from portal.lib.errors import CredentialsError, PermanentError
from portal.lib.redaction import is_secret

Params = Mapping[str, str | int | float | bool | None]

_ORDINARY = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "installer-portal"}
_READING = ("GET", "HEAD")


@dataclass(slots=True)
class Call:
    """`deadline` is in seconds for one attempt, body included; `max_bytes` counts the decompressed body.

    `elsewhere`: redirects to other hosts are followed.
    """

    method: str
    url: str
    body: bytes | None = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    known: frozenset[str] = field(repr=False)
    repeatable: bool
    deadline: float
    max_bytes: int
    expect_json: bool
    retry_limits: Mapping[int, int]
    elsewhere: bool = False

    @property
    def reads(self) -> bool:
        return self.method in _READING


def checked_base(base_url: str) -> str:
    """The base address without its last slash; PermanentError if no request could be built on it."""
    try:
        parts = urlsplit(base_url.strip())
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username is not None:
        raise PermanentError("The base address must look like https://api.example.com, with or without a path.")
    return base_url.strip().rstrip("/")


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: what must stay the same for a redirect to be followed. ValueError if it is no address."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def target(base_url: str, path: str, params: Params | None) -> str:
    """The full address. `path` begins with a slash; parameters that are None are left out, booleans are lower case."""
    if not path.startswith("/"):
        raise ValueError(f"a path begins with a slash: {path!r}")
    pairs = [(key, _plain(value)) for key, value in (params or {}).items() if value is not None]
    return f"{base_url}{path}?{urlencode(pairs)}" if pairs else base_url + path


def _plain(value: str | int | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def header_lines(vendor: str, token: str | None, headers: Mapping[str, str] | None, has_body: bool) -> dict[str, str]:
    """All headers of a request; CredentialsError if the token cannot be sent in one."""
    lines = dict(_ORDINARY)
    if has_body:
        lines["Content-Type"] = "application/json"
    if token is not None:
        if not token.isascii() or not token.isprintable() or not token.strip():
            raise CredentialsError(f"The stored {vendor} token holds characters that no token has. Enter it again.")
        lines["Authorization"] = f"Bearer {token.strip()}"
    return lines | dict(headers or {})


def secrets_in(token: str | None, headers: Mapping[str, str] | None, *values: Any) -> frozenset[str]:
    """Every secret string that a request carries: the token, secret headers, values under secret keys at any depth."""
    found = {token} if token else set()
    for value in (dict(headers or {}), *values):
        found.update(_secret_texts(value, False))
    return frozenset(found)


def _secret_texts(value: Any, secret: bool) -> set[str]:
    if isinstance(value, Mapping):
        return {text for key, item in value.items() for text in _secret_texts(item, secret or is_secret(str(key)))}
    if isinstance(value, list | tuple):
        return {text for item in value for text in _secret_texts(item, secret)}
    return {str(value)} if secret and value not in (None, "") else set()


def json_body(value: Any) -> bytes | None:
    return None if value is None else orjson.dumps(value)
