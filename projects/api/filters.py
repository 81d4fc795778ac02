"""Filters that OpenSolar's records share."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from portal.api.filters import RecordFilters, WholeNumber
from projects.access import visible_projects


class OpenSolarFilters(RecordFilters):
    """Filters of every record that OpenSolar numbers."""

    opensolar_id = WholeNumber(field_name="opensolar_id", help_text="OpenSolar's number of the record.")


def numbers_of(request: Request, pk: Any) -> tuple[int, int] | None:
    """Connection and OpenSolar number of a project by the portal's id; None where this person sees none."""
    projects = visible_projects(request.auth, removed=True)  # type: ignore[arg-type]
    return projects.filter(pk=pk).values_list("connection_id", "opensolar_id").first()
