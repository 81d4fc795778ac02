"""OpenSolar's webhooks as the engine follows them: what an event is about, and what has to be asked for because of it.

Project: its detail, and its systems where the event shows that they changed or does not say. Contact: the contact.
Event: the project that it belongs to, whose detail holds its events; one that names none and that we do not hold comes
with the next listing. A deletion is proven at the record's own address.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import orjson
from django.utils import timezone

from portal.models import Connection, Cursor, Payload, PendingFetch, Rank
from portal.registry import registry
from portal.sync.gate import Gate
from portal.sync.inbox import TEST
from portal.sync.pending import want
from portal.sync.removal import would_stop
from portal.sync.reported import Found, Hooks, Report, Unreadable, Wanted
from portal.sync.source import Key, Part, Record, RecordProblem, Resource
from portal.sync.upsert import upsert
from portal.vendors.opensolar import records, webhooks
from portal.vendors.opensolar.project_parts import without_links
from portal.vendors.opensolar.values import id_of
from portal.vendors.opensolar.webhooks import DELETE, Event
from projects.models import Event as EventRecord
from projects.models import Project, System
from projects.sync import reading
from projects.sync.linking import PROJECT_DETAILS
from projects.sync.opensolar_deliveries import read_log

CHANGED_CONTACTS, CHANGED_SYSTEMS = "contacts_changed", "systems_changed"
DELETED = {"projects": "projects_deleted", "contacts": "contacts_deleted"}
# Removals in this time count together: a mass deletion comes as many single events.
AT_ONCE = timedelta(hours=1)


def read(body: bytes) -> Report:
    """One delivery; raises Unreadable."""
    try:
        return report_of(webhooks.parse_event(body))
    except webhooks.NotAnEvent as reason:
        raise Unreadable(str(reason)) from reason


def report_of(event: Event) -> Report:
    """An event as the engine handles it."""
    about, because = _about(event)
    return Report(event.model, str(event.model_id), event.verb, event.at, event.fingerprint, about, because, event)


def _about(event: Event) -> tuple[tuple[str, int] | None, str]:
    kind = event.model.lower()
    if kind == "project":
        return ("projects", event.model_id), ""
    if kind == "contact":
        return ("contacts", event.model_id), ""
    if kind != "event":
        return None, f"The portal has no use for {event.model} events."
    return (("events", event.model_id) if event.project_id is None else ("projects", event.project_id)), ""


def follow(connection: Connection, reports: Sequence[Report]) -> None:
    """Asks for what the reports say has changed, or takes in what came whole. May run twice."""
    deleted: dict[str, list[int]] = defaultdict(list)
    details: set[int] = set()
    systems: set[int] = set()
    contacts: set[int] = set()
    events: set[int] = set()
    for report in reports:
        event: Event = report.event
        if report.about is None:
            continue
        resource, key = report.about[0], int(report.about[1])
        if resource == "events":
            events.add(key)
        elif event.verb == DELETE and event.model.lower() != "event":
            deleted[resource].append(key)
        elif resource == "contacts":
            contacts.add(key)
        elif event.model.lower() == "event":
            details.add(key)
        else:
            if not _took_whole(connection, event, report):
                details.add(key)
            if _systems_may_differ(connection, event):
                systems.add(key)
    details |= _projects_of(connection, events)
    for part, keys in ((PROJECT_DETAILS, details), (CHANGED_SYSTEMS, systems), (CHANGED_CONTACTS, contacts)):
        _want(connection, part, keys)
    for resource, keys_gone in deleted.items():
        _prove(connection, resource, keys_gone)


def _projects_of(connection: Connection, events: Iterable[int]) -> set[int]:
    """The projects of events that do not name theirs (a deletion, a line of the log), where we hold them."""
    held = EventRecord.objects.filter(connection=connection, opensolar_id__in=events, removed_at=None)
    return {number for number in held.values_list("project_ref", flat=True) if number}


def _want(connection: Connection, part: str, keys: Iterable[int]) -> None:
    if part in connection.switched_off:
        return
    now = timezone.now()
    if ids := [(str(key), now) for key in sorted(keys)]:
        # Before what a listing left over: it is what people look at just now.
        want(connection, part, ids, Rank.SOLD)


def _took_whole(connection: Connection, event: Event, report: Report) -> bool:
    """Takes in a project that came with all that we keep of it and is newer than ours; else it has to be asked for."""
    if event.fields is None or report.at is None:
        return False
    record: Record = without_links(dict(event.fields))
    if not records.is_whole(record) or not _holds_all_we_keep(connection, event.model_id, record):
        return False
    try:
        modified = reading.parse_project(record, "detail").modified
    except RecordProblem:
        return False
    rows = Project.objects.filter(connection=connection, opensolar_id=event.model_id)
    ours = rows.values_list("modified_date", flat=True).first()
    if modified is None or (ours is not None and modified <= ours):
        return False
    asked = min(report.at, timezone.now())
    return not upsert(connection, _projects(), [record], requested_at=asked, shape="detail")["failed"]


def _holds_all_we_keep(connection: Connection, number: int, record: Mapping[str, Any]) -> bool:
    """A body that lacks keys of the stored one was cut down: it would lose what the vendor did not send."""
    stored = Payload.objects.filter(
        connection=connection, resource="projects", vendor_id=str(number), shape="detail"
    ).first()
    return stored is None or bool(record.keys() >= orjson.loads(stored.body).keys())


def _systems_may_differ(connection: Connection, event: Event) -> bool:
    """Whether the systems in the event are not those that we hold; also where it does not show them."""
    sent = (event.fields or {}).get("systems")
    if not isinstance(sent, list):
        return True
    rows = System.objects.filter(connection=connection, project_ref=event.model_id, removed_at=None, withheld_at=None)
    held = {system.opensolar_id: system for system in rows}
    if {id_of(row) for row in sent} != set(held):
        return True
    return any(_differs(row, held[int(id_of(row) or 0)]) for row in sent)


def _differs(row: dict[str, Any], held: System) -> bool:
    try:
        columns = reading.parse_system(row, "list").columns
    except RecordProblem:
        return True
    return any(getattr(held, name) != value for name, value in columns.items())


def _prove(connection: Connection, resource_name: str, keys: Sequence[int]) -> None:
    """Has each looked up, unless they are so many that a person has to allow it: then the listing asks that person."""
    resource = registry.source(connection.vendor).resource(resource_name)
    part = DELETED[resource_name]
    ours = resource.model._default_manager.filter(connection=connection)
    held = ours.filter(removed_at=None, **{f"{resource.model.VENDOR_KEY}__in": keys})
    numbers = [str(number) for number in held.values_list(resource.model.VENDOR_KEY, flat=True)]
    if not numbers:
        return
    waiting = PendingFetch.objects.filter(connection=connection, resource=part)
    just_gone = ours.filter(removed_at__gte=timezone.now() - AT_ONCE)
    others = waiting.exclude(vendor_id__in=numbers).count() + just_gone.count()
    if would_stop(connection, resource, len(numbers) + others):
        waiting.delete()
        Cursor.objects.filter(connection=connection, resource=resource_name).update(next_due_at=timezone.now())
        return
    want(connection, part, [(number, None) for number in numbers], Rank.SOLD)


def _projects() -> Resource:
    return registry.source("opensolar").resource("projects")


def registered(gate: Gate) -> list[Found]:
    """Everything registered for the organisation."""
    return [
        Found(str(one.id), one.endpoint, one.enabled, one.headers, one.trigger_fields, one.payload_fields)
        for one in gate.client.webhooks.registered()
    ]


def create(gate: Gate, wanted: Wanted) -> str:
    """Registers ours; its number, empty where OpenSolar does not tell it."""
    number = gate.client.webhooks.create(
        endpoint=wanted.endpoint,
        headers=wanted.headers,
        trigger_fields=wanted.trigger_fields,
        payload_fields=wanted.payload_fields,
    )
    return "" if number is None else str(number)


def update(gate: Gate, vendor_id: str, changes: Mapping[str, Any]) -> None:
    """Changes a registered one."""
    gate.client.webhooks.update(int(vendor_id), **changes)


def missed(gate: Gate, vendor_id: str) -> list[Report]:
    """What OpenSolar's log says it delivered, or tried to, and what never arrived."""
    return [report_of(event) for event in read_log(gate, vendor_id)]


def test_body() -> bytes:
    """A delivery that says nothing but that it arrived."""
    now = str(int(timezone.now().timestamp()))
    return orjson.dumps({"timestamp": now, "model": TEST, "model_id": 0, "event": "UPDATE", "event_id": 0})


def parts(fetch_project: Callable[[Gate, Key], Record]) -> tuple[Part, ...]:
    """What is asked for because of an event."""

    def contact(gate: Gate, vendor_id: str) -> list[Record]:
        return [gate.client.record("contacts", int(vendor_id))]

    def systems(gate: Gate, vendor_id: str) -> list[Record]:
        return list(gate.client.systems_of(int(vendor_id)))

    def project(gate: Gate, vendor_id: str) -> list[Record]:
        return [fetch_project(gate, int(vendor_id))]

    return (
        Part(CHANGED_SYSTEMS, "systems", systems, shape="list", counts_as="systems"),
        Part(CHANGED_CONTACTS, "contacts", contact, shape="list", counts_as="contacts"),
        Part(
            *(DELETED["projects"], "projects", project),
            shape="detail",
            counts_as="projects",
            proves_removal=True,
            spends="project",
        ),
        Part(DELETED["contacts"], "contacts", contact, shape="list", counts_as="contacts", proves_removal=True),
    )


HOOKS = Hooks(
    header=webhooks.HEADER,
    headers_for=webhooks.header_for,
    digest_of=webhooks.digest_of,
    is_genuine=webhooks.is_genuine,
    read=read,
    follow=follow,
    fields=webhooks.fields,
    registered=registered,
    create=create,
    update=update,
    log=missed,
    test_body=test_body,
)
