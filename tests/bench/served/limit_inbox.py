"""The limit of receiving: one bare insert of the body behind plain WSGI; no secret, no address, no size."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

_own = threading.local()
_INSERT = (
    "INSERT INTO portal_inboxevent (organisation_id, connection_id, body, received_at, state,"
    " message, model, vendor_id, verb, fingerprint, digest)"
    " VALUES (1, 1, %s, now(), 'new', '', '', '', '', '', '')"
)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Stores what is posted, committed, and answers."""
    if not hasattr(_own, "database"):
        _own.database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    _own.database.execute(_INSERT, [body])
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]
