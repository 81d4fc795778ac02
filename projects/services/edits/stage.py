"""Moving a project to another stage: forward at once, backward only when a person says that it is meant.

Without a workflow `stage` is written as the number that it is. With one, OpenSolar keeps the stage in the workflow (a
newer page): then the workflow's own stage is written, of those that projects in the mirror stand at.
"""

from __future__ import annotations

from uuid import UUID

from django.core.cache import cache
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import ChangeSource, Connection, Delivery
from projects.models import Project
from projects.services.edits.projects import Refused, Seen, edit_project, seen_of
from projects.services.stages import stage_label

FRESH = 300


class Backwards(Exception):
    """The stage would move backwards, which nobody has confirmed; the text asks whether that is meant."""


def change_stage(
    access: Access,
    project: Project,
    stage: int,
    *,
    confirmed: bool = False,
    active_stage_id: int | None = None,
    seen: Seen | None = None,
    once: UUID | None = None,
    source: str = ChangeSource.PERSON,
) -> Delivery | None:
    """Moves it; None where it stands there already (or was moved there by an edit under way).

    With a workflow `active_stage_id` says where; without it the only one known for the stage. Raises Backwards,
    Refused, Wrong.
    """
    before = seen or seen_of(project)
    insist_on_forward(before, stage, confirmed=confirmed)
    if before.values.get("active_stage_id") is None:
        return edit_project(access, project, {"stage": stage}, before, once=once, source=source)
    if active_stage_id is None:
        known = [number for number, milestone in workflow_stages(project.connection) if milestone == stage]
        if before.values["active_stage_id"] in known:
            return None
        if len(known) != 1:
            words = {"stage": stage_label(stage)}
            raise Refused(_("This project follows a workflow: choose its stage for “%(stage)s” on its page.") % words)
        active_stage_id = known[0]
    return edit_project(access, project, {"active_stage_id": active_stage_id}, before, once=once, source=source)


def change_workflow_stage(
    access: Access,
    project: Project,
    active_stage_id: int,
    *,
    confirmed: bool = False,
    seen: Seen | None = None,
    once: UUID | None = None,
    source: str = ChangeSource.PERSON,
) -> Delivery | None:
    """Moves a project within its workflow. Raises Backwards, Refused, Wrong."""
    before = seen or seen_of(project)
    if before.values.get("active_stage_id") is None:
        raise Refused(_("This project follows no workflow; choose one of the stages."))
    milestone = dict(workflow_stages(project.connection)).get(active_stage_id)
    if milestone is not None:
        insist_on_forward(before, milestone, confirmed=confirmed)
    return edit_project(access, project, {"active_stage_id": active_stage_id}, before, once=once, source=source)


def insist_on_forward(before: Seen, stage: int, *, confirmed: bool) -> None:
    """Raises Backwards unless it goes forward or somebody confirmed that it is meant."""
    current = before.values.get("stage")
    if current is not None and stage < current and not confirmed:
        words = {"before": stage_label(current), "after": stage_label(stage)}
        raise Backwards(_("From “%(before)s” back to “%(after)s”: confirm that this is meant.") % words)


def workflow_stages(connection: Connection) -> list[tuple[int, int]]:
    """Stages of workflows that projects stand at, each with its milestone, in order; as of some minutes ago."""
    return cache.get_or_set(f"workflow-stages-{connection.pk}", lambda: _stages(connection), FRESH) or []


def _stages(connection: Connection) -> list[tuple[int, int]]:
    rows = Project.objects.filter(connection=connection, active_stage_id__isnull=False, stage__isnull=False)
    pairs = rows.order_by("stage", "active_stage_id").values_list("active_stage_id", "stage").distinct()
    return [(number, stage) for number, stage in pairs if number is not None and stage is not None]
