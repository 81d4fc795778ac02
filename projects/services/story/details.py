"""Asks OpenSolar for what a system is made of when somebody opens its project, and says how that stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import Connection, ConnectionState, PendingFetch, Rank
from portal.services.nudges import nudge_fetch
from portal.sync.pending import want
from projects.models import Project, System

PART = "system_details"
SOON = timedelta(seconds=90)
NOT_ASKED = (ConnectionState.PAUSED, ConnectionState.CREDENTIALS, ConnectionState.FORBIDDEN, ConnectionState.PLAN)


@dataclass(frozen=True, slots=True)
class Details:
    """How a project's system details stand: `words` for the page (empty when all is there), `soon` if worth waiting."""

    words: str = ""
    soon: bool = False


def ask_for_details(project: Project, systems: Sequence[System]) -> Details:
    """Notes that somebody looks at the project and wakes a worker after the commit. May run at every opening."""
    missing = _missing(project, systems)
    if missing is None:
        with transaction.atomic():
            want(project.connection, PART, [(str(project.opensolar_id), None)], Rank.SOMEBODY_LOOKS)
            transaction.on_commit(partial(nudge_fetch, project.connection_id))
        return Details(_on_their_way(), soon=True)
    return missing


def how_details_stand(project: Project, systems: Sequence[System]) -> Details:
    """The same without asking again, for a page that waits."""
    return _missing(project, systems) or _waiting(project)


def _missing(project: Project, systems: Sequence[System]) -> Details | None:
    """Why nothing is asked for; None where details are missing and OpenSolar can be asked."""
    if all(system.details_at for system in systems) or project.removed_at or project.withheld_at:
        return Details()
    connection: Connection = project.connection
    if PART in connection.switched_off:
        return Details(_("Panel groups, adders and incentives are not part of this OpenSolar account's plan."))
    if connection.state in NOT_ASKED:
        state = ConnectionState(connection.state).label
        return Details(_("Some details are missing and cannot be asked for: %(state)s.") % {"state": state})
    return None


def _waiting(project: Project) -> Details:
    row = PendingFetch.objects.filter(
        connection=project.connection_id, resource=PART, vendor_id=str(project.opensolar_id)
    ).first()
    if row is None:
        return Details(_("OpenSolar had no details of these systems yet."))
    if row.not_before and row.not_before > timezone.now() + SOON:
        return Details(_("OpenSolar did not give these systems' details yet; it is asked again by itself."))
    return Details(_on_their_way(), soon=True)


def _on_their_way() -> str:
    return _("Details of these systems are on their way from OpenSolar.")
