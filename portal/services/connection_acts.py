"""What an administrator does to a connection from its page; the worker carries it out, the page shows how it goes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import Connection, ConnectionState, Rank, RunState, SyncProblem, SyncRun, User, login_columns
from portal.registry import registry
from portal.services.nudges import nudge_fetch, nudge_run
from portal.services.syncing import STOPPED, ask_for_sync
from portal.sync import pending
from portal.sync.source import Part

# The shape of a record fetched by its own id and address.
WHOLE = "detail"


class CannotDo(Exception):
    """Why an act is not possible; the text is a sentence for a person."""


def sync_now(connection: Connection, by: User, *, full: bool = False) -> SyncRun:
    """Asks for a run over everything; raises CannotDo while the connection is paused."""
    if connection.state == ConnectionState.PAUSED:
        raise CannotDo(_("This connection is paused. Resume it, and it syncs at once."))
    return ask_for_sync(connection, full=full, by=by, nudge=nudge_run)


def pause(connection: Connection, by: User) -> None:
    """No run starts until somebody resumes; what waits to start is taken back. May run twice."""
    rows = Connection.objects.filter(pk=connection.pk).exclude(state=ConnectionState.PAUSED)
    with transaction.atomic():
        SyncRun.objects.filter(connection=connection, state=RunState.QUEUED).delete()
        rows.update(
            state=ConnectionState.PAUSED,
            message=_("Paused by %(person)s.") % {"person": by},
            state_since=timezone.now(),
        )


def resume(connection: Connection, by: User) -> None:
    """Back to work: the sync that is asked for at once says how the vendor answers. May run twice."""
    state = ConnectionState.WELL if connection.last_success_at else ConnectionState.NEW
    rows = Connection.objects.filter(pk=connection.pk, state=ConnectionState.PAUSED)
    with transaction.atomic():
        if rows.update(state=state, message="", state_since=timezone.now()):
            connection.state = state
            sync_now(connection, by)


def credentials_from(vendor: str, *, token: str = "", username: str = "", password: str = "") -> dict[str, Any]:
    """What the vendor's source makes of a new login; raises CannotDo when something is missing or too much."""
    if token and (username or password):
        raise CannotDo(_("Enter either a token or an e-mail address with its password, not both."))
    try:
        return registry.source(vendor).setup.from_environment(as_environment(vendor, token, username, password))
    except (KeyError, ValueError) as error:
        raise CannotDo(_("Enter a token, or an e-mail address with its password.")) from error


def as_environment(vendor: str, token: str, username: str, password: str) -> dict[str, str]:
    """A login under the names by which commands get it from the environment."""
    prefix = vendor.upper()
    given = {f"{prefix}_TOKEN": token, f"{prefix}_USERNAME": username, f"{prefix}_PASSWORD": password}
    return {name: text for name, text in given.items() if text}


def replace_credentials(connection: Connection, credentials: dict[str, Any], by: User) -> None:
    """Stores a new login, encrypted, and asks for the sync that tries it; while paused it is tried on resuming."""
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk).update(**login_columns(credentials), token_claimed_until=None)
        if connection.state != ConnectionState.PAUSED:
            sync_now(connection, by)


def set_machine_user(connection: Connection, wanted: bool | None, by: User) -> None:
    """Notes whether the login is to be a machine user (None: as it is); the next sync tells the vendor."""
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk).update(machine_user=wanted)
        if wanted is not None and connection.state != ConnectionState.PAUSED:
            sync_now(connection, by)


def switch_on(connection: Connection, part: str, by: User) -> None:
    """Tries an optional call again that the vendor had refused: everything is read again, and asks for it anew."""
    with transaction.atomic():
        row = Connection.objects.select_for_update().defer("credentials").get(pk=connection.pk)
        left = {name: why for name, why in row.switched_off.items() if name != part}
        Connection.objects.filter(pk=connection.pk).update(switched_off=left)
        sync_now(connection, by, full=True)


def retry(problem: SyncProblem, by: User) -> None:
    """Asks for one record again, ahead of everything else, where the vendor gives it singly; else for a sync."""
    connection = problem.connection
    if connection.state == ConnectionState.PAUSED:
        raise CannotDo(_("This connection is paused. Resume it, and it syncs at once."))
    part = _part_for(problem)
    if part is None or connection.state in STOPPED:
        sync_now(connection, by)
        return
    with transaction.atomic():
        pending.want(connection, part.name, [(problem.vendor_id, None)], Rank.SOMEBODY_LOOKS)
        transaction.on_commit(lambda: nudge_fetch(connection.pk))


def allow_removal(problem: SyncProblem, by: User) -> None:
    """Says yes to many removals at once: the sync that is asked for looks each of them up and hides those gone."""
    with transaction.atomic():
        SyncProblem.objects.filter(pk=problem.pk, resolved_at=None).update(approved_by=by)
        sync_now(problem.connection, by)


def dismiss(problem: SyncProblem) -> None:
    """Puts a problem aside; if it is still there at the next sync it comes back. May run twice."""
    SyncProblem.objects.filter(pk=problem.pk, resolved_at=None).update(resolved_at=timezone.now())


def _part_for(problem: SyncProblem) -> Part | None:
    """How the record is fetched singly: by the part that failed, or the one that brings such records whole."""
    source = registry.sources.get(problem.connection.vendor)
    if source is None or not problem.vendor_id.isdecimal():
        return None
    for part in source.parts:
        if part.name == problem.resource or (part.resource == problem.resource and part.shape == WHOLE):
            return part
    return None
