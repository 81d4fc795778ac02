"""What follows from changed projects and systems beyond their rows: proposals to ask for anew, promises, figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from portal.models import Connection, PendingFetch, Rank
from portal.sync.pending import want
from projects.models import Project, Proposal
from projects.sync.around import Around
from projects.sync.promises import freeze
from projects.sync.proposals import PROPOSALS, key_for
from projects.sync.settling import settle


def follow(connection: Connection, around: Around, told: Mapping[int, Any] | None = None) -> None:
    """Of projects (or systems of them) something is new or changed; `told` as in `freeze`. May run twice."""
    if around.unpromised:
        freeze(connection, around.unpromised, told or {})
    if around.proposed:
        settle(connection, around.proposed)
    if around.shown:
        want_proposals(connection, around.shown)


def want_proposals(connection: Connection, numbers: Iterable[int]) -> None:
    """Asks for the proposals of those that are sold, and anew for every proposal that is held of the others.

    Behind all details: nobody waits for these, and a request of theirs must not stand in the way of a project.
    """
    if PROPOSALS in connection.switched_off:
        return
    mine = {"connection": connection, "opensolar_id__in": list(numbers)}
    shown = Project.objects.filter(**mine, removed_at=None, withheld_at=None)
    standing = {number: at_and_sold for number, *at_and_sold in shown.values_list(*COLUMNS)}
    keys: dict[str, datetime | None] = {key_for(n): at for n, (at, is_sold) in standing.items() if is_sold}
    for key, number in Proposal.objects.filter(**mine).values_list("proposal_key", "opensolar_id"):
        if number in standing:
            keys[key] = standing[number][0]
    # Systems come right after their projects, and ask for what these have asked for already.
    waiting = PendingFetch.objects.filter(connection=connection, resource=PROPOSALS, not_before=None)
    for key in waiting.filter(vendor_id__in=list(keys)).values_list("vendor_id", flat=True):
        del keys[key]
    if keys:
        want(connection, PROPOSALS, list(keys.items()), Rank.REST)


COLUMNS = ("opensolar_id", "modified_date", "is_sold")
