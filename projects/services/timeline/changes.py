"""What the portal noticed to change on a project, its systems and its customers, as entries of its timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import Change, ChangeSource
from projects.access import visible_roles
from projects.models import Contact, Project, ProjectContact
from projects.services.timeline.entries import NOTES, OTHER, PAGE, PEOPLE, SALE, SYNC, SYSTEMS, Entry, Line, Wish
from projects.services.timeline.fields import GONE_OR_BACK, kind_of, may_see, of_kind
from projects.services.timeline.words import Names, around, label_of, number_in, value_of
from projects.services.zones import zone_of

# A moment holds a few dozen fields; a listing that changed thousands at once must not fill the page with them.
MOST_ROWS = 3000
ICONS = {
    SALE: ("tag", "info"),
    SYSTEMS: ("panel", ""),
    PEOPLE: ("team", ""),
    NOTES: ("edit", ""),
    SYNC: ("refresh", ""),
    OTHER: ("edit", ""),
}
LATER = timedelta(minutes=15)


def changes_of(
    access: Access, project: Project, wish: Wish, systems: dict[int, str], links: Iterable[ProjectContact]
) -> list[Entry]:
    """A page's worth of changes and one moment more, grouped by moment: three queries, whatever there is to tell.

    `systems`: the names of the project's systems by number. `links`: those to its contacts.
    """
    contacts, gone = _contacts(links)
    told = may_see(access) & of_kind(wish.kind)
    found = _latest(_about(project, systems, contacts, gone).filter(told, **_limits(wish)))
    if not found:
        return []
    names = Names(project.country_iso2, zone_of(project), _roles(access, project, found), systems, contacts | gone)
    return _entries(found, names)


def changes_of_contact(access: Access, contact: Contact, wish: Wish, zone: tzinfo) -> list[Entry]:
    """The same of one customer: two queries. Of one who is gone there is nothing left to say but that they are."""
    number = contact.opensolar_id
    rows = Change.objects.filter(connection=contact.connection_id, resource="contacts", vendor_id=str(number))
    if contact.removed_at or contact.withheld_at:
        rows = rows.filter(field=GONE_OR_BACK)
    found = _latest(rows.filter(may_see(access), **_limits(wish)))
    return _entries(found, Names("", zone))


def _latest(rows: QuerySet[Change]) -> list[Change]:
    # One moment more than a page tells that there is more.
    moments = list(rows.order_by("-at").values_list("at", flat=True).distinct()[: PAGE + 1])
    if not moments:
        return []
    return list(rows.filter(at__gte=moments[-1]).select_related("actor").order_by("-at", "id")[:MOST_ROWS])


def _about(project: Project, systems: Iterable[int], contacts: Iterable[int], gone: Iterable[int]) -> QuerySet[Change]:
    records = (
        Q(resource="projects", vendor_id=str(project.opensolar_id))
        | Q(resource="systems", vendor_id__in=[str(number) for number in systems])
        | Q(resource="contacts", vendor_id__in=[str(number) for number in contacts])
        # What is left to say of a customer who is gone is that they are.
        | Q(resource="contacts", vendor_id__in=[str(number) for number in gone], field=GONE_OR_BACK)
    )
    return Change.objects.filter(records, connection=project.connection_id)


def _limits(wish: Wish) -> dict[str, Any]:
    limits = {"source": wish.source, "at__lt": wish.before}
    return {name: value for name, value in limits.items() if value}


def _entries(rows: Sequence[Change], names: Names) -> list[Entry]:
    """One entry for each moment and author; several records of one moment stand in one entry."""

    def author(row: Change) -> tuple[datetime, str, int]:
        return row.at, row.source, row.actor_id or 0

    # Within a moment authors stand together, and fields in the order in which they were written.
    ordered = sorted(rows, key=author)
    return [_entry(list(group), names) for _key, group in groupby(ordered, key=author)]


def _entry(rows: Sequence[Change], names: Names) -> Entry:
    first, many = rows[0], len({(row.resource, row.vendor_id) for row in rows}) > 1
    kinds = [kind_of(row.resource, row.field) for row in rows]
    kind = next(kind for kind in (SALE, SYSTEMS, PEOPLE, NOTES, SYNC, OTHER) if kind in kinds)
    icon, tone = ICONS[kind]
    note = ""
    if first.vendor_at and first.at - first.vendor_at >= LATER:
        when = value_of("projects", "modified_date", f'"{first.vendor_at.isoformat()}"', names)
        note = _("Changed there on %(when)s") % {"when": when}
    return Entry(
        moment=first.at,
        kind=kind,
        icon=icon,
        tone=tone,
        at=first.at,
        source=first.source,
        who=who_of(first),
        note=note,
        lines=[_line(row, names, many=many) for row in rows],
    )


def _line(row: Change, names: Names, *, many: bool) -> Line:
    about = ""
    if row.resource == "systems":
        about = names.systems.get(_number(row), "") if many or len(names.systems) > 1 else ""
    elif row.resource == "contacts":
        about = names.contacts.get(_number(row), "")
    if row.field == GONE_OR_BACK:
        return Line(around(row.resource, row.after), about=about, changed=False)
    before, after = (value_of(row.resource, row.field, text, names) for text in (row.before, row.after))
    if before == after:
        # What differs is in a detail that is not told, or beyond what is shown of a long text.
        return Line(_("%(field)s changed") % {"field": label_of(row.resource, row.field)}, about=about, changed=False)
    return Line(label_of(row.resource, row.field), before, after, about)


def who_of(row: Change) -> str:
    """Who or what made a change, in words."""
    if row.source == ChangeSource.VENDOR:
        return _("at OpenSolar")
    actor = str(row.actor) if row.actor else _("somebody who is gone")
    return _("%(name)s, over the API") % {"name": actor} if row.source == ChangeSource.API else actor


def _number(row: Change) -> int:
    return int(row.vendor_id) if row.vendor_id.isdecimal() else 0


def _contacts(links: Iterable[ProjectContact]) -> tuple[dict[int, str], dict[int, str]]:
    """Customers that one may see, and those who are gone, by number."""
    here: dict[int, str] = {}
    gone: dict[int, str] = {}
    for link in links:
        contact = link.contact
        if contact:
            hidden = contact.removed_at or contact.withheld_at
            (gone if hidden else here)[contact.opensolar_id] = "" if hidden else str(contact)
    return here, gone


def _roles(access: Access, project: Project, rows: Iterable[Change]) -> dict[int, str]:
    refs = {number for row in rows if row.field in Project.ROLE_REFS for number in _both(row)}
    roles = visible_roles(access, removed=True).filter(connection=project.connection_id, opensolar_id__in=refs)
    return {role.opensolar_id: str(role) for role in roles if str(role)}


def _both(row: Change) -> list[Any]:
    return [*number_in(row.before), *number_in(row.after)]
