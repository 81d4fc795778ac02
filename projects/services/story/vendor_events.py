"""The events of a project as its timeline reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from portal.access import Access
from projects.access import visible_events
from projects.models import Contact, Event, Project
from projects.services.story.carried import MOST_EVENTS, VendorEvent

NOBODY = "Unknown User"
"""What OpenSolar shows where it knows nobody."""


def events_of(project: Project, carried: Sequence[VendorEvent]) -> Sequence[VendorEvent]:
    """The mirrored events; those that the project's body carries where none was ever mirrored (one query)."""
    rows = list(_latest(Event.objects.filter(connection=project.connection_id, project_ref=project.opensolar_id)))
    return _noted(rows) if rows else carried


def events_with(access: Access, contact: Contact, projects: Sequence[int]) -> Sequence[VendorEvent]:
    """What was noted with a customer on these projects (their numbers), as far as this person sees them (one query)."""
    theirs = {"connection": contact.connection_id, "contact_ref": contact.opensolar_id, "project_ref__in": projects}
    return _noted(_latest(visible_events(access).filter(**theirs)))


def _latest(rows: QuerySet[Event]) -> QuerySet[Event]:
    columns = ("event_type_id", "title", "notes", "who", "start", "created_date", "is_archived", "removed_at")
    return rows.order_by("-start", "-created_date", "-pk").only(*columns)[:MOST_EVENTS]


def _noted(rows: Iterable[Event]) -> list[VendorEvent]:
    found = (_as_noted(row) for row in rows if not row.removed_at and not row.is_archived)
    return [event for event in found if event is not None]


def _as_noted(row: Event) -> VendorEvent | None:
    at = row.start or row.created_date
    if at is None:
        return None
    return VendorEvent(row.event_type_id, row.title, row.notes, "" if row.who == NOBODY else row.who, at)
