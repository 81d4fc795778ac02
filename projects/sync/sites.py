"""On which clock an account works, told by the sites of its projects: OpenSolar names no zone of an organisation."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, timedelta, timezone, tzinfo

from portal.models import Connection
from projects.models import Project

LOOKED_AT = 50


def usual_zone(connection: Connection) -> tzinfo:
    """The distance from UTC that most of its 50 latest projects have; UTC where none says one."""
    shown = {"organisation": connection.organisation_id, "removed_at": None, "withheld_at": None}
    latest = Project.objects.filter(connection=connection, **shown).order_by("-modified_date", "-id")
    hours = latest.values_list("timezone_offset", flat=True)[:LOOKED_AT]
    common = Counter(one for one in hours if one is not None and -24 < one < 24).most_common(1)
    return timezone(timedelta(minutes=round(common[0][0] * 60))) if common else UTC
