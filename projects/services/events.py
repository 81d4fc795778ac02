"""The events of a project as its timeline reads them."""

from __future__ import annotations

from collections.abc import Sequence

from projects.models import Event, Project
from projects.services.carried import MOST_EVENTS, VendorEvent

NOBODY = "Unknown User"
"""What OpenSolar shows where it knows nobody."""


def events_of(project: Project, carried: Sequence[VendorEvent]) -> Sequence[VendorEvent]:
    """The mirrored events; those that the project's body carries where none was ever mirrored (one query)."""
    rows = list(
        Event.objects.filter(connection=project.connection_id, project_ref=project.opensolar_id)
        .order_by("-start", "-created_date", "-pk")
        .only("event_type_id", "title", "notes", "who", "start", "created_date", "is_archived", "removed_at")[
            :MOST_EVENTS
        ]
    )
    if not rows:
        return carried
    found = (_as_noted(row) for row in rows if not row.removed_at and not row.is_archived)
    return [event for event in found if event is not None]


def _as_noted(row: Event) -> VendorEvent | None:
    at = row.start or row.created_date
    if at is None:
        return None
    return VendorEvent(row.event_type_id, row.title, row.notes, "" if row.who == NOBODY else row.who, at)
