"""Connections as cards, and the run under way, in words: the list page and the head of a connection's own page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import Connection, ConnectionState, Lease, PendingFetch, RunState, SyncProblem, SyncRun
from portal.registry import registry
from portal.services.age import DataAge, age_of
from portal.views import connection_words as words

LIVE = (RunState.QUEUED, RunState.RUNNING)
UNDECIDED = Q(what=SyncProblem.What.REMOVALS, approved_by=None)


@dataclass(frozen=True, slots=True)
class RunPanel:
    """A run as the page shows it: how it stands, and while it goes, where it is."""

    run: SyncRun
    live: bool
    stalled: bool
    another_waits: bool
    title: str
    tone: str
    counts: Sequence[str]
    summary: str
    position: str
    pace: str
    page: int
    pages: int
    took: str


@dataclass(frozen=True, slots=True)
class Card:
    """A connection as the list shows it; the detail page starts from the same."""

    connection: Connection
    vendor: str
    tone: str
    age: DataAge
    panel: RunPanel | None
    problems: int
    decisions: int
    waiting: Sequence[str]
    not_offered: Sequence[tuple[str, str, str]]
    paused: bool
    has_machine_user: bool


def cards(connections: QuerySet[Connection]) -> list[Card]:
    """A card for each connection, in a number of queries that does not depend on how many there are."""
    rows = list(connections.defer("credentials"))
    runs, leased = _runs(rows), _leased(rows)
    problems, waiting = _open_problems(rows), _waiting(rows)
    made = []
    for row in rows:
        panel = _panel(row, runs[row.pk], row.pk in leased)
        made.append(_card(row, panel, problems.get(row.pk, (0, 0)), waiting[row.pk]))
    return made


def card_of(connection: Connection, panel: RunPanel | None) -> Card:
    """The card of one, whose run has been looked at."""
    problems, waiting = _open_problems([connection]), _waiting([connection])
    return _card(connection, panel, problems.get(connection.pk, (0, 0)), waiting[connection.pk])


def panel_of(connection: Connection) -> RunPanel | None:
    """The run to look at: the one under way, else the one that waits, else the last; None before the first."""
    return _panel(connection, _runs([connection])[connection.pk], connection.pk in _leased([connection]))


def _card(
    row: Connection, panel: RunPanel | None, problems: tuple[int, int], waiting: Sequence[tuple[str, int]]
) -> Card:
    source = registry.sources.get(row.vendor)
    return Card(
        connection=row,
        vendor=words.vendor_label(row.vendor),
        tone=words.CONNECTION_TONES.get(ConnectionState(row.state), ""),
        age=age_of(row),
        panel=panel,
        problems=problems[0],
        decisions=problems[1],
        waiting=words.waiting(row.vendor, waiting),
        not_offered=words.not_offered(row),
        paused=row.state == ConnectionState.PAUSED,
        has_machine_user=source is not None and source.prepare is not None,
    )


def _runs(rows: Sequence[Connection]) -> dict[int, list[SyncRun]]:
    """For each connection the runs that matter now: those under way or waiting, and the last."""
    newest = SyncRun.objects.filter(connection__in=rows).order_by().values("connection").annotate(last=Max("pk"))
    wanted = Q(state__in=LIVE) | Q(pk__in=newest.values("last"))
    found: dict[int, list[SyncRun]] = defaultdict(list)
    for run in SyncRun.objects.filter(wanted, connection__in=rows).select_related("asked_by"):
        found[run.connection_id].append(run)
    return found


def _open_problems(rows: Sequence[Connection]) -> dict[int, tuple[int, int]]:
    """For each connection the number of open problems, and how many of them wait for a decision."""
    found = SyncProblem.objects.filter(connection__in=rows, resolved_at=None).order_by().values_list("connection")
    counted = found.annotate(number=Count("pk"), decisions=Count("pk", filter=UNDECIDED))
    return {key: (number, decisions) for key, number, decisions in counted}


def _waiting(rows: Sequence[Connection]) -> dict[int, list[tuple[str, int]]]:
    """For each connection how much still waits to be asked for singly, by part."""
    waiting: dict[int, list[tuple[str, int]]] = defaultdict(list)
    pending = PendingFetch.objects.filter(connection__in=rows).values_list("connection", "resource")
    for key, resource, number in pending.annotate(number=Count("pk")).order_by("resource"):
        waiting[key].append((resource, number))
    return waiting


def _leased(rows: Sequence[Connection]) -> set[int]:
    leases = Lease.objects.filter(connection__in=rows, until__gt=timezone.now())
    return set(leases.values_list("connection_id", flat=True))


def _panel(connection: Connection, runs: Sequence[SyncRun], leased: bool) -> RunPanel | None:
    if not runs:
        return None
    by_state = {run.state: run for run in reversed(runs)}
    run = by_state.get(RunState.RUNNING) or by_state.get(RunState.QUEUED) or runs[0]
    live = run.state in LIVE
    stalled = run.state == RunState.RUNNING and not leased
    progress: dict[str, Any] = run.progress
    return RunPanel(
        run=run,
        live=live,
        stalled=stalled,
        another_waits=run.state == RunState.RUNNING and RunState.QUEUED in by_state,
        title=_title(connection, run, stalled),
        tone="watch" if stalled else words.RUN_TONES.get(RunState(run.state), ""),
        counts=words.looked_at(run.counts, connection.vendor),
        summary=words.summed_up(run.counts),
        position=words.position(run),
        pace=words.pace(run),
        page=int(progress.get("page") or 0),
        pages=int(progress.get("pages") or 0),
        took=words.took(run),
    )


def _title(connection: Connection, run: SyncRun, stalled: bool) -> str:
    if stalled:
        return _("Its worker stopped; another goes on from here")
    if run.state == RunState.RUNNING and run.progress.get("resource"):
        return _("Reading %s") % words.records(connection.vendor, str(run.progress["resource"]))
    if run.state == RunState.RUNNING:
        return _("Starting")
    return run.get_state_display()
