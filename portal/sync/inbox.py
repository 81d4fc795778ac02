"""Works through what webhooks brought: every event is a hint that a record changed, and never the record itself."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import orjson
from django.db import DatabaseError, transaction
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

log = logging.getLogger("portal.sync")

BATCH, BATCH_BYTES = 200, 16 * 2**20
MOST_BATCHES = 100
# Clocks differ. What was asked for longer than this after the event happened knows of it.
SKEW = timedelta(minutes=5)
# No listing takes that long: one that ended so much later than the event knows of it, too.
ANCIENT = timedelta(days=1)
TEST = "Self-test"
NOT_FOLLOWED = "The portal failed at it. The next listing brings what it told of."
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
        try:
            _process(connection, source, source.hooks, events)
        except DatabaseError:
            raise
        except Exception:
            # One that nobody could have thought of must not stand before all the others for ever.
            for event in InboxEvent.objects.filter(pk__in=[event.pk for event in events]).order_by("pk"):
                _process_alone(connection, source, source.hooks, event)
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


def _process_alone(connection: Connection, source: Source, hooks: Hooks, event: InboxEvent) -> None:
    try:
        _process(connection, source, hooks, [event])
    except DatabaseError:
        raise
    except Exception:
        log.exception("%s: event %s cannot be followed", connection, event.pk)
        event.state, event.processed_at, event.message = InboxState.UNREADABLE, timezone.now(), NOT_FOLLOWED
        _store(connection, [event])


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
    except RecursionError:
        event.state, event.message = InboxState.UNREADABLE, "It is nested deeper than any record."
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
    except (ValueError, TypeError, RecursionError):
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
    """What came late, and what we have read since, is no news. Of what is ancient the time is not believed: the vendor
    is asked once, and a replay finds nothing changed."""
    ancient = timezone.now() - ANCIENT
    late = [one.report for one in read if one.report and not (one.report.at and one.report.at < ancient)]
    news = {id(report) for report in still_news(connection, source, late)}
    known = {id(report) for report in late} - news
    for one in read:
        if one.report is not None and id(one.report) in known:
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
        known = (ours and report.at < ours - SKEW) or (all_of_them and report.at < all_of_them - ANCIENT)
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
