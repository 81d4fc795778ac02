"""Reads MAP_TILES_URL: whose images a page may show, and what is wrong with an address that cannot work."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

PLACES = ("{z}", "{x}", "{y}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\]")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def trouble_with(address: str) -> str:
    """Why tiles cannot be loaded from there, as a sentence; empty for a usable address and for none at all."""
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "it is no web address"
    missing = [place for place in PLACES if place not in f"{parts.path}?{parts.query}"]
    faults = {
        "it is no web address of one host, without a login and without placeholders": (
            parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc.removesuffix(f":{port}"))
        ),
        "it is not https": parts.scheme == "http" and parts.hostname not in _LOOPBACK,
        f"{', '.join(missing)} is missing in it": bool(missing),
        "it holds a character that an address cannot hold": bool(re.search(r"[\s;,'\"<>]", address)),
    }
    return next((fault for fault, found in faults.items() if found), "")


def source_of(address: str) -> list[str]:
    """The one source that pages may load tiles from, as the content policy names it; none for a useless address."""
    if not address or trouble_with(address):
        return []
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"]
