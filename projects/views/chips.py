"""The filters that are on, each a chip in words that takes it off again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.templatetags.numbers import figure, kw
from portal.templatetags.times import short_date
from projects.services.lists.criteria import AMOUNTS, DATES, OPEN, PERSON_LABELS, SIZE, STALLED_DAYS, YES, Criteria
from projects.services.stages import stage_label, stage_of


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and the list without it."""

    label: str
    value: str
    url: str


def chips_of(criteria: Criteria) -> list[Chip]:
    """What narrows the list, in the order of the filters."""
    return [Chip(label, value, criteria.query(**off)) for label, value, off in _on(criteria)]


def _on(criteria: Criteria) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if criteria.q:
        yield _("Search"), criteria.q, {"q": ""}
    if criteria.stage:
        yield _("Stage"), _("Open") if criteria.stage == OPEN else stage_label(stage_of(criteria.stage)), {"stage": ""}
    if criteria.sold:
        yield _("Sold"), _("Yes") if criteria.sold == YES else _("No"), {"sold": ""}
    for name, label in PERSON_LABELS.items():
        if role := getattr(criteria, name):
            yield str(label).capitalize(), str(role), {name: None}
    if criteria.changed:
        yield _("Changed"), _days(int(criteria.changed)), {"changed": ""}
    if criteria.stalled:
        yield _("Stalled"), _("no activity for %(days)s days") % {"days": STALLED_DAYS}, {"stalled": ""}
    if criteria.lead:
        yield _("Lead source"), criteria.lead, {"lead": ""}
    if criteria.priority:
        yield _("Priority"), criteria.priority, {"priority": ""}
    for name, label in (*DATES.items(), *AMOUNTS.items()):
        start, end = getattr(criteria, f"{name}_from"), getattr(criteria, f"{name}_to")
        if start is not None or end is not None:
            yield str(label), _range(name, start, end), {f"{name}_from": None, f"{name}_to": None}
    if criteria.ids:
        picked = ngettext("%(count)s project", "%(count)s projects", len(criteria.ids)) % {"count": len(criteria.ids)}
        yield _("Picked"), picked, {"ids": ()}


def _days(days: int) -> str:
    return ngettext("in the last day", "in the last %(days)s days", days) % {"days": days}


def _range(name: str, start: Any, end: Any) -> str:
    ends = {"from": _end(name, start), "to": _end(name, end)}
    if end is None:
        return _("from %(from)s") % ends
    if start is None:
        return _("up to %(to)s") % ends
    return ends["from"] if start == end else _("%(from)s to %(to)s") % ends


def _end(name: str, value: date | Decimal | None) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return short_date(value, timezone.localdate())
    places = min(3, max(0, -int(value.normalize().as_tuple().exponent)))
    return kw(value, places) if name == SIZE else figure(value, places)
