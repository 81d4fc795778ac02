"""Puts a project's timeline together from all of its sources."""

from __future__ import annotations

from collections.abc import Iterable

from portal.access import Access
from projects.access import visible_systems
from projects.models import Project, ProjectContact
from projects.services.story.carried import VendorEvent
from projects.services.story.system_options import system_name
from projects.services.timeline.changes import changes_of
from projects.services.timeline.entries import Timeline, Wish, page_of
from projects.services.timeline.events import dates_of, noted
from projects.services.timeline.syncs import syncs_of


def timeline_of(
    access: Access,
    project: Project,
    wish: Wish,
    events: Iterable[VendorEvent],
    links: Iterable[ProjectContact],
) -> Timeline:
    """The page of the story that was asked for, as far as this person has a right to it."""
    systems = _systems(access, project)
    told = [*dates_of(project), *noted(access, events)]
    told += changes_of(access, project, wish, systems, links)
    return page_of(wish, [*told, *syncs_of(access, project, wish, systems)])


def _systems(access: Access, project: Project) -> dict[int, str]:
    """The names of all systems of the project that there ever were, by number."""
    ours = visible_systems(access, removed=True).filter(
        connection=project.connection_id, project_ref=project.opensolar_id
    )
    return {number: system_name(name, number) for number, name in ours.values_list("opensolar_id", "name")}
