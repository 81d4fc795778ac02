"""Which system stands for a project, for what is written in the transaction that brought a record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.models import Connection
from projects.models import Project, System


def present_systems(connection: Connection, numbers: Iterable[int]) -> dict[int, list[System]]:
    """The systems of these projects that OpenSolar shows, in its order: one query."""
    systems = System.objects.filter(
        connection=connection, project_ref__in=list(numbers), removed_at=None, withheld_at=None
    )
    found: dict[int, list[System]] = {}
    for system in systems.order_by("order", "opensolar_id"):
        found.setdefault(system.project_ref or 0, []).append(system)
    return found


def standing_for(project: Project, systems: Sequence[System]) -> System | None:
    """The sold one, else the current, else the first."""
    sold = (system for system in systems if project.is_sold and system.opensolar_id == project.system_sold_ref)
    current = (system for system in systems if system.is_current)
    return next(sold, None) or next(current, None) or next(iter(systems), None)
