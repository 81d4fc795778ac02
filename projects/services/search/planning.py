"""How PostgreSQL goes about a search; other databases are left alone.

Its planner takes any pattern that it has never met for a common one, and reads all rows in order, expecting to be
done after a few. Through the trigram index the same takes a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

GIVE_UP_MS = 200


def knows_similarity() -> bool:
    """Whether the database can tell how similar words are."""
    return connection.vendor == "postgresql"


@contextmanager
def by_trigrams(threshold: float) -> Iterator[None]:
    """Inside, rows are looked up by index alone; nothing is written, and the settings end here."""
    if not knows_similarity():
        yield
        return
    with transaction.atomic():
        _set(
            {
                "enable_seqscan": "off",
                "enable_indexscan": "off",
                "jit": "off",
                "pg_trgm.word_similarity_threshold": str(threshold),
            }
        )
        yield
        # Settings of a savepoint outlive it, unless it is rolled back.
        transaction.set_rollback(True)


@contextmanager
def give_up_soon() -> Iterator[None]:
    """Inside, a query that takes too long ends as OperationalError, after which only `by_trigrams` can end."""
    if not knows_similarity():
        yield
        return
    _set({"statement_timeout": str(GIVE_UP_MS)})
    yield


def _set(settings: dict[str, str]) -> None:
    calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [part for setting in settings.items() for part in setting])
