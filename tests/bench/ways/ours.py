"""The portal's own sync through its front door."""

from __future__ import annotations

import re
import time
from typing import Any

MIRRORED = ("projects_project", "projects_projectcontact", "projects_contact", "projects_system", "portal_payload")
_WRITE = re.compile(rf'^\s*(INSERT INTO|UPDATE|DELETE FROM|COPY)\s+"({"|".join(MIRRORED)})"')


def measure(base_url: str, at_once: int = 2, page_size: int = 100) -> dict[str, Any]:
    """Seconds of one run, its counts, and how many statements wrote a mirrored table."""
    import django

    django.setup()
    from django.db import connection as database
    from django_scopes import scopes_disabled

    from portal.models import Connection, RunState
    from portal.services.syncing import run_now

    writes: list[str] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        if _WRITE.match(sql):
            writes.append(sql)
        return execute(sql, *rest)

    with scopes_disabled():
        Connection.objects.update(base_url=base_url, requests_at_once=at_once, page_size=page_size)
        connection = Connection.objects.select_related("organisation").get()
    with database.execute_wrapper(watch), scopes_disabled():
        began, cpu = time.perf_counter(), time.process_time()
        run = run_now(connection, full=False, wait=0)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    if run.state != RunState.SUCCESS:
        raise RuntimeError(f"the sync ended as {run.state}: {run.message}")
    return {"seconds": seconds, "cpu": cpu, "counts": run.counts["projects"], "writes": len(writes)}
