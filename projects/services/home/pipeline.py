"""The pipeline in figures for the home page: each number comes with the address of the list that it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from portal.access import Access
from projects.access import visible_projects
from projects.models import Role
from projects.services.lists.criteria import CHANGED, OPEN, PEOPLE, YES, Criteria
from projects.services.lists.narrowing import stalled
from projects.services.stages import OPEN as OPEN_STAGES
from projects.services.stages import in_order, stage_label, stage_tone, token_of

SINCE = "1"


@dataclass(frozen=True, slots=True)
class Tally:
    """A number of projects and the query of the list that holds exactly those."""

    count: int
    query: str


@dataclass(frozen=True, slots=True)
class StageTally:
    """How many projects stand at a stage, and the query of the list of them."""

    label: str
    tone: str
    count: int
    query: str


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a person's home counts. `mine` is None for people without a role at OpenSolar; then `stalled` and `changed`
    are everybody's."""

    mine: Tally | None
    stalled: Tally
    changed: Tally
    coming: Tally
    stages: Sequence[StageTally]
    mine_by_stage: Mapping[int | None, int]

    @property
    def total(self) -> int:
        """All projects that this person may see."""
        return sum(stage.count for stage in self.stages)


def my_role(access: Access) -> Role | None:
    """The role at OpenSolar that this person signs in as."""
    return Role.objects.filter(membership=access.membership).first()


def since() -> timedelta:
    """How far back "since yesterday" goes."""
    return timedelta(days=CHANGED[SINCE])


def mine_of(access: Access, role: Role | None) -> Role | None:
    """By whom the lists on a home page are narrowed: inspectors and installers see nothing but theirs anyway."""
    return role if access.sees_all_projects else None


def pipeline_of(access: Access, role: Role | None) -> Pipeline:
    """Figures over all projects that this person may see, by one query."""
    whose = mine_of(access, role)
    ours, today = named(whose), timezone.localdate()
    found = visible_projects(access).order_by().values("stage")
    found = found.annotate(
        count=Count("pk"),
        mine=Count("pk", filter=ours & Q(stage__in=OPEN_STAGES)),
        stalled=Count("pk", filter=ours & stalled()),
        changed=Count("pk", filter=ours & Q(modified_date__gte=timezone.now() - since())),
        coming=Count("pk", filter=ours & Q(installation_date__gte=today)),
    )
    by_stage: dict[int | None, dict[str, Any]] = {row["stage"]: dict(row) for row in found}

    def tally(name: str, criteria: Criteria) -> Tally:
        return Tally(sum(row[name] for row in by_stage.values()), criteria.query())

    return Pipeline(
        tally("mine", Criteria(person=whose, stage=OPEN)) if whose else None,
        tally("stalled", Criteria(person=whose, stalled=YES)),
        tally("changed", Criteria(person=whose, changed=SINCE)),
        tally("coming", Criteria(person=whose, installation_from=today)),
        [
            StageTally(
                stage_label(stage), stage_tone(stage), by_stage[stage]["count"], Criteria(stage=token_of(stage)).query()
            )
            for stage in in_order(by_stage)
        ],
        {stage: row["mine"] for stage, row in by_stage.items()},
    )


def named(role: Role | None) -> Q:
    """Projects that name this role as anything, as the list's filter `person` has it; all without a role."""
    if role is None:
        return Q(pk__isnull=False)
    fits = Q()
    for column in PEOPLE.values():
        fits |= Q(**{column: role.opensolar_id})
    return fits & Q(connection=role.connection_id)
