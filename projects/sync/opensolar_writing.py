"""How projects and contacts are written to OpenSolar, and how one that may have been made is found again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.utils import timezone
from pydantic import TypeAdapter, ValidationError

from portal.models import Connection, Delivery, MirroredRecord, Payload
from portal.sync.gate import Gate
from portal.sync.source import Key, Limit, Record
from portal.sync.writing import Values, Writer, is_same
from portal.vendors.opensolar import writable
from portal.vendors.opensolar.resources import Resource
from portal.vendors.opensolar.values import Moment, id_of
from projects.models import Contact, Project

# The published throttles of writing (reference, section 4); those of contacts are unknown, a 429 is obeyed.
LIMITS = {
    "create_project": (Limit("user", 10, 60), Limit("account", 10_000, 86_400)),
    "change_project": (Limit("user", 10, 60), Limit("account", 10_000, 86_400)),
}
PROJECT_COLUMNS = {
    **{name: name for name in writable.PROJECT if name not in ("contacts", "roof_type")},
    "roof_type": "roof_type_id",
    "assigned_role": "assigned_role_ref",
    "assigned_installer_role": "assigned_installer_role_ref",
    "assigned_site_inspector_role": "assigned_site_inspector_role_ref",
    writable.WORKFLOW_STAGE: writable.WORKFLOW_STAGE,
}
CONTACT_COLUMNS = {name: name for name in writable.CONTACT if name != "date_of_birth"}
# The vendor's clock need not be ours.
CLOCKS_DIFFER = timedelta(hours=1)
MOST_LOOKED_AT = 20
_OWN_ADDRESS = re.compile(r"(https?://[^\s?#]+)/api/orgs/\d+/roles/\d+/?$")
_MOMENT: TypeAdapter[datetime | None] = TypeAdapter(Moment)


def own_address(connection: Connection) -> str:
    """What stands before `/api/` in the vendor's own addresses, as its roles' show it; else the base address."""
    roles = Payload.objects.filter(connection=connection, resource="roles", shape="list").order_by("-requested_at")
    for body in roles.values_list("body", flat=True)[:1]:
        own = _OWN_ADDRESS.match(str(orjson.loads(body).get("url")))
        if own:
            return own[1]
    return connection.base_url


def _create_project(gate: Gate, values: Values) -> Record:
    record: Record = gate.client.create_project(values)
    return record


def _change_project(gate: Gate, key: Key, values: Values, record: Record) -> None:
    """A workflow's stage goes with the workflow that the project has now."""
    changed = dict(values)
    changed.pop(writable.WORKFLOW, None)
    if writable.WORKFLOW_STAGE in changed:
        changed[writable.WORKFLOW] = writable.plain_project(record).get(writable.WORKFLOW)
    gate.client.change_project(int(key), changed)


def _create_contact(gate: Gate, values: Values) -> Record:
    record: Record = gate.client.create_contact(values)
    return record


def _change_contact(gate: Gate, key: Key, values: Values, record: Record) -> None:
    gate.client.replace_contact(int(key), record, values)


def _find_project(gate: Gate, delivery: Delivery) -> Record | None:
    """The project with this identifier among the newest; where rows are short, those that we do not know are opened."""
    wanted, since = delivery.body.get("identifier"), (delivery.posted_at or timezone.now()) - CLOCKS_DIFFER
    rows = [row for row in newest(gate, "projects", Project) if is_since(row, since)]
    for row in rows:
        if "identifier" in row and is_same(row["identifier"], wanted):
            return row
    short = [row for row in rows if "identifier" not in row and id_of(row.get("id")) is not None]
    for row in short[-MOST_LOOKED_AT:]:
        gate.take("project")
        record: Record = gate.client.record("projects", int(row["id"]))
        if is_same(record.get("identifier"), wanted):
            return record
    return None


def _find_contact(gate: Gate, delivery: Delivery) -> Record | None:
    """The contact with this e-mail, phone and name among the newest that was not there before."""
    known = set(delivery.base.get("known", ()))
    for row in newest(gate, "contacts", Contact):
        if id_of(row.get("id")) not in known and _is_contact(row, delivery.body):
            return row
    return None


def newest(gate: Gate, resource: Resource, model: type[MirroredRecord]) -> Iterator[Record]:
    """Rows of the first page and of the last ones: the documents do not say at which end a list is new."""
    limit = gate.connection.page_size
    ours = model._default_manager.filter(connection=gate.connection, removed_at=None, withheld_at=None).count()
    start = max(1, ours // limit)
    if start > 1:
        yield from _records(gate.client.list_page(resource, 1, limit))
    for page in gate.client.walk(resource, limit=limit, start=start):
        yield from _records(page.records)


def _records(rows: Iterable[Any]) -> Iterator[Record]:
    return (row for row in rows if isinstance(row, dict))


def is_since(row: Record, since: datetime) -> bool:
    """Whether a project may be that young; one without a readable date may be."""
    created = moment_of(row.get("created_date"))
    return created is None or created >= since


def moment_of(value: Any) -> datetime | None:
    """A moment as OpenSolar writes it; None where it cannot be read."""
    try:
        return _MOMENT.validate_python(value)
    except ValidationError:
        return None


def _is_contact(record: Mapping[str, Any], values: Values) -> bool:
    names = ("first_name", "family_name", "email", "phone")
    return all(is_same(record.get(name), values.get(name)) for name in names)


def _has_new_contacts(values: Values, record: Record) -> bool:
    """Whether a project holds all the contacts that were to be made with it."""
    there = [contact for contact in record.get("contacts_data") or () if isinstance(contact, dict)]
    return all(any(_is_contact(one, contact) for one in there) for contact in values.get(writable.NEW_CONTACTS, ()))


def _contacts_of(record: Record) -> list[tuple[str, Key]]:
    return [("contacts", number) for number in writable.plain_project(record).get("contacts", ())]


WRITERS = {
    "projects": Writer(
        create=_create_project,
        change=_change_project,
        delete=lambda gate, key: gate.client.delete("projects", int(key)),
        plain=writable.plain_project,
        find=_find_project,
        columns=PROJECT_COLUMNS,
        modified=lambda record: moment_of(record.get("modified_date")),
        blind=frozenset({writable.NEW_CONTACTS}),
        arrived=_has_new_contacts,
        along=_contacts_of,
        actions={"create": "create_project", "change": "change_project"},
    ),
    "contacts": Writer(
        create=_create_contact,
        change=_change_contact,
        delete=lambda gate, key: gate.client.delete("contacts", int(key)),
        plain=writable.plain_contact,
        find=_find_contact,
        columns=CONTACT_COLUMNS,
    ),
}
