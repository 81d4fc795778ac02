"""My open projects by stage: how many, how many kW, how much money, by the system that stands for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.access import Access
from projects.models import Role
from projects.services.lists.board_sums import Sums, sums_of
from projects.services.lists.criteria import OPEN, Criteria
from projects.services.stages import OPEN as OPEN_STAGES
from projects.services.stages import stage_label, stage_tone


@dataclass(frozen=True, slots=True)
class MyStage:
    """One open stage, what stands in it, and its list."""

    label: str
    tone: str
    count: int
    sums: Sums
    query: str


def my_stages(access: Access, role: Role, counts: Mapping[int | None, int]) -> Sequence[MyStage]:
    """The open stages in order, also empty ones; sizes and money up to a minute old, money only by right."""
    sums = sums_of(access, Criteria(person=role, stage=OPEN))
    return [
        MyStage(
            stage_label(stage),
            stage_tone(stage),
            counts.get(stage, 0),
            sums.get(stage, Sums()),
            Criteria(person=role, stage=str(int(stage))).query(),
        )
        for stage in OPEN_STAGES
    ]
