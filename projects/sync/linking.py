"""What follows from arrived records, in the transaction that wrote them: links, and what to ask for next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from portal.models import Connection, Rank
from portal.sync.pending import want
from portal.sync.rows import insert
from portal.sync.source import Arrival
from projects.models import Milestone, Project, ProjectContact
from projects.sync import embedded
from projects.sync.around import look_around
from projects.sync.following import follow

PROJECT_DETAILS, SYSTEM_DETAILS = "project_details", "system_details"
OPEN_STAGES = (Milestone.PRESALE, Milestone.LOCK_PRICING)
SOLD_STAGES = (Milestone.SOLD, Milestone.INSTALLED)
LINK_COLUMNS = ("organisation_id", "connection_id", "project_ref", "contact_ref", "position")


def after_projects(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """Links contacts in their order, takes in events and files, and asks for the details of rows that came short."""
    linked = [arrival for arrival in arrivals if arrival.parsed.links is not None]
    told = {int(arrival.key): arrival.record.get("systems") for arrival in arrivals}
    around = look_around(connection, told, [int(arrival.key) for arrival in linked if not arrival.is_new])
    link_contacts(connection, linked, around.links)
    follow(connection, around, told)
    embedded.take_in(connection, arrivals)
    short = [arrival for arrival in arrivals if arrival.shape == "list"]
    if short and PROJECT_DETAILS not in connection.switched_off:
        known = _standing(connection, [int(arrival.key) for arrival in short])
        _want_ranked(connection, PROJECT_DETAILS, [(int(a.key), known.get(int(a.key))) for a in short])


def after_systems(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """Asks for the details of every project of which a system is new or changed."""
    changed = {a.parsed.columns.get("project_ref") for a in arrivals if a.shape == "list"}
    numbers = sorted(number for number in changed if number is not None)
    follow(connection, look_around(connection, numbers))
    if numbers and SYSTEM_DETAILS not in connection.switched_off:
        known = _standing(connection, numbers)
        _want_ranked(connection, SYSTEM_DETAILS, [(number, known.get(number)) for number in numbers])


def link_contacts(
    connection: Connection, arrivals: Sequence[Arrival], ours: Mapping[tuple[int, int], tuple[int, int]]
) -> None:
    """Makes the links of these projects what their rows say; writes only what differs from `ours`."""
    wanted = {
        (int(arrival.key), ref): position
        for arrival in arrivals
        for position, ref in enumerate(dict.fromkeys(arrival.parsed.links))
    }
    gone = [pk for link, (pk, _position) in ours.items() if link not in wanted]
    if gone:
        ProjectContact.objects.filter(pk__in=gone).delete()
    moved = [
        ProjectContact(pk=ours[link][0], position=position)
        for link, position in wanted.items()
        if link in ours and ours[link][1] != position
    ]
    if moved:
        ProjectContact.objects.bulk_update(moved, ["position"])
    organisation = connection.organisation_id
    rows = [
        (organisation, connection.pk, project, contact, position)
        for (project, contact), position in wanted.items()
        if (project, contact) not in ours
    ]
    if rows:
        insert(ProjectContact, LINK_COLUMNS, rows)


Standing = tuple[bool, int | None, datetime | None]


def _standing(connection: Connection, numbers: Iterable[int]) -> dict[int, Standing]:
    rows = Project.objects.filter(connection=connection, opensolar_id__in=list(numbers))
    return {row[0]: row[1:] for row in rows.values_list("opensolar_id", "is_sold", "stage", "modified_date")}


def _want_ranked(connection: Connection, part: str, projects: Iterable[tuple[int, Standing | None]]) -> None:
    """Sold first, then open, then the rest; the newest of each first."""
    ranked: dict[Rank, list[tuple[str, datetime | None]]] = defaultdict(list)
    for number, standing in projects:
        sold, stage, modified = standing or (False, None, None)
        # A short row says no more of a sale than its stage.
        sold = sold or stage in SOLD_STAGES
        rank = Rank.SOLD if sold else Rank.OPEN if stage in OPEN_STAGES else Rank.REST
        ranked[rank].append((str(number), modified))
    for rank, ids in ranked.items():
        want(connection, part, ids, rank)
