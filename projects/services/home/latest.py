"""What a person may want to open next: projects that changed, with what changed of them; stalled ones; coming ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import orjson
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import Change
from portal.templatetags.times import short_date
from projects.models import Project, Role
from projects.services.home.pipeline import SINCE, since
from projects.services.lists.criteria import PEOPLE, YES, Criteria
from projects.services.lists.listing import cut
from projects.services.lists.rows import Row, rows_of
from projects.services.lists.sorts import SORTS
from projects.services.names import role_name
from projects.services.stages import stage_label

NEXT, FEWER = 8, 5
MOST_CHANGES, MOST_SAID = 500, 3
APPEARED = ("new", "back")
# What a line can say in full; of other fields it only says that they changed.
TOLD = ("stage", "is_sold", "sold_date", "contract_date", "installation_date", *PEOPLE.values())
UNSAID = ("modified_date", "system_sold_ref", "created_date", "lat", "lon", "search_text")
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A line of a list, and what changed, in a few words."""

    row: Row
    changes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a home page; each holds its first few."""

    changed: Sequence[ChangedRow] = ()
    stalled: Sequence[Row] = ()
    coming: Sequence[Row] = ()
    latest: Sequence[Row] = ()


@dataclass(slots=True)
class _Cuts:
    """Projects of several lists, turned into rows together: their systems are asked for once."""

    access: Access
    projects: dict[str, list[Project]] = field(default_factory=dict)

    def take(self, name: str, criteria: Criteria, size: int) -> None:
        """The first few that fit."""
        self.projects[name] = cut(self.access, criteria, size)[0]

    def rows(self) -> dict[str, list[Row]]:
        """The lines of each list."""
        rows = iter(rows_of(self.access, [p for projects in self.projects.values() for p in projects]))
        return {name: [next(rows) for _project in projects] for name, projects in self.projects.items()}


def lists_of_seller(access: Access, whose: Role | None) -> Lists:
    """What changed since yesterday, filled up with what changed last before, and what stalled longest."""
    cuts = _Cuts(access)
    cuts.take("stalled", Criteria(person=whose, stalled=YES, sort=SORTS["activity"]), FEWER)
    cuts.take("changed", Criteria(person=whose, changed=SINCE), NEXT)
    cuts.take("latest", Criteria(), NEXT)
    rows = cuts.rows()
    shown = {row.project.pk for row in rows["changed"]}
    latest = [row for row in rows["latest"] if row.project.pk not in shown][: NEXT - len(shown)]
    return Lists(changed=with_changes(rows["changed"]), stalled=rows["stalled"], latest=latest)


def lists_of_named(access: Access) -> Lists:
    """Of inspectors and installers: what is built next, by date, then where something happened last."""
    cuts = _Cuts(access)
    today = timezone.localdate()
    cuts.take("coming", Criteria(installation_from=today, sort=SORTS["installation"]), NEXT)
    cuts.take("latest", Criteria(), NEXT)
    rows = cuts.rows()
    return Lists(coming=rows["coming"], latest=rows["latest"])


def with_changes(rows: Sequence[Row]) -> list[ChangedRow]:
    """What the history says of these projects since yesterday, newest first; two queries."""
    numbers = {str(row.project.opensolar_id) for row in rows}
    found = Change.objects.filter(
        connection__in={row.project.connection_id for row in rows},
        resource="projects",
        vendor_id__in=numbers,
        at__gte=timezone.now() - since(),
    )
    history: dict[Key, dict[str, Change]] = {}
    for change in found.order_by("-at", "-pk")[:MOST_CHANGES]:
        key = change.connection_id, int(change.vendor_id)
        history.setdefault(key, {}).setdefault(change.field, change)
    team = _team(change for fields in history.values() for change in fields.values())
    return [ChangedRow(row, _said(history.get(_key(row), {}), team)) for row in rows]


def _said(fields: dict[str, Change], team: dict[Key, Role]) -> list[str]:
    if fields.get("") and _value(fields[""].after) in APPEARED:
        return [_("New") if _value(fields[""].after) == "new" else _("Back again")]
    # A stage says that a project was sold, too.
    told = [_in_words(fields[n], team) for n in TOLD if n in fields and not (n == "is_sold" and "stage" in fields)]
    rest = [_label(name) for name in fields if name and name not in (*TOLD, *UNSAID)]
    words = told + ([_("Changed: %(fields)s") % {"fields": ", ".join(rest[:MOST_SAID])}] if rest else [])
    return words[:MOST_SAID]


def _in_words(change: Change, team: dict[Key, Role]) -> str:
    value = _value(change.after)
    if change.field == "is_sold":
        return _("Sold") if value else _("No longer sold")
    if change.field == "stage":
        now = stage_label(value if isinstance(value, int) else None)
        before = _value(change.before)
        return f"{stage_label(before)} → {now}" if isinstance(before, int) else now
    if change.field.endswith("_ref"):
        number = value if isinstance(value, int) else None
        shown = role_name(team.get((change.connection_id, number or 0)), number) or _("nobody")
    else:
        day: date | None = parse_date(value[:10]) if isinstance(value, str) else None
        shown = short_date(day, timezone.localdate()) if day else _("none")
    return f"{_label(change.field)}: {shown}"


def _team(changes: Iterable[Change]) -> dict[Key, Role]:
    numbers = {_value(change.after) for change in changes if change.field in PEOPLE.values()}
    roles = Role.objects.filter(opensolar_id__in=[number for number in numbers if isinstance(number, int)])
    return {(role.connection_id, role.opensolar_id): role for role in roles}


def _label(name: str) -> str:
    try:
        words = str(Project._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except (FieldDoesNotExist, AttributeError):
        words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _value(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _key(row: Row) -> Key:
    return row.project.connection_id, row.project.opensolar_id
