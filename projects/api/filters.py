"""Filters that OpenSolar's records share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request

from portal.api.filters import RecordFilters, WholeNumber
from projects.access import visible_projects


class OpenSolarFilters(RecordFilters):
    """Filters of every record that OpenSolar numbers."""

    opensolar_id = WholeNumber(field_name="opensolar_id", help_text="OpenSolar's number of the record.")


class ProjectPartFilters(OpenSolarFilters):
    """Filters of records that belong to a project; `project_column` holds its OpenSolar number."""

    project_column: ClassVar[str] = "project_ref"

    project = WholeNumber(method="of_project", help_text="The portal's id of a project: what belongs to it.")

    def of_project(self, rows: QuerySet[Any], name: str, pk: Any) -> QuerySet[Any]:
        """None for a project that this person does not see."""
        numbers = numbers_of(self.request, pk)
        if numbers is None:
            return rows.none()
        return rows.filter(connection_id=numbers[0], **{self.project_column: numbers[1]})


def numbers_of(request: Request, pk: Any) -> tuple[int, int] | None:
    """Connection and OpenSolar number of a project by the portal's id; None where this person sees none."""
    projects = visible_projects(request.auth, removed=True)  # type: ignore[arg-type]
    return projects.filter(pk=pk).values_list("connection_id", "opensolar_id").first()
