"""Reads OpenSolar's log of its deliveries, keeps it, and tells which of them never arrived here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from portal.models import Connection, InboxEvent
from portal.sync.gate import Gate
from portal.vendors.opensolar.webhook_verbs import LogRow
from portal.vendors.opensolar.webhooks import CREATE, DELETE, UPDATE, Event
from projects.models import WebhookLog

BATCH = 1000
COLUMNS = ("webhook_ref", "successful", "model_name", "model_pk", "event_id", "event_name", "event_timestamp", "notes")


def read_log(gate: Gate, vendor_id: str) -> list[Event]:
    """Stores the log as OpenSolar shows it now and returns the events of our webhook `vendor_id` that we do not have.

    May run twice. Raises the vendors' errors.
    """
    connection = gate.connection
    rows: list[LogRow] = gate.client.webhooks.log()
    events = {row.id: event for row in rows if (event := _event(row)) and str(row.webhook or "") == vendor_id}
    arrived = _arrived(connection, [event.fingerprint for event in events.values()])
    _store(connection, rows, {number: event.fingerprint in arrived for number, event in events.items()})
    _forget(connection)
    missing = {event.fingerprint: event for event in events.values() if event.fingerprint not in arrived}
    return list(missing.values())


def _event(row: LogRow) -> Event | None:
    verb = row.event.upper()
    if row.model_id is None or verb not in (CREATE, UPDATE, DELETE):
        return None
    return Event(row.model, row.model_id, verb, row.event_id, row.event_at, "", None)


def _arrived(connection: Connection, prints: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(prints), BATCH):
        known = InboxEvent.objects.filter(connection=connection, fingerprint__in=prints[start : start + BATCH])
        found.update(known.values_list("fingerprint", flat=True))
    return found


def _store(connection: Connection, rows: Sequence[LogRow], arrived: dict[int, bool]) -> None:
    now = timezone.now()
    made = {
        row.id: WebhookLog(
            organisation_id=connection.organisation_id,
            connection=connection,
            opensolar_id=row.id,
            webhook_ref=row.webhook,
            successful=row.successful,
            model_name=row.model.replace("\0", ""),
            model_pk=row.model_id,
            event_id=row.event_id,
            event_name=row.event.replace("\0", ""),
            event_timestamp=row.event_at,
            notes=row.notes.replace("\0", ""),
            created_date=row.created_at,
            arrived=arrived.get(row.id),
            read_at=now,
        )
        for row in rows
    }
    WebhookLog.objects.bulk_create(
        made.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["connection", "opensolar_id"],
        update_fields=[*COLUMNS, "created_date", "arrived", "read_at"],
    )


def _forget(connection: Connection) -> None:
    """What OpenSolar showed last long ago; nothing grows for ever."""
    before = timezone.now() - timedelta(days=settings.KEEP_DAYS)
    old = WebhookLog.objects.filter(connection=connection, read_at__lt=before)
    while batch := list(old.values_list("pk", flat=True)[:BATCH]):
        WebhookLog.objects.filter(pk__in=batch).delete()
