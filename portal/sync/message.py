"""Sends several statements as one message: on its way each of them takes longer than PostgreSQL takes to answer it.

While an answer is waited for, a thread that parses the next page has the interpreter, and keeps it for milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db import connection as database

Step = tuple[str, Sequence[Any]]
"""A statement and its parameters."""


def send(*steps: Step) -> list[list[tuple[Any, ...]]]:
    """Carries the statements out in order and returns the rows of each SELECT, no rows for others."""
    if not steps:
        return []
    together = database.vendor == "postgresql"
    found = []
    with database.cursor() as cursor:
        if together:
            cursor.execute("; ".join(sql for sql, _ in steps), [*chain.from_iterable(values for _, values in steps)])
        for number, (sql, values) in enumerate(steps):
            if not together:
                cursor.execute(sql, values)
            elif number:
                cursor.nextset()
            found.append(cursor.fetchall() if sql.startswith("SELECT") else [])
    return found
