"""What happened to my projects: one became mine, moved to another stage, was sold. Told as the history is written.

"Mine" is a project that I am assigned to or its salesperson; of being named on one, designer, site inspector and
installer are told, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import orjson
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.models import Change, Connection, Membership, Topic
from portal.services.notices import tell
from projects.models import Project, Role
from projects.services.lists.criteria import PEOPLE
from projects.services.names import customer_of, place_of, with_customer
from projects.services.people import ROLES
from projects.services.stages import stage_label

RESOURCE = "projects"
OWNERS = ("assigned_role_ref", "assigned_salesperson_role_ref")
NAMED = tuple(PEOPLE.values())
TOLD = (*NAMED, "stage", "is_sold")
NEW = "new"
Team = dict[int, Membership]


@dataclass(slots=True)
class News:
    """What changed of one project, by field; `is_new` where it was not here before."""

    changes: dict[str, Change] = field(default_factory=dict)
    last: Change | None = None
    is_new: bool = False

    def add(self, change: Change) -> None:
        """Takes in one line of its history."""
        self.last = change
        self.is_new = self.is_new or (not change.field and _value(change.after) == NEW)
        if change.field:
            self.changes[change.field] = change


def concerns(change: Change) -> bool:
    """Whether it may be news for somebody; most changes are none."""
    if change.resource != RESOURCE or (change.field and change.field not in TOLD):
        return False
    return len(change.vendor_id) < 19 and change.vendor_id.isdecimal()


def tell_of(connection: Connection, changes: Sequence[Change]) -> None:
    """Tells people of changes that concern them, in the transaction that wrote these; their own doing is no news."""
    news: dict[int, News] = {}
    for change in changes:
        news.setdefault(int(change.vendor_id), News()).add(change)
    projects = list(_projects(connection, news))
    team = _team(connection, {number for project in projects for number in _named(project, NAMED)})
    for project in projects:
        _tell(project, news[project.opensolar_id], team)


def _tell(project: Project, news: News, team: Team) -> None:
    mine = _named(project, OWNERS)
    fresh = _named(project, NAMED if news.is_new else tuple(name for name in NAMED if name in news.changes))
    for number in fresh:
        title = _("Yours now: %(project)s") % {"project": customer_of(project)}
        text = " · ".join(part for part in (_as_what(project, number), place_of(project)) if part)
        _send(Topic.ASSIGNED, project, news, title=title, text=text, to=_people([number], team, news))
    if news.is_new:
        return
    told = [number for number in mine if number not in fresh]
    sold, stage = news.changes.get("is_sold"), news.changes.get("stage")
    if sold and _value(sold.after) is True:
        title = _("Sold: %(project)s") % {"project": customer_of(project)}
        _send(Topic.SOLD, project, news, title=title, text=place_of(project), to=_people(told, team, news))
    elif stage:
        words = {"project": customer_of(project), "stage": stage_label(project.stage)}
        title = _("%(project)s is at “%(stage)s” now") % words
        _send(Topic.STAGE, project, news, title=title, text=_before(stage), to=_people(told, team, news))


def _send(topic: Topic, project: Project, news: News, *, title: str, text: str, to: Sequence[Membership]) -> None:
    if to and news.last is not None:
        key = f"{topic}:{project.pk}:{news.last.at.isoformat()}"
        organisation = project.connection.organisation
        tell(organisation, topic, key, title, text, reverse("project", args=[project.pk]), to=to)


def _projects(connection: Connection, numbers: Iterable[int]) -> Iterable[Project]:
    present = {"removed_at": None, "withheld_at": None}
    found = Project.objects.filter(connection=connection, opensolar_id__in=list(numbers), **present)
    return with_customer(found).select_related("connection__organisation").defer("connection__credentials")


def _team(connection: Connection, numbers: Iterable[int]) -> Team:
    """Who signs in as these roles."""
    roles = Role.objects.filter(connection=connection, opensolar_id__in=list(numbers), membership__ended_at=None)
    return {role.opensolar_id: role.membership for role in roles.select_related("membership") if role.membership}


def _named(project: Project, columns: Iterable[str]) -> list[int]:
    numbers = [getattr(project, column) for column in columns]
    return list(dict.fromkeys(number for number in numbers if number is not None))


def _people(numbers: Iterable[int], team: Team, news: News) -> list[Membership]:
    actor = news.last.actor_id if news.last else None
    people = [team[number] for number in numbers if number in team]
    return [person for person in people if actor is None or person.user_id != actor]


def _as_what(project: Project, number: int) -> str:
    labels = [str(label) for name, label in ROLES.items() if getattr(project, f"{name}_ref") == number]
    return ", ".join(labels)


def _before(stage: Change) -> str:
    number = _value(stage.before)
    return _("Before: %(stage)s") % {"stage": stage_label(number)} if isinstance(number, int) else ""


def _value(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
