"""The systems of a project as one person may see them: what is not theirs to see is never loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.access import Access
from projects.access import visible_systems
from projects.models import Project, System
from projects.services.lists.rows import leading
from projects.services.parts import (
    Adder,
    Component,
    Incentive,
    PanelGroup,
    adders,
    components,
    incentives,
    panel_groups,
)

PRICES = ("price_including_tax", "price_excluding_tax", "discount")
COSTS = ("net_profit",)
KINDS = ("modules", "inverters", "batteries", "others")


@dataclass(frozen=True, slots=True)
class SystemOption:
    """A system with its parts; values and costs of extras are missing for people who may not see them."""

    system: System
    name: str
    is_sold: bool
    parts: Mapping[str, list[Component]]
    adders: list[Adder]
    groups: list[PanelGroup]
    incentives: list[Incentive]

    def of_kind(self, kind: str) -> list[Component]:
        """Its modules, inverters, batteries or others."""
        return self.parts[kind]


def systems_of(access: Access, project: Project) -> list[System]:
    """The project's systems, the one that stands for it first; of a removed project also the removed ones."""
    hidden = [*(() if access.sees_prices else PRICES), *(() if access.sees_costs else COSTS)]
    systems = visible_systems(access, removed=bool(project.removed_at or project.withheld_at)).defer(*hidden)
    ours = systems.filter(connection=project.connection_id, project_ref=project.opensolar_id)
    found = list(ours.order_by("order", "opensolar_id"))
    first = leading(project, found)
    return sorted(found, key=lambda system: system is not first)


def options_of(access: Access, project: Project, systems: Iterable[System]) -> list[SystemOption]:
    """What the page shows of each system."""
    return [_option(access, project, system) for system in systems]


def system_name(name: str, number: int) -> str:
    """A system's own name, else its number."""
    return name.strip() or _("System %(number)s") % {"number": number}


def _option(access: Access, project: Project, system: System) -> SystemOption:
    return SystemOption(
        system=system,
        name=system_name(system.name, system.opensolar_id),
        is_sold=project.is_sold and system.opensolar_id == project.system_sold_ref,
        parts={kind: components(getattr(system, kind)) for kind in KINDS},
        adders=adders(system.adders, prices=access.sees_prices, costs=access.sees_costs),
        groups=panel_groups(system.module_groups),
        incentives=incentives(system.incentives, prices=access.sees_prices),
    )
