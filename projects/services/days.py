"""Calendar days of moments, on the clock of each project's site: the day that its line shows is the day filtered by."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import DateField, F, Func, Q, QuerySet

from projects.models import Project

# No zone is further from UTC; `zones.offset_of` takes anything beyond for unknown.
FARTHEST = timedelta(hours=24)


class SiteDay(Func):
    """The day on which a moment (first argument) fell, so many hours (second) from UTC."""

    output_field = DateField()
    _hours = "CASE WHEN {hours} > -24 AND {hours} < 24 THEN {hours} ELSE 0 END"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """An interval added to the moment's UTC clock."""
        moment, hours = (compiler.compile(part)[0] for part in self.get_source_expressions())
        shift = f"({self._hours.format(hours=hours)}) * interval '1 hour'"
        return f"(({moment} AT TIME ZONE 'UTC') + {shift})::date", []

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[str | int, ...]]:
        """SQLite keeps moments as UTC text and moves them by a text, too."""
        moment, hours = (compiler.compile(part)[0] for part in self.get_source_expressions())
        return f"date({moment}, ({self._hours.format(hours=hours)}) || ' hours')", ()


def between(projects: QuerySet[Project], column: str, first: date | None, last: date | None) -> QuerySet[Project]:
    """The projects of which this moment fell on one of these days, both included, where they stand.

    A wider range of plain moments goes before, for an index to start from.
    """
    if first is None and last is None:
        return projects
    near, within = Q(), Q()
    if first is not None:
        near &= Q(**{f"{column}__gte": _midnight(first) - FARTHEST})
        within &= Q(site_day__gte=first)
    if last is not None:
        near &= Q(**{f"{column}__lt": _midnight(last) + timedelta(days=1) + FARTHEST})
        within &= Q(site_day__lte=last)
    return projects.filter(near).alias(site_day=SiteDay(F(column), F("timezone_offset"))).filter(within)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
