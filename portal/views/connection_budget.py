"""A vendor's published limits as the connection's page shows them: what is used, by whom, and when what waits ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Connection
from portal.registry import registry
from portal.services.budget import Backfill, LimitUse, budget_of
from portal.sync.source import Limit, Source
from portal.templatetags.numbers import figure
from portal.views import connection_words as words

PERIODS = {60: gettext_lazy("a minute"), 3_600: gettext_lazy("an hour"), 86_400: gettext_lazy("a day")}


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One limit in words; `nearly` once four fifths of it are used."""

    name: str
    whose: str
    use: LimitUse
    nearly: bool


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """What waits of one kind: "System details: 312 left", how fast it goes, when it ends (None: nobody knows)."""

    name: str
    pace: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class BudgetPanel:
    """`lifted` where the portal counts nothing, `stopped` where nothing is asked of the vendor now."""

    vendor: str
    limits: Sequence[LimitLine]
    waiting: Sequence[WaitingLine]
    lifted: bool
    stopped: bool
    published: str
    zone: tzinfo | None

    @property
    def zone_name(self) -> str:
        """On which clock the ends are told; empty where none is told."""
        if self.zone is None or not any(line.ends_at for line in self.waiting):
            return ""
        return self.zone.tzname(None) or ""


def budget_panel(connection: Connection) -> BudgetPanel | None:
    """None for a vendor that publishes no limits."""
    found = budget_of(connection)
    if found is None:
        return None
    source = registry.source(connection.vendor)
    return BudgetPanel(
        vendor=source.setup.label,
        limits=[_line(source, use) for use in found.limits] if found.counted else [],
        waiting=[_waiting(source, one) for one in found.waiting],
        lifted=not found.counted,
        stopped=not found.asked,
        published=str(source.limits_from),
        zone=source.zone(connection) if source.zone and found.waiting else None,
    )


def limit_words(source: Source, action: str, limit: Limit) -> str:
    """ "60 requests a minute for system details"."""
    said = {"requests": _pace_of(limit), "what": source.limit_names.get(action, action.replace("_", " "))}
    return _("%(requests)s for %(what)s") % said


def _line(source: Source, use: LimitUse) -> LimitLine:
    whose = _("a login") if use.limit.scope == "user" else _("the whole organisation")
    return LimitLine(limit_words(source, use.action, use.limit), whose, use, use.used * 5 >= use.limit.count * 4)


def _waiting(source: Source, one: Backfill) -> WaitingLine:
    pace = ""
    if one.a_minute is not None and one.held_by is not None:
        speed = _("%s a minute") % figure(one.a_minute) if one.a_minute >= 1 else ""
        speed = speed or _("%s an hour") % figure(max(one.a_minute * 60, 1))
        pace = _("%(speed)s, within %(limit)s") % {"speed": speed, "limit": _pace_of(one.held_by)}
    elif one.ends_at is not None:
        pace = _("no limit holds them back")
    what = str(source.limit_names.get(one.name) or words.records(source.vendor, one.name))
    name = _("%(what)s: %(number)s left") % {"what": what[:1].upper() + what[1:], "number": figure(one.number)}
    return WaitingLine(name, pace, one.ends_at)


def _pace_of(limit: Limit) -> str:
    period = PERIODS.get(limit.seconds) or _("in %s s") % limit.seconds
    return _("%(number)s requests %(period)s") % {"number": figure(limit.count), "period": period}
