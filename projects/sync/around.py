"""What stands around changed projects: one question a page, and seldom an answer that makes anything follow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from portal.models import Connection
from portal.sync.message import Step, send
from portal.sync.statements import converted
from projects.models import Project

# Written out, because they run for most pages of every sync.
_LINKS = (
    "SELECT id, project_ref, contact_ref, position FROM projects_projectcontact"
    " WHERE connection_id = %s AND project_ref"
)
_STANDING = (
    "SELECT opensolar_id, is_sold, modified_date, removed_at IS NULL AND withheld_at IS NULL,"
    " EXISTS (SELECT 1 FROM projects_soldpromise held"
    " WHERE held.connection_id = project.connection_id AND held.project_ref = project.opensolar_id),"
    " EXISTS (SELECT 1 FROM projects_proposal held"
    " WHERE held.connection_id = project.connection_id AND held.opensolar_id = project.opensolar_id),"
    " system_sold_ref IS NOT NULL OR EXISTS (SELECT 1 FROM projects_system held"
    " WHERE held.connection_id = project.connection_id AND held.project_ref = project.opensolar_id)"
    " FROM projects_project project WHERE connection_id = %s AND opensolar_id"
)


Modified = dict[int, datetime | None]


@dataclass(slots=True)
class Around:
    """Numbers of projects that are sold, have a system and no promise noted (`unpromised`), that hold a proposal
    (`proposed`); of those that are not removed and sold (`sold`), or not sold and hold one (`offered`), also when they
    were modified; `links`: primary key and position by project and contact.
    """

    unpromised: list[int] = field(default_factory=list)
    proposed: list[int] = field(default_factory=list)
    sold: Modified = field(default_factory=dict)
    offered: Modified = field(default_factory=dict)
    links: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def look_around(connection: Connection, numbers: Collection[int], linked: Collection[int] = ()) -> Around:
    """Of these projects; links only of those that are `linked`. One message."""
    around, modified_date = Around(), Project._meta.get_field("modified_date")
    steps = [_of(_STANDING, connection, numbers)] if numbers else []
    if linked:
        steps.append(_of(_LINKS, connection, linked))
    answers = send(*steps)
    if linked:
        around.links = {(project, contact): (pk, position) for pk, project, contact, position in answers[-1]}
    for number, is_sold, modified, is_shown, is_promised, is_proposed, has_system in answers[0] if numbers else ():
        if is_sold and has_system and not is_promised:
            around.unpromised.append(number)
        if is_proposed:
            around.proposed.append(number)
        if is_shown and (is_sold or is_proposed):
            (around.sold if is_sold else around.offered)[number] = converted(modified_date, modified)
    return around


def _of(sql: str, connection: Connection, numbers: Collection[int]) -> Step:
    return f"{sql} IN ({', '.join(str(int(number)) for number in numbers)})", [connection.pk]
