"""The limit of reading: one query that makes the whole answer, behind plain WSGI; no token, no rights, no filters."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg

SQL = Path(os.environ["BENCH_SQL"]).read_text()
_own = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers every address with the first page."""
    if not hasattr(_own, "database"):
        _own.database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    (text,) = _own.database.execute(SQL).fetchone()
    body = b'{"next": null, "previous": null, "results": ' + text.encode() + b"}"
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
