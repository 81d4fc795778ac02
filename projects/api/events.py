"""Events over the API; what is about money says only what kind it is to people who may not see prices."""

from __future__ import annotations

from rest_framework import serializers

from portal.access import Access
from portal.api.filters import Moment, Switch, WholeNumber
from portal.api.parameters import Wanted
from portal.api.records import MirroredSerializer, Records, Row, mirrored_columns
from projects.access import visible_events
from projects.api.filters import ProjectPartFilters
from projects.models import Event
from projects.services.story.event_types import MONEY, event_name

TOLD = ("title", "notes")


class EventSerializer(MirroredSerializer):
    """Something noted on a project."""

    project = serializers.IntegerField(
        source="project.id", read_only=True, allow_null=True, help_text="The portal's id of its project."
    )
    event_type = serializers.CharField(
        read_only=True, help_text="OpenSolar's label of `event_type_id`; the number where the documents have none."
    )

    class Meta:
        model = Event
        fields = (*mirrored_columns(Event), "project", "event_type", "payload")
        may_be_missing = TOLD


class EventFilters(ProjectPartFilters):
    """Filters of events."""

    event_type_id = WholeNumber(field_name="event_type_id", help_text="OpenSolar's number of the kind of event.")
    is_complete = Switch(field_name="is_complete", help_text="Whether it is done.")
    is_archived = Switch(field_name="is_archived", help_text="Whether it was put away at OpenSolar.")
    start_after = Moment(field_name="start", lookup_expr="gte", help_text="Begins at or after this time.")
    start_before = Moment(field_name="start", lookup_expr="lt", help_text="Begins before this time.")


def complete(rows: list[Row], access: Access, wanted: Wanted) -> None:
    """Adds the label; takes out what the person may not see, the keys are then absent."""
    for row in rows:
        kind = row["event_type_id"]
        row["event_type"] = event_name(kind) if kind is not None else ""
        if kind in MONEY and not access.sees_prices:
            for key in TOLD:
                row.pop(key, None)


EVENTS = Records(
    name="events",
    about=(
        "What OpenSolar notes on projects: calls, visits, signatures, payments. Inspectors and installers see those "
        "of their projects; titles and notes of payments are absent for who may not see prices."
    ),
    model=Event,
    serializer=EventSerializer,
    visible=visible_events,
    filters=EventFilters,
    complete=complete,
)
