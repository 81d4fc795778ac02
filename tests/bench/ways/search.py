"""The SQL that a search for a rare word runs, taken from a real request, and how long PostgreSQL needs for it."""

from __future__ import annotations

import json
from statistics import median
from typing import Any

TIMES = 20


def measure(token: str, word: str) -> dict[str, Any]:
    """Milliseconds of planning and running, by page: the API's list and the page of projects."""
    import django

    django.setup()
    from django.test import Client

    from portal.models import User

    found = {"api": _slowest(Client(headers={"authorization": f"Bearer {token}"}), "/api/v1/projects/", word)}
    browser = Client()
    browser.force_login(User.objects.get())
    found["page"] = _slowest(browser, "/projects/", word)
    return found


def _slowest(client: Any, path: str, word: str) -> float:
    """The slowest query of the request that looks at the search text."""
    from django.db import connection as database
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(database) as captured:
        answer = client.get(path, {"q": word})
    if answer.status_code != 200 or word.encode() not in answer.content:
        raise RuntimeError(f"{path}?q={word} answered {answer.status_code} without the project")
    searches = [query["sql"] for query in captured if "search_text" in query["sql"] and word in query["sql"]]
    return max(_milliseconds(sql) for sql in searches)


def _milliseconds(sql: str) -> float:
    from django.db import connection as database

    taken = []
    with database.cursor() as cursor:
        for _ in range(TIMES):
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
            (plan,) = cursor.fetchone()
            plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]
            taken.append(plan["Planning Time"] + plan["Execution Time"])
    return median(taken)
