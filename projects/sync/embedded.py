"""Events and files, which come inside their project: one request brings all of them along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.models import Connection
from portal.sync.gate import Gate
from portal.sync.source import Arrival, Key, Limit, Part, Record, Resource
from portal.sync.upsert import mark_gone, upsert
from portal.vendors.opensolar import project_parts
from portal.vendors.opensolar.values import id_of
from projects.models import Event, PrivateFile, Project
from projects.sync.reading import key_of, parse_event, parse_file

EVENT_DETAILS, FILE_DETAILS = "event_details", "file_details"
PRIVATE_FILES = "private_files"
# Published for writing and listing private files; what asking for one costs is unknown, so it counts as much.
LIMITS = {PRIVATE_FILES: (Limit("user", 1_000, 3_600), Limit("account", 1_000, 86_400))}


def fetch_event(gate: Gate, key: Key) -> Record:
    """One event at its own address."""
    record: Record = gate.client.event(int(key))
    return record


def fetch_file(gate: Gate, key: Key) -> Record:
    """One file at its own address, with a link that works for an hour."""
    gate.take(PRIVATE_FILES)
    record: Record = gate.client.private_file(int(key))
    return record


def _fetch_file_record(gate: Gate, key: Key) -> Record:
    record: Record = project_parts.without_links(fetch_file(gate, key))
    return record


EVENTS = Resource(
    name="events",
    model=Event,
    fetch=fetch_event,
    key_of=key_of,
    parse=parse_event,
    no_news=frozenset({"modified_date"}),
)
FILES = Resource(
    name="files",
    model=PrivateFile,
    fetch=_fetch_file_record,
    key_of=key_of,
    parse=parse_file,
    no_news=frozenset({"modified_date"}),
)
EMBEDDED = (EVENTS, FILES)
PARTS = (
    Part(EVENT_DETAILS, "events", lambda gate, key: [fetch_event(gate, key)], shape="detail", counts_as="projects"),
    Part(
        *(FILE_DETAILS, "files", lambda gate, key: [_fetch_file_record(gate, key)]),
        shape="detail",
        counts_as="projects",
        spends=PRIVATE_FILES,
    ),
)
_KEYS: Mapping[str, Resource] = {"events_data": EVENTS, "private_files_data": FILES}


def take_in(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """Takes in the events and files of these projects, and marks those removed that a project no longer holds.

    Runs in the transaction that wrote the projects. A project that says nothing of them (a short row) changes nothing.
    """
    for key, resource in _KEYS.items():
        telling = [arrival for arrival in arrivals if isinstance(arrival.record.get(key), list)]
        rows = [_whose(row, int(a.key)) for a in telling for row in a.record[key]]
        known = {int(a.key) for a in telling if not a.is_new}
        if rows or known:
            asked = _asked_at(connection, telling[0].key)
            if rows:
                upsert(connection, resource, rows, requested_at=asked, shape="list")
            if known:
                _hide_vanished(connection, resource, known, {_number(row) for row in rows}, asked)


def _hide_vanished(
    connection: Connection, resource: Resource, projects: set[int], shown: set[int | None], asked: datetime
) -> None:
    """Those that were heard of later than the project was asked for stay: it could not know them."""
    rows: Any = resource.model._default_manager
    ours = rows.filter(connection=connection, project_ref__in=projects, removed_at=None, requested_at__lt=asked)
    for number in ours.values_list("opensolar_id", flat=True):
        if number not in shown:
            mark_gone(connection, resource, number, "removed_at")


def _whose(row: Any, project: int) -> Any:
    """The row, told whose it is; without the link to a file's contents."""
    if not isinstance(row, dict):
        return row
    told = {**row} if row.get("project") else {**row, "project": project}
    return project_parts.without_links(told)


def _number(row: Any) -> int | None:
    if not isinstance(row, dict):
        return None
    found = id_of(row.get("id"))
    return id_of(row.get("url")) if found is None else found


def _asked_at(connection: Connection, project: Key) -> datetime:
    """When the request was sent that brought these projects: they were written a moment ago."""
    row = Project.objects.filter(connection=connection, opensolar_id=project).values_list("requested_at", flat=True)
    return row.get()
