"""Works through what webhooks brought: every event is a hint that a record changed, and never the record itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import orjson
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Length
from django.utils import timezone

from portal.lib.parsing import parse_json
from portal.lib.redaction import redact_text, strip_secrets
from portal.models import Connection, Cursor, InboxEvent, InboxState, Webhook
from portal.registry import registry
from portal.sync.message import Step, send
from portal.sync.reported import Hooks, Report, Unreadable
from portal.sync.rows import updating
from portal.sync.source import Key, Source

BATCH, BATCH_BYTES = 200, 16 * 2**20
MOST_BATCHES = 100
# Clocks differ. What was asked for longer than this after the event happened knows of it.
SKEW = timedelta(minutes=5)
# No listing takes that long: one that ended so much later than the event knows of it, too.
ANCIENT = timedelta(days=1)
TEST = "Self-test"
OLDEST = datetime.min.replace(tzinfo=UTC)
LONGEST_TEXT = 20_000
FILLED = ["body", "state", "processed_at", "message", "model", "vendor_id", "verb", "event_at", "fingerprint", "digest"]


@dataclass(slots=True)
class _Read:
    """An event and what it says; None where it cannot be read, or is no news."""

    event: InboxEvent
    report: Report | None


def process(connection: Connection) -> int:
    """Follows everything that waits in the connection's inbox; how many events that was.

    May run twice and at the same time: following twice has the effect of once. Killed half-way, the events still wait.
    """
    source = registry.sources.get(connection.vendor)
    if source is None or source.hooks is None:
        return 0
    done = 0
    for _ in range(MOST_BATCHES):
        events = _waiting(connection)
        if not events:
            break
        _process(connection, source, source.hooks, events)
        done += len(events)
    return done


def _waiting(connection: Connection) -> list[InboxEvent]:
    """The next events in the order of their arrival, as many as fit into memory with ease."""
    rows = InboxEvent.objects.filter(connection=connection, state=InboxState.NEW).order_by("pk")
    picked: list[int] = []
    room = BATCH_BYTES
    for pk, size in rows.values_list("pk", Length("body"))[:BATCH]:
        room -= size or 0
        if picked and room < 0:
            break
        picked.append(pk)
    return list(rows.filter(pk__in=picked))


def _process(connection: Connection, source: Source, hooks: Hooks, events: Sequence[InboxEvent]) -> None:
    read = [_read(hooks, event) for event in events]
    _mark_duplicates(connection, read)
    _mark_old(connection, source, read)
    latest: dict[tuple[str, str], Report] = {}
    for report in sorted((one.report for one in read if one.report), key=lambda one: one.at or OLDEST):
        latest[report.model.lower(), report.vendor_id] = report
    hooks.follow(connection, list(latest.values()))
    _store(connection, events)


def _read(hooks: Hooks, event: InboxEvent) -> _Read:
    """Fills the event's columns; its body loses its secrets, after the digest was taken."""
    body = bytes(event.body)
    event.digest, event.processed_at = sha256(body).hexdigest(), timezone.now()
    event.body = _without_secrets(body)
    try:
        report = hooks.read(body)
    except Unreadable as reason:
        event.state, event.message = InboxState.UNREADABLE, str(reason)
        return _Read(event, None)
    event.model, event.vendor_id, event.verb = report.model[:64], report.vendor_id[:64], report.verb[:16]
    event.event_at, event.fingerprint = report.at, report.fingerprint[:200]
    if report.model == TEST:
        event.state, event.fingerprint = InboxState.TEST, ""
        return _Read(event, None)
    if report.about is None:
        event.state, event.message = InboxState.UNKNOWN, report.because[:500]
        return _Read(event, None)
    event.state = InboxState.DONE
    return _Read(event, report)


def _without_secrets(body: bytes) -> bytes:
    """What JSON can hold as JSON; anything else as text, as far as an administrator would read it."""
    try:
        return orjson.dumps(strip_secrets(parse_json(body)))
    except (ValueError, TypeError):
        return redact_text(body.decode(errors="replace")[:LONGEST_TEXT]).encode()


def _mark_duplicates(connection: Connection, read: Sequence[_Read]) -> None:
    """Of the same event the first counts, whichever worker saw it."""
    prints = {one.event.fingerprint for one in read if one.report}
    earlier: dict[str, int] = {}
    known = InboxEvent.objects.filter(connection=connection, fingerprint__in=prints).order_by("-pk")
    for found, pk in known.values_list("fingerprint", "pk"):
        earlier[found] = pk
    for one in read:
        if one.report is None:
            continue
        first = earlier.setdefault(one.event.fingerprint, one.event.pk)
        if first < one.event.pk:
            one.event.state, one.report = InboxState.DUPLICATE, None


def _mark_old(connection: Connection, source: Source, read: Sequence[_Read]) -> None:
    """A replay, however old, brings nothing."""
    news = {id(report) for report in still_news(connection, source, [one.report for one in read if one.report])}
    for one in read:
        if one.report is not None and id(one.report) not in news:
            one.event.state, one.report = InboxState.OLD, None


def still_news(connection: Connection, source: Source, reports: Sequence[Report]) -> list[Report]:
    """Those of the reports that did not happen well before we last asked for the record, or listed all of its kind."""
    keys: dict[str, set[Key]] = {}
    for report in reports:
        if report.about:
            keys.setdefault(report.about[0], set()).add(report.about[1])
    asked = {name: _asked_at(connection, source, name, wanted) for name, wanted in keys.items()}
    listed = dict(Cursor.objects.filter(connection=connection).values_list("resource", "completed_at"))

    def is_news(report: Report) -> bool:
        if report.about is None or report.at is None:
            return True
        resource, key = report.about
        ours, all_of_them = asked[resource].get(key), listed.get(resource)
        known = (ours and report.at + SKEW < ours) or (all_of_them and report.at + ANCIENT < all_of_them)
        return not known

    return [report for report in reports if is_news(report)]


def _asked_at(connection: Connection, source: Source, name: str, keys: set[Key]) -> dict[Key, datetime]:
    model = source.resource(name).model
    rows = model._default_manager.filter(connection=connection, **{f"{model.VENDOR_KEY}__in": list(keys)})
    return dict(rows.values_list(model.VENDOR_KEY, "requested_at"))


def _store(connection: Connection, events: Sequence[InboxEvent]) -> None:
    # One statement each, in one message: Django's bulk_update takes ten times as long to put its CASEs together.
    with transaction.atomic():
        send(*(_filled(event) for event in events))
    arrived = [event.received_at for event in events if event.state != InboxState.TEST]
    if arrived:
        rows = Webhook.objects.filter(connection=connection)
        rows.filter(Q(last_arrival_at=None) | Q(last_arrival_at__lt=max(arrived))).update(last_arrival_at=max(arrived))


def _filled(event: InboxEvent) -> Step:
    return updating(InboxEvent, {name: getattr(event, name) for name in FILLED}, {"id": event.pk})
