"""Lines of the project list: what each shows of a project, its leading system and its people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from django.utils import timezone

from portal.access import Access
from projects.access import visible_systems
from projects.models import Project, System
from projects.services.names import customer_of, real_mail, role_name, subtitle_of
from projects.services.parts import panels_line
from projects.services.stages import stage_label, stage_tone
from projects.services.zones import zone_of

SYSTEM_COLUMNS = (
    *("opensolar_id", "connection_id", "project_ref", "order", "is_current", "kw_stc", "module_quantity", "modules"),
    "output_annual_kwh",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list; `system` is the sold one, else the current, else the first; `price` only by right."""

    project: Project
    customer: str
    subtitle: str
    stage: str
    tone: str
    system: System | None
    panels: str
    price: Decimal | None
    owner: str
    zone: tzinfo
    days_in_stage: int | None = None

    def person(self, link: str) -> str:
        """Who stands in one of the project's links to roles, loaded with it; empty for nobody."""
        return role_name(getattr(self.project, link), getattr(self.project, f"{link}_ref"))

    @property
    def phone(self) -> str:
        """The first contact's, where the list was asked for it (`listing.cut`)."""
        return getattr(self.project, "first_phone", None) or ""

    @property
    def email(self) -> str:
        """The same contact's; not one that OpenSolar made up."""
        return real_mail(getattr(self.project, "first_email", None) or "")


def rows_of(access: Access, projects: Sequence[Project]) -> list[Row]:
    """Lines for these projects: one query more, whatever their number."""
    systems = systems_of(access, projects)
    return [_row(access, project, leading(project, systems.get(_key(project), ()))) for project in projects]


def systems_of(access: Access, projects: Iterable[Project]) -> dict[tuple[int, int], list[System]]:
    """The systems of these projects, in OpenSolar's order; prices are not even loaded without the right."""
    keys = [_key(project) for project in projects]
    if not keys:
        return {}
    columns = (*SYSTEM_COLUMNS, "price_including_tax") if access.sees_prices else SYSTEM_COLUMNS
    systems = visible_systems(access).filter(
        connection_id__in={connection for connection, _ in keys}, project_ref__in=[number for _, number in keys]
    )
    found: dict[tuple[int, int], list[System]] = {}
    for system in systems.only(*columns).order_by("order", "opensolar_id"):
        found.setdefault((system.connection_id, system.project_ref or 0), []).append(system)
    return found


def leading(project: Project, systems: Sequence[System]) -> System | None:
    """The system that stands for the project: the sold one, else the current, else the first."""
    sold = (system for system in systems if project.is_sold and system.opensolar_id == project.system_sold_ref)
    current = (system for system in systems if system.is_current)
    return next(sold, None) or next(current, None) or next(iter(systems), None)


def _row(access: Access, project: Project, system: System | None) -> Row:
    return Row(
        project=project,
        customer=customer_of(project),
        subtitle=subtitle_of(project),
        stage=stage_label(project.stage),
        tone=stage_tone(project.stage),
        system=system,
        panels=panels_line(system) if system else "",
        price=system.price_including_tax if system and access.sees_prices else None,
        owner=role_name(project.assigned_role, project.assigned_role_ref),
        zone=zone_of(project),
        days_in_stage=_days_since(getattr(project, "stage_since", None)),
    )


def _days_since(moment: datetime | None) -> int | None:
    return None if moment is None else max(0, (timezone.now() - moment).days)


def _key(project: Project) -> tuple[int, int]:
    return project.connection_id, project.opensolar_id
