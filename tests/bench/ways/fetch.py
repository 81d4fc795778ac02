"""The floor under every way: asking for all pages one after the other and parsing them, nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import orjson
import requests

# The `mapping` of the resource `projects`: part of every digest, so that all ways write the same.
READING = 2
OPTIONS = {"Authorization": "Bearer bench", "Accept-Encoding": "gzip"}


def pages(base_url: str, page_size: int) -> Iterator[list[dict[str, Any]]]:
    """The projects, page by page, until an empty one."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers = OPTIONS  # type: ignore[assignment]
        number = 1
        while rows := _list(session, base_url, f"projects/?page={number}&limit={page_size}"):
            yield rows
            number += 1


def _list(session: requests.Session, base_url: str, what: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = orjson.loads(session.get(f"{base_url}/api/orgs/1/{what}").content)
    return rows


def measure(base_url: str, page_size: int = 100) -> dict[str, Any]:
    """Seconds for the projects and the (empty) other lists, as many requests as a sync makes."""
    began, cpu = time.perf_counter(), time.process_time()
    records = sum(len(rows) for rows in pages(base_url, page_size))
    with requests.Session() as session:
        session.trust_env = False
        for name in ("roles", "contacts", "systems"):
            records += len(_list(session, base_url, f"{name}/"))
    return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "records": records}
