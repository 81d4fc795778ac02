"""What was sold, and what has changed since: for the page of a project and that of its proposal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import Access
from portal.models import Change
from portal.templatetags.numbers import figure, kw, kwh, money
from projects.access import visible_promises
from projects.models import Project, SoldPromise, System
from projects.services.lists.rows import leading
from projects.services.parts import components
from projects.services.story.system_options import system_name, systems_of

PARTS = (
    ("modules", gettext_lazy("Panels by kind")),
    ("inverters", gettext_lazy("Inverters")),
    ("batteries", gettext_lazy("Batteries")),
)


@dataclass(frozen=True, slots=True)
class Promised:
    """One thing that was promised, and what OpenSolar says now; `since`: when the portal noticed it last change."""

    label: str
    then: str
    now: str
    differs: bool
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """The whole of it; `cancelled`: OpenSolar no longer calls the project sold."""

    sold: SoldPromise
    rows: list[Promised]
    cancelled: bool

    @property
    def changed(self) -> list[Promised]:
        """What is no longer as it was sold."""
        return [row for row in self.rows if row.differs]


def promise_of(access: Access, project: Project) -> Promise | None:
    """The promise of a sold project against its sold system of today; None where none was noted."""
    sold = visible_promises(access).filter(connection=project.connection_id, project_ref=project.opensolar_id).first()
    if sold is None:
        return None
    systems = systems_of(access, project)
    now = leading(project, systems)
    against = _Against(sold, now, _noticed(project, sold))
    rows = [against.system(), *_figures(access, project, against), *_parts(against)]
    return Promise(sold, rows, cancelled=not project.is_sold)


Noticed = dict[tuple[str, str], datetime]


@dataclass(frozen=True, slots=True)
class _Against:
    """The promise, the system that stands for the project today, and when what was noticed to change."""

    sold: SoldPromise
    now: System | None
    noticed: Noticed

    def system(self) -> Promised:
        """Which of the project's systems it is."""
        sold, now = self.sold, self.now
        is_another = now is None or now.opensolar_id != sold.system_ref
        name = system_name(now.name, now.opensolar_id) if now else ""
        since = self.noticed.get(("projects", "system_sold_ref")) if is_another else None
        return Promised(_("System"), system_name(sold.system_name, sold.system_ref), name, is_another, since)

    def row(self, name: str, label: str, show: Callable[[Any], str]) -> Promised:
        """One column of the system."""
        then, today = getattr(self.sold, name), getattr(self.now, name) if self.now else None
        differs = (show(then) != show(today)) if isinstance(then, list) else then != today
        since = self.noticed.get(("systems", name)) if differs else None
        return Promised(label, show(then), show(today), differs, since)


def _figures(access: Access, project: Project, against: _Against) -> list[Promised]:
    country = project.country_iso2
    shown: list[tuple[str, str, Callable[[Any], str]]] = [
        ("kw_stc", _("Size"), lambda value: kw(value, 2)),
        ("output_annual_kwh", _("Output a year"), kwh),
        ("module_quantity", _("Panels"), figure),
    ]
    if access.sees_prices:
        shown.insert(1, ("price_including_tax", _("Price including tax"), lambda value: money(value, country)))
    return [against.row(*column) for column in shown]


def _parts(against: _Against) -> list[Promised]:
    rows = (against.row(name, str(label), _lines) for name, label in PARTS)
    return [row for row in rows if row.then or row.now]


def _lines(entries: Any) -> str:
    return ", ".join(part.line for part in components(entries) if part.line)


def _noticed(project: Project, sold: SoldPromise) -> Noticed:
    """When each field of the project and of the promised system changed last since the sale: two queries."""
    about = [("projects", str(project.opensolar_id)), ("systems", str(sold.system_ref))]
    found: Noticed = {}
    for resource, number in about:
        changes = Change.objects.filter(
            connection=project.connection_id, resource=resource, vendor_id=number, at__gt=sold.frozen_at
        )
        found |= {(resource, field): at for field, at in changes.order_by("at").values_list("field", "at")}
    return found
