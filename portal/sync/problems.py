"""Writes down what a run could not do, so that a person can see why and try again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db.models import QuerySet
from django.utils import timezone

from portal.lib.redaction import strip_secrets
from portal.models import Connection, SyncProblem, SyncRun

What = SyncProblem.What


@dataclass(frozen=True, slots=True)
class Trouble:
    """A record (as far as it can be shown) and why it was not taken in."""

    vendor_id: str
    reason: str
    record: Any = None


def report(
    connection: Connection,
    resource: str,
    troubles: Iterable[Trouble],
    run: SyncRun | None = None,
    what: str = What.RECORD,
) -> None:
    """Stores each trouble as an open problem; one that is open already is refreshed, not doubled."""
    now = timezone.now()
    rows = [
        SyncProblem(
            connection=connection,
            run=run,
            what=what,
            resource=resource,
            vendor_id=trouble.vendor_id[:64],
            reason=trouble.reason[:1000],
            payload=_text(trouble.record),
            seen_at=now,
        )
        for trouble in troubles
    ]
    for row in rows:
        fields = {"run": row.run, "reason": row.reason, "payload": row.payload, "seen_at": now}
        SyncProblem.objects.update_or_create(
            connection=connection,
            resource=resource,
            what=what,
            vendor_id=row.vendor_id,
            resolved_at=None,
            defaults=fields,
        )


def resolve(connection: Connection, resource: str, vendor_ids: Iterable[str], *what: str) -> None:
    """Closes open problems of these kinds and records: what they said is no longer so."""
    _open(connection, resource, what).filter(vendor_id__in=list(vendor_ids)).update(resolved_at=timezone.now())


def outlive(connection: Connection, resource: str, since: datetime) -> None:
    """Closes what a complete listing begun at `since` did not meet again: repaired, gone, or looked up at last."""
    _open(connection, resource, (What.RECORD, What.FETCH)).filter(seen_at__lt=since).update(resolved_at=timezone.now())


def _open(connection: Connection, resource: str, what: Collection[str]) -> QuerySet[SyncProblem]:
    return SyncProblem.objects.filter(connection=connection, resource=resource, what__in=what, resolved_at=None)


def _text(record: Any) -> str:
    """The record as JSON without secrets; a record that JSON cannot hold is shown as Python sees it."""
    if record is None:
        return ""
    try:
        return orjson.dumps(strip_secrets(record), option=orjson.OPT_INDENT_2).decode()
    except TypeError:
        return ascii(strip_secrets(record))
