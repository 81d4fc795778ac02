"""Holds the ways to the same work: after each, the tables hold the same rows."""

from __future__ import annotations

from typing import Any

from tests.bench.processes import child
from tests.bench.stage import Stage

FEW = 200
BOOKS = ("id", "synced_at", "changed_at", "requested_at")


def check_same(stage: Stage, vendor: str) -> None:
    """Raises RuntimeError when plain way, limit and ours leave different rows, or bodies are not about 6.5 KB."""
    found = {}
    for way in ("ours", "limit", "plain"):
        environment = stage.fresh("postgres")
        child(way, environment, base_url=f"{vendor}/{FEW}/1/0")
        found[way] = child("same", environment)
        stage.drop(environment)
    if not found["ours"] == found["limit"] == found["plain"]:
        raise RuntimeError(f"the ways do not do the same work: {found}")
    if not 5_500 < found["ours"]["bytes"] < 7_500:
        raise RuntimeError(f"a body has {found['ours']['bytes']} bytes")


def measure() -> dict[str, Any]:
    """A digest of every mirrored table without ids and times of ours, and the bytes of a body."""
    import django

    django.setup()
    from django.db import connection as database

    from portal.models import Payload
    from projects.models import Project, ProjectContact

    found: dict[str, Any] = {}
    with database.cursor() as cursor:
        for model in (Project, ProjectContact, Payload):
            columns = [f.column for f in model._meta.concrete_fields if f.column not in BOOKS]
            row = ", ".join(f'"{column}"' for column in columns)
            table = model._meta.db_table
            cursor.execute(f"SELECT md5(string_agg(r, '|' ORDER BY r)) FROM (SELECT ROW({row})::text r FROM {table}) t")
            found[table] = cursor.fetchone()[0]
        cursor.execute("SELECT avg(length(body))::float8 FROM portal_payload")
        found["bytes"] = cursor.fetchone()[0]
    return found
