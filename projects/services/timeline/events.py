"""The record's own dates and the events that OpenSolar lists, as entries of a project's timeline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.access import Access
from projects.models import Project
from projects.services.story import event_types
from projects.services.story.carried import VendorEvent
from projects.services.story.record import Event, events_of
from projects.services.timeline.entries import NOTES, OTHER, PEOPLE, SALE, SYSTEMS, Entry
from projects.services.zones import zone_of

LONGEST_NOTE = 400
ICONS = {SALE: "tag", SYSTEMS: "panel", PEOPLE: "phone", NOTES: "edit", OTHER: "file"}


def dates_of(project: Project) -> list[Entry]:
    """Created, sold, contract, installation: what the project itself says."""
    return [_of_date(project, event) for event in events_of(project)]


def noted(access: Access, events: Iterable[VendorEvent]) -> list[Entry]:
    """Calls, visits, signatures, payments. Of what is about money, others than those who see prices learn only what."""
    now = timezone.now()
    return [_of_event(access, event, planned=event.at > now) for event in events]


def _of_date(project: Project, event: Event) -> Entry:
    moment = event.at or _end_of_day(project, event)
    kind = OTHER if event.icon == "edit" else SALE
    return Entry(moment, kind, event.icon, event.tone, event.title, at=event.at, day=None if event.at else event.day)


def _end_of_day(project: Project, event: Event) -> datetime:
    """A day stands before the moments in it, as its sum."""
    try:
        return datetime.combine(event.day, time.max, zone_of(project)).astimezone(UTC)
    except OverflowError:
        return datetime.combine(event.day, time.max, UTC)


def _of_event(access: Access, event: VendorEvent, *, planned: bool) -> Entry:
    name = event_types.event_name(event.kind)
    untold = event.kind in event_types.MONEY and not access.sees_prices
    title = name if untold or not event.title else event.title
    notes = [] if untold else [event.notes]
    if title != name and event.kind is not None and title.lower() != name.lower():
        notes.insert(0, name)
    if planned:
        notes.insert(0, _("Planned"))
    kind = _kind(event.kind)
    return Entry(
        moment=event.at,
        kind=kind,
        icon="money" if event.kind in event_types.MONEY else "calendar" if planned else ICONS[kind],
        tone="info" if planned else "",
        title=title,
        at=event.at,
        who=event.who,
        note=Truncator(" · ".join(note for note in notes if note)).chars(LONGEST_NOTE),
    )


def _kind(number: int | None) -> str:
    if number in event_types.SALE or number in event_types.MONEY or number == 40:
        return SALE
    if number in event_types.SYSTEMS:
        return SYSTEMS
    if number in event_types.NOTES:
        return NOTES
    return PEOPLE if number in event_types.PEOPLE else OTHER
