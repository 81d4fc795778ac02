"""Stages in a salesperson's words, and the track of milestones on a project's page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from projects.models import Milestone, Project

OPEN = (Milestone.PRESALE, Milestone.LOCK_PRICING)
TRACK = (Milestone.PRESALE, Milestone.LOCK_PRICING, Milestone.SOLD, Milestone.INSTALLED)
KNOWN = frozenset(Milestone.values)
NONE = "none"
NUMBER = re.compile(r"-?\d{1,10}", re.ASCII)
TONES = {
    Milestone.PRESALE: "info",
    Milestone.LOCK_PRICING: "wait",
    Milestone.SOLD: "accent",
    Milestone.INSTALLED: "well",
}


def stage_label(stage: int | None) -> str:
    """A milestone's name; a number that we do not know is shown as it is."""
    if stage is None:
        return _("No stage")
    return str(Milestone(stage).label) if stage in KNOWN else _("Stage %(number)s") % {"number": stage}


def token_of(stage: int | None) -> str:
    """A stage in addresses."""
    return NONE if stage is None else str(stage)


def stage_of(token: str) -> int | None:
    """The stage that an address names; ValueError for anything else."""
    if token == NONE:
        return None
    if not NUMBER.fullmatch(token) or not -(2**31) <= int(token) < 2**31:
        raise ValueError("no stage")
    return int(token)


def stage_tone(stage: int | None) -> str:
    """The colour of meaning beside the word; none for stages that say nothing about well or ill."""
    return TONES.get(Milestone(stage), "") if stage in KNOWN else ""


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone on the track; `state` is done, current or todo; `at` the day or moment, reached or planned."""

    label: str
    state: str
    at: date | datetime | None = None


def track_of(project: Project) -> list[Step]:
    """The milestones in order; a stage outside them stands at the end, as it is."""
    dates = {
        Milestone.PRESALE: project.created_date,
        Milestone.SOLD: project.sold_date,
        Milestone.INSTALLED: project.installation_date,
    }
    on_track = project.stage in TRACK
    passed = project.stage if on_track else Milestone.SOLD if project.is_sold else Milestone.PRESALE
    steps = [Step(str(m.label), _state(m, passed, on_track), dates.get(m)) for m in TRACK]
    return steps if on_track else [*steps, Step(stage_label(project.stage), "current")]


def _state(milestone: Milestone, passed: int | None, on_track: bool) -> str:
    if milestone == passed and on_track and milestone != Milestone.INSTALLED:
        return "current"
    return "done" if passed is not None and milestone <= passed else "todo"


def in_order(stages: Iterable[int | None]) -> list[int | None]:
    """Known milestones first, in their order, then unknown numbers, at last those without a stage."""
    return sorted(stages, key=lambda stage: (stage is None, -1 if stage is None else stage))
