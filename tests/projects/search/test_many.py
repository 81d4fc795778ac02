"""What nearly every record holds: found at once, newest first, also where looking for the best takes too long."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scopes_disabled

from projects.models import Project
from projects.services.search.finding import POOL
from tests.conftest import Company
from tests.factories import NOON
from tests.projects.search.looking import answer, titles


@pytest.fixture
def many(sunny: Company) -> None:
    """More projects than are sorted by hand, all with one word in their middle, which begins a word nowhere."""
    books = {"synced_at": NOON, "changed_at": NOON, "requested_at": NOON, "organisation": sunny.organisation}
    with scopes_disabled():
        Project.objects.bulk_create(
            Project(
                opensolar_id=5000 + number,
                connection=sunny.connection,
                title=f"Roof {number}",
                search_text=f"roof {number} mail{number}@example.com",
                modified_date=NOON - timedelta(days=number),
                **books,
            )
            for number in range(POOL + 20)
        )


def _slow_beginnings() -> AbstractContextManager[Any]:
    """PostgreSQL takes ten seconds for what begins a word, as among very many rows."""
    if connection.vendor != "postgresql":
        return nullcontext()

    def wait(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if params and "% example.com%" in params:
            execute("SELECT pg_sleep(10)", None, False, context)
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wait)


@pytest.mark.usefixtures("many")
def test_what_all_share_is_not_waited_for(grace: Client) -> None:
    newest = [f"Roof {number}" for number in range(10)]
    with _slow_beginnings():
        assert titles(grace, "example.com") == newest
        assert "more than" in answer(grace, "example.com").content.decode()
    assert titles(grace, "example.com") == newest


@pytest.mark.usefixtures("many")
def test_among_very_many_the_number_of_queries_is_bounded(grace: Client) -> None:
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    for words in ("example.com", "roof", "mail", "r"):
        answer(grace, words)
        asked.clear()
        with connection.execute_wrapper(note):
            answer(grace, words)
        assert len([sql for sql in asked if "SAVEPOINT" not in sql]) <= 25, words
