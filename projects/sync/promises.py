"""Freezes what was promised when a project turns out to be sold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from portal.models import Connection
from portal.sync.source import RecordProblem
from projects.models import Project, SoldPromise, System
from projects.sync.reading import key_of, parse_system
from projects.sync.standing_system import present_systems, standing_for

PROMISED = (
    *("kw_stc", "price_including_tax", "output_annual_kwh", "module_quantity", "modules", "inverters", "batteries"),
)


def freeze(connection: Connection, numbers: Iterable[int], told: Mapping[int, Any]) -> None:
    """Notes the promise of those of these projects that are sold; one that is noted stays as it is. May run twice.

    `told` are the systems inside the projects' own records, where these brought the news: they are as old as the
    sale, while our rows of systems may be older. Where the sold system has not come yet nothing is noted: it asks
    again when it comes.
    """
    sold = Project.objects.filter(connection=connection, opensolar_id__in=list(numbers), is_sold=True)
    projects = {project.opensolar_id: project for project in sold}
    systems = present_systems(connection, projects) if projects else {}
    found = (
        _promise(project, systems.get(number, []), _read(told.get(number))) for number, project in projects.items()
    )
    SoldPromise.objects.bulk_create([promise for promise in found if promise], ignore_conflicts=True)


def _promise(project: Project, systems: Sequence[System], told: Mapping[int, Mapping[str, Any]]) -> SoldPromise | None:
    standing = standing_for(project, systems)
    number = project.system_sold_ref or (standing.opensolar_id if standing else None)
    row = next((system for system in systems if system.opensolar_id == number), None)
    if number is None or (row is None and number not in told):
        return None
    system = row or System(opensolar_id=number)
    new = told.get(number, {})
    return SoldPromise(
        organisation_id=project.organisation_id,
        connection_id=project.connection_id,
        project_ref=project.opensolar_id,
        sold_date=project.sold_date,
        frozen_at=timezone.now(),
        system_ref=number,
        system_name=new.get("name") or system.name,
        **{name: new[name] if new.get(name) is not None else getattr(system, name) for name in PROMISED},
    )


def _read(records: Any) -> dict[int, dict[str, Any]]:
    """The columns of systems by number; what cannot be read says nothing."""
    found: dict[int, dict[str, Any]] = {}
    for record in records if isinstance(records, list) else ():
        try:
            found[key_of(record)] = parse_system(record, "list").columns
        except RecordProblem:
            continue
    return found
