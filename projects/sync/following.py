"""What follows from changed projects and systems beyond their rows: proposals to ask for anew, promises, figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.models import Connection, Rank
from portal.sync.pending import want
from projects.models import Proposal
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
    if around.sold or around.offered:
        want_proposals(connection, around)


def want_proposals(connection: Connection, around: Around) -> None:
    """Asks for the proposals of those that are sold, and anew for every proposal that is held of the others.

    Behind all details: nobody waits for these, and a request of theirs must not stand in the way of a project.
    """
    if PROPOSALS in connection.switched_off:
        return
    keys = {key_for(number): modified for number, modified in around.sold.items()}
    if around.proposed:
        shown = around.sold | around.offered
        held = Proposal.objects.filter(connection=connection, opensolar_id__in=around.proposed)
        for key, number in held.values_list("proposal_key", "opensolar_id"):
            if number in shown:
                keys[key] = shown[number]
    if keys:
        want(connection, PROPOSALS, list(keys.items()), Rank.REST)
