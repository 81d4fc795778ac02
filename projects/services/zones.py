"""The clock on the wall of a project's site, from the one figure that OpenSolar sends."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo

from projects.models import Project


def offset_of(project: Project) -> timedelta | None:
    """`timezone_offset` (hours) as a distance from UTC, to the minute; None where it is missing or no such zone."""
    hours = project.timezone_offset
    if hours is None or not -24 < hours < 24:
        return None
    return timedelta(minutes=round(hours * 60))


def zone_of(project: Project) -> tzinfo:
    """The zone in which this project's times are shown; UTC where none is known."""
    offset = offset_of(project)
    return UTC if offset is None else timezone(offset)
