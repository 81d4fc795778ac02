"""The plain way: `update_or_create` for each record, its body and its links."""

from __future__ import annotations

import time
from typing import Any

from tests.bench.ways.fetch import READING, pages


def measure(base_url: str, page_size: int = 100) -> dict[str, Any]:
    """Seconds to write what the other ways write, record by record."""
    import django

    django.setup()
    from django_scopes import scopes_disabled

    from portal.models import Connection

    records = 0
    with scopes_disabled():
        connection = Connection.objects.select_related("organisation").get()
        began = time.perf_counter()
        for rows in pages(base_url, page_size):
            for record in rows:
                _store(connection, record)
            records += len(rows)
    return {"seconds": time.perf_counter() - began, "records": records}


def _store(connection: Any, record: dict[str, Any]) -> None:
    import orjson
    from django.utils import timezone

    from portal.lib.redaction import strip_secrets
    from portal.models import Payload
    from portal.sync.digest import digest_of
    from projects.models import Project, ProjectContact
    from projects.sync.reading import parse_project

    now = timezone.now()
    owner = {"organisation": connection.organisation}
    parsed = parse_project(record, "detail")
    books = {"synced_at": now, "changed_at": now, "requested_at": now, "removed_at": None, "withheld_at": None}
    Project.objects.update_or_create(
        connection=connection, opensolar_id=record["id"], defaults=owner | books | parsed.columns
    )
    Payload.objects.update_or_create(
        connection=connection,
        resource="projects",
        vendor_id=str(record["id"]),
        shape="detail",
        defaults={
            "digest": digest_of(record, READING),
            "requested_at": now,
            "body": orjson.dumps(strip_secrets(record)).decode(),
        },
    )
    for position, contact in enumerate(parsed.links):
        ProjectContact.objects.update_or_create(
            connection=connection,
            project_ref=record["id"],
            contact_ref=contact,
            defaults=owner | {"position": position},
        )
