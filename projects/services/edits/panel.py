"""What a project's page shows of edits: those under way with their marks, and what this person may do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import Delivery
from portal.models.outbox import UNDER_WAY
from portal.services.deliveries import may_write
from projects.models import Milestone, Project
from projects.services.edits import projects as edits
from projects.services.edits.shown import deliveries_of, edit_lines, marks_of, show_over, values_in
from projects.services.edits.stage import workflow_stages
from projects.services.stages import stage_label


def panel_of(access: Access, project: Project, contacts: Sequence[int]) -> dict[str, Any]:
    """Context for the page. The values under way stand in the project afterwards, over the mirrored ones.

    `contacts` are the numbers of its contacts, in their order.
    """
    found = list(deliveries_of(project, contacts))
    writes = may_write(access) and not (project.removed_at or project.withheld_at)
    seen = edits.seen_with(project, contacts, values_in(found)).signed() if writes else ""
    show_over(project, found)
    return {
        **lines_of(access, found, reverse("project_edits", args=[project.pk])),
        "marks": marks_of(access, found),
        "may_edit": writes,
        "seen": seen,
        "stage_choices": _stages(project) if writes else [],
    }


def lines_of(access: Access, found: Sequence[Delivery], edits_url: str) -> dict[str, Any]:
    """Context for the list of edits on a page; `edits_url` tells whether one of them has moved."""
    return {
        "deliveries": found,
        "edit_lines": edit_lines(access, found),
        "edits_under_way": any(row.state in UNDER_WAY for row in found),
        "edits_were": signature(found),
        "edits_url": edits_url,
    }


def signature(deliveries: Iterable[Delivery]) -> str:
    """Changes whenever one of them moves, comes or goes."""
    return sha256(" ".join(f"{row.pk}:{row.state}" for row in deliveries).encode()).hexdigest()[:16]


def _stages(project: Project) -> list[tuple[str, str, bool]]:
    """Value, label and whether it stands there, of every stage that the project can be moved to."""
    if project.active_stage_id is None:
        return [(f"stage:{number}", stage_label(number), number == project.stage) for number in Milestone.values]
    label, here = _("%(stage)s · workflow stage %(number)s"), project.active_stage_id
    return [
        (f"workflow:{number}", label % {"stage": stage_label(stage), "number": number}, number == here)
        for number, stage in workflow_stages(project.connection)
    ]
