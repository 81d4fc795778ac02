"""Puts a project's timeline together from all of its sources."""

from __future__ import annotations

from collections.abc import Iterable

from portal.access import Access
from projects.models import Project
from projects.services.carried import VendorEvent
from projects.services.timeline import Timeline, Wish, page_of
from projects.services.timeline_changes import changes_of
from projects.services.timeline_events import dates_of, noted
from projects.services.timeline_syncs import syncs_of


def timeline_of(access: Access, project: Project, wish: Wish, events: Iterable[VendorEvent]) -> Timeline:
    """The page of the story that was asked for, as far as this person has a right to it."""
    told = [*dates_of(project), *noted(access, events), *changes_of(access, project, wish)]
    return page_of(wish, [*told, *syncs_of(access, project, wish)])
