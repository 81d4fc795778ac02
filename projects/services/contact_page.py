"""One customer for their page: how to reach them, their projects, what else OpenSolar keeps, and what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

import orjson
from django.db.models import F, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import Access
from portal.models import Connection, Payload
from projects.access import visible_contacts, visible_projects
from projects.models import Contact, Project
from projects.services.names import customer_of, mail_of, subtitle_of, with_customer
from projects.services.stages import stage_label, stage_tone
from projects.services.story.vendor_events import events_with
from projects.services.timeline.changes import changes_of_contact
from projects.services.timeline.entries import Timeline, Wish, page_of
from projects.services.timeline.events import noted
from projects.services.timeline.words import GENDERS
from projects.services.zones import zone_of

MOST_PROJECTS = 50
# What OpenSolar's project list tells of a contact beyond our columns; what a company writes there may be anything.
CARRIED = {
    "identifier": gettext_lazy("Identifier"),
    "custom_contact_info_1": gettext_lazy("Custom info 1"),
    "custom_contact_info_2": gettext_lazy("Custom info 2"),
}


@dataclass(frozen=True, slots=True)
class Roof:
    """One of their projects, in words."""

    project: Project
    name: str
    subtitle: str
    stage: str
    tone: str
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Story:
    """What stands on the page beside the contact itself; `companies` are those of their projects."""

    roofs: Sequence[Roof]
    more_roofs: bool
    companies: Sequence[str]
    email: str
    note: str
    gender: str
    facts: Sequence[tuple[str, str]]
    timeline: Timeline
    zone: tzinfo


def openable(access: Access) -> QuerySet[Contact]:
    """The contacts whose page this person may open, also those that OpenSolar removed or no longer shows."""
    connection = Prefetch("connection", Connection.objects.defer("credentials"))
    return visible_contacts(access, removed=True).prefetch_related(connection)


def story_of(access: Access, contact: Contact, wish: Wish) -> Story:
    """In a number of queries that does not depend on how much there is."""
    theirs = visible_projects(access).filter(contact_links__contact=contact)
    latest = with_customer(theirs).order_by(F("modified_date").desc(nulls_last=True), "-pk")
    projects = list(latest[: MOST_PROJECTS + 1])
    zone = zone_of(projects[0]) if projects else UTC
    events = noted(access, events_with(access, contact, [project.opensolar_id for project in projects]))
    return Story(
        roofs=[_roof(project) for project in projects[:MOST_PROJECTS]],
        more_roofs=len(projects) > MOST_PROJECTS,
        companies=_once(project.business_name for project in projects),
        email=mail_of(contact),
        note=_("Came with a shared proposal") if contact.type == 1 else _("Customer"),
        gender=str(GENDERS.get(contact.gender, contact.gender)) if contact.gender else "",
        facts=_carried(contact) if access.sees_all_projects else [],
        timeline=page_of(wish, [*events, *changes_of_contact(access, contact, wish, zone)]),
        zone=zone,
    )


def _roof(project: Project) -> Roof:
    stage, tone = stage_label(project.stage), stage_tone(project.stage)
    return Roof(project, customer_of(project), subtitle_of(project), stage, tone, zone_of(project))


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def _carried(contact: Contact) -> list[tuple[str, str]]:
    """From the body as it last came, whatever its shape; what is missing or no text is left out."""
    about = {"connection": contact.connection_id, "resource": "contacts", "vendor_id": str(contact.opensolar_id)}
    body = Payload.objects.filter(**about).order_by("-requested_at").values_list("body", flat=True).first()
    record: Mapping[str, Any] = orjson.loads(body) if body else {}
    found = [(str(label), record.get(key)) for key, label in CARRIED.items()]
    return [(label, value.strip()) for label, value in found if isinstance(value, str) and value.strip()]
