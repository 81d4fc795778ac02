"""One project's story so far: the record with its people, and what happened when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import Connection
from portal.templatetags.times import in_zone
from projects.access import visible_projects
from projects.models import Project
from projects.services.names import with_customer
from projects.services.people import ROLES
from projects.services.zones import zone_of


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened or is planned: on a day, where known at a moment."""

    title: str
    icon: str
    tone: str
    day: date
    at: datetime | None = None


def openable(access: Access) -> QuerySet[Project]:
    """The projects whose page this person may open, also those that OpenSolar removed or no longer shows."""
    projects = with_customer(visible_projects(access, removed=True))
    # Credentials are neither needed nor worth decrypting here.
    connection = Prefetch("connection", Connection.objects.defer("credentials"))
    return projects.select_related(*ROLES).prefetch_related(connection)


def events_of(project: Project) -> list[Event]:
    """What is known to have happened or to be planned, latest first, by the project's own calendar."""
    zone = zone_of(project)
    planned = project.installation_date and project.installation_date > timezone.now().astimezone(zone).date()
    moments = (
        (project.created_date, _("Project created"), "plus", ""),
        (project.modified_date, _("Last change at OpenSolar"), "edit", ""),
    )
    days = (
        (project.contract_date, _("Contract"), "file", "info"),
        (project.sold_date, _("Sold"), "check", "well"),
        (project.installation_date, _("Installation planned") if planned else _("Installation"), "panel", "info"),
        (project.valid_until_date, _("Proposal valid until"), "clock", ""),
    )
    events = [Event(title, icon, tone, in_zone(at, zone).date(), at) for at, title, icon, tone in moments if at]
    events += [Event(title, icon, tone, day) for day, title, icon, tone in days if day]
    return sorted(events, key=lambda event: (event.day, event.at is None, event.at), reverse=True)


def has_expired(project: Project) -> bool:
    """Whether the proposal is open no more and was not sold, by the project's own calendar."""
    until = project.valid_until_date
    return bool(until and not project.is_sold and until < timezone.now().astimezone(zone_of(project)).date())
