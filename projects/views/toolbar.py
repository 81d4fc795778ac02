"""What stands above the project list: ready-made views, filters, orders, each an address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.access import Access
from projects.models import Milestone, Role
from projects.services.lists.criteria import AMOUNTS, DATES, OPEN, PERSON_LABELS, PRICE, STALLED_DAYS, YES, Criteria
from projects.services.lists.sorts import ALL
from projects.services.stages import NONE, stage_label, stage_of

# Above the list; the others are behind "More".
PEOPLE_IN_BAR = ("owner", "salesperson")
PEOPLE_BEHIND = ("person", "designer", "inspector", "installer")


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: its name in the address, what a screen reader calls it, its values."""

    name: str
    label: str
    options: Sequence[Option]

    @property
    def is_on(self) -> bool:
        """Whether it narrows the list."""
        return any(option.chosen and option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class Range:
    """A filter from–to; `kind` is that of the input, `unit` stands behind its label."""

    name: str
    label: str
    kind: str
    unit: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A view that many ask for."""

    label: str
    url: str
    current: bool


def choices_of(criteria: Criteria, team: Sequence[Role]) -> list[Choice]:
    """The filters in the order of the bar; the last is the order itself, for phones."""
    stages = [*(str(value) for value in Milestone.values), NONE]
    if criteria.stage not in ("", OPEN, *stages):
        stages.append(criteria.stage)
    labelled = [(OPEN, _("Open")), *((value, stage_label(stage_of(value))) for value in stages)]
    sold = [(YES, _("Sold")), ("no", _("Not sold"))]
    changed = [("1", _("Since yesterday")), ("7", _("In the last 7 days")), ("30", _("In the last 30 days"))]
    return [
        _choice("stage", _("Stage"), criteria.stage, labelled),
        _choice("sold", _("Sold"), criteria.sold, sold),
        *(_of_people(name, criteria, team) for name in PEOPLE_IN_BAR),
        _choice("changed", _("Changed"), criteria.changed, changed),
        Choice("sort", _("Order"), [Option(s.token, str(s.label), s == criteria.sort) for s in ALL]),
    ]


def choices_behind(criteria: Criteria, team: Sequence[Role]) -> list[Choice]:
    """The filters behind "More" that are choices."""
    stalled = [(YES, _("No activity for %(days)s days") % {"days": STALLED_DAYS})]
    return [
        *(_of_people(name, criteria, team) for name in PEOPLE_BEHIND),
        _choice("stalled", _("Stalled"), criteria.stalled, stalled),
    ]


def ranges_of(criteria: Criteria, access: Access) -> list[Range]:
    """The filters behind "More" that go from–to; prices for those who see them."""
    units = {"kw": "kW", PRICE: _("incl. tax")}
    named = [*((name, label, "date") for name, label in DATES.items())]
    named += [(name, label, "number") for name, label in AMOUNTS.items() if name != PRICE or access.sees_prices]
    return [
        Range(name, str(label), kind, units.get(name, ""), *(_end(criteria, name, end) for end in ("from", "to")))
        for name, label, kind in named
    ]


def presets_of(criteria: Criteria, access: Access, team: Iterable[Role]) -> list[Preset]:
    """Ready-made views of those who see the whole pipeline; the others have one list, their own."""
    if not access.sees_all_projects:
        return []
    mine = next((role for role in team if role.membership_id == access.membership.pk), None)
    views: list[tuple[str, dict[str, Any]]] = [
        (_("All"), {}),
        *([(_("Mine"), {"owner": mine})] if mine else []),
        (_("Open"), {"stage": OPEN}),
        (_("Stalled"), {"stalled": YES}),
        (_("Sold"), {"stage": str(Milestone.SOLD.value)}),
        (_("Installed"), {"stage": str(Milestone.INSTALLED.value)}),
    ]
    here = criteria.query()
    urls = [(label, _preset(criteria, filters).query()) for label, filters in views]
    return [Preset(label, url, url == here) for label, url in urls]


def _preset(criteria: Criteria, filters: dict[str, Any]) -> Criteria:
    """A ready-made view in the order and with the columns that the list has now."""
    return Criteria(**filters, sort=criteria.sort, columns=criteria.columns)


def _of_people(name: str, criteria: Criteria, team: Sequence[Role]) -> Choice:
    chosen: Role | None = getattr(criteria, name)
    label = _("Person in any role") if name == "person" else str(PERSON_LABELS[name]).capitalize()
    return _choice(name, label, _pk(chosen), _members(team, chosen))


def _choice(name: str, label: str, value: str, values: Iterable[tuple[str, str]]) -> Choice:
    anything = Option("", _("%(filter)s: any") % {"filter": label}, not value)
    return Choice(name, label, [anything, *(Option(v, words, v == value) for v, words in values)])


def _members(team: Iterable[Role], chosen: Role | None) -> list[tuple[str, str]]:
    return [(_pk(role), str(role)) for role in team if not role.is_hidden or role == chosen]


def _pk(role: Role | None) -> str:
    return str(role.pk) if role else ""


def _end(criteria: Criteria, name: str, end: str) -> str:
    value = getattr(criteria, f"{name}_{end}")
    return "" if value is None else value.isoformat() if name in DATES else f"{value.normalize():f}"
