"""Asking for syncs, running them, and finding the work that a lost message forgot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.lib.errors import VendorError
from portal.models import Connection, ConnectionState, Cursor, Lease, PendingFetch, RunState, SyncRun, User
from portal.registry import registry
from portal.sync import lease as leases
from portal.sync import pending
from portal.sync.gate import Gate
from portal.sync.progress import Listener
from portal.sync.run import Run
from portal.sync.verdict import state_after, tell

STOPPED = (ConnectionState.PAUSED, ConnectionState.CREDENTIALS, ConnectionState.FORBIDDEN, ConnectionState.PLAN)
ENDED_WITHOUT_WORD = "Its worker stopped; the next run goes on from its page."


def ask_for_sync(
    connection: Connection, *, full: bool = False, by: User | None = None, nudge: Callable[[int], object] | None = None
) -> SyncRun:
    """A queued run of the connection (the one that waits already, if any). `nudge` is told its id after the commit."""
    with transaction.atomic():
        run = SyncRun.objects.filter(connection=connection, state=RunState.QUEUED).first()
        if run is None:
            try:
                with transaction.atomic():
                    run = SyncRun.objects.create(connection=connection, full=full, asked_by=by)
            except IntegrityError:
                run = SyncRun.objects.get(connection=connection, state=RunState.QUEUED)
        if (by is not None and run.asked_by_id is None) or (full and not run.full):
            # A person's wish goes into the run that waits already: it then lists everything.
            run.asked_by, run.full = run.asked_by or by, run.full or full
            run.save(update_fields=["asked_by", "full"])
        if nudge:
            found = run.pk
            transaction.on_commit(lambda: nudge(found))
    return run


def run_now(connection: Connection, *, full: bool, wait: float, listener: Listener | None = None) -> SyncRun:
    """Syncs here, without a worker; raises LeaseTaken when a run under way does not end within `wait` seconds."""
    held = leases.acquire(connection, wait=wait)
    try:
        close_forgotten(connection)
        run = SyncRun.objects.create(connection=connection, full=full, state=RunState.RUNNING)
        return Run(run, held, listener).carry_out()
    finally:
        held.release()


def run_queued(run_id: int) -> SyncRun | None:
    """A worker's way: carries out a queued run once; None if it is taken, gone, or its connection is busy."""
    with scopes_disabled():
        run = SyncRun.objects.select_related("connection__organisation").filter(pk=run_id).first()
        if run is None or run.state != RunState.QUEUED or run.connection.state == ConnectionState.PAUSED:
            return None
        try:
            held = leases.acquire(run.connection)
        except leases.LeaseTaken:
            return None
        try:
            if not SyncRun.objects.filter(pk=run.pk, state=RunState.QUEUED).update(state=RunState.RUNNING):
                return None
            close_forgotten(run.connection, but=run.pk)
            return Run(run, held).carry_out(_names(run))
        finally:
            held.release()


def _names(run: SyncRun) -> list[str] | None:
    """What a scheduled run lists: the resources that are due; a person's run lists all."""
    if run.asked_by_id or run.full:
        return None
    later = Cursor.objects.filter(connection=run.connection, next_due_at__gt=timezone.now() + timedelta(seconds=60))
    waiting = set(later.values_list("resource", flat=True))
    return [r.name for r in registry.source(run.connection.vendor).resources if r.name not in waiting]


def close_forgotten(connection: Connection, but: int | None = None) -> None:
    """With the lease in hand: whatever still says it is running has died."""
    dead = SyncRun.objects.filter(connection=connection, state=RunState.RUNNING)
    if but is not None:
        dead = dead.exclude(pk=but)
    dead.update(state=RunState.FAILED, finished_at=timezone.now(), message=ENDED_WITHOUT_WORD)


def due_connections() -> QuerySet[Connection]:
    """Connections with a listing that is due (or was never made) and no run under way or queued."""
    now = timezone.now()
    cursors = Cursor.objects.filter(connection=OuterRef("pk"))
    busy = Lease.objects.filter(connection=OuterRef("pk"), until__gt=now)
    queued = SyncRun.objects.filter(connection=OuterRef("pk"), state=RunState.QUEUED)
    return (
        Connection.objects.exclude(state__in=STOPPED)
        .filter(~Exists(busy), ~Exists(queued))
        .filter(Q(~Exists(cursors)) | Exists(cursors.filter(Q(next_due_at=None) | Q(next_due_at__lte=now))))
    )


def sweep(nudge_run: Callable[[int], object], nudge_fetch: Callable[[int], object]) -> None:
    """Finds what is due and what a lost message forgot, and nudges a worker for each. May run at any time, twice."""
    with scopes_disabled():
        for connection in due_connections():
            ask_for_sync(connection)
        busy = Lease.objects.filter(connection=OuterRef("connection"), until__gt=timezone.now())
        queued = SyncRun.objects.filter(~Exists(busy), state=RunState.QUEUED)
        for run_id in queued.exclude(connection__state=ConnectionState.PAUSED).values_list("pk", flat=True):
            nudge_run(run_id)
        now = timezone.now()
        waiting = PendingFetch.objects.filter(Q(not_before=None) | Q(not_before__lte=now), ~Exists(busy)).exclude(
            connection__state__in=STOPPED
        )
        for connection_id in waiting.values_list("connection", flat=True).distinct():
            nudge_fetch(connection_id)


def fetch_pending(connection_id: int) -> None:
    """A worker's way: fetches what waits, up to a minute's worth; what somebody looks at goes before the rest."""
    with scopes_disabled():
        connection = Connection.objects.select_related("organisation").filter(pk=connection_id).first()
        if connection is None or connection.state in STOPPED:
            return
        try:
            with Gate(connection) as gate:
                pending.drain(gate, most=100)
        except VendorError as error:
            tell(connection, state_after(error), str(error))
