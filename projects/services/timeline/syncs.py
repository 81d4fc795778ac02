"""What happened to a project while it was synced, as entries of its timeline.

Records that could not be read stand in the whole story. Complete syncs look at every project of an account, many times
a day: they stand there only for who asks for syncs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import ChangeSource, RunState, SyncProblem, SyncRun
from projects.models import Project
from projects.services.timeline.entries import PAGE, SYNC, Entry, Wish

# What a project is read in; the last two by the project's own number.
OF_PROJECT = ("projects", "project_details", "system_details")
READING = (SyncProblem.What.RECORD, SyncProblem.What.FETCH)
MOST = 200
ENDED = {RunState.SUCCESS: ("check", "well"), RunState.PARTIAL: ("alert", "watch"), RunState.FAILED: ("alert", "act")}


def syncs_of(access: Access, project: Project, wish: Wish, systems: Iterable[int]) -> list[Entry]:
    """Troubles in reading this project and its systems and, where syncs are asked for, the account's: two queries.

    `systems` are the numbers of all systems of the project that there ever were.
    """
    if wish.kind not in ("", SYNC):
        return []
    entries = [entry for problem in _problems(project, systems) for entry in _of_problem(access, problem)]
    return [*entries, *(_of_run(access, run) for run in _runs(project, wish))] if wish.kind == SYNC else entries


def _problems(project: Project, systems: Iterable[int]) -> Iterator[SyncProblem]:
    numbers = [str(number) for number in systems]
    about = Q(resource__in=OF_PROJECT, vendor_id=str(project.opensolar_id))
    found = SyncProblem.objects.filter(
        about | Q(resource="systems", vendor_id__in=numbers), connection=project.connection_id, what__in=READING
    )
    yield from found.defer("payload").order_by("-pk")[:MOST]


def _of_problem(access: Access, problem: SyncProblem) -> Iterator[Entry]:
    """When it came up and, if it is over, when that was. Reasons can hold a vendor's words: administrators' matter."""
    unread = problem.what == SyncProblem.What.FETCH
    title = _("Could not be read from OpenSolar") if unread else _("A change at OpenSolar could not be taken in")
    note = problem.reason if access.is_administrator else ""
    yield Entry(problem.created_at, SYNC, "alert", "watch", title, at=problem.created_at, note=note)
    if problem.resolved_at:
        title = _("Reading it from OpenSolar works again")
        yield Entry(problem.resolved_at, SYNC, "check", "well", title, at=problem.resolved_at)


def _runs(project: Project, wish: Wish) -> Iterator[SyncRun]:
    ended = {"finished_at__lt": wish.before} if wish.before else {"finished_at__isnull": False}
    found = SyncRun.objects.filter(connection=project.connection_id, state__in=ENDED, **ended)
    if wish.source == ChangeSource.PERSON:
        found = found.filter(asked_by__isnull=False)
    elif wish.source == ChangeSource.VENDOR:
        found = found.filter(asked_by=None)
    # One more than a page tells that there is more.
    yield from found.select_related("asked_by").defer("counts", "progress").order_by("-finished_at")[: PAGE + 1]


def _of_run(access: Access, run: SyncRun) -> Entry:
    at = run.finished_at or run.queued_at
    icon, tone = ENDED[RunState(run.state)]
    titles = {
        RunState.SUCCESS: _("All projects compared with OpenSolar"),
        RunState.PARTIAL: _("All projects compared with OpenSolar, but for some records"),
        RunState.FAILED: _("Comparing all projects with OpenSolar failed"),
    }
    return Entry(
        moment=at,
        kind=SYNC,
        icon=icon,
        tone=tone,
        title=titles[RunState(run.state)],
        at=at,
        source=ChangeSource.PERSON if run.asked_by else ChangeSource.VENDOR,
        who=str(run.asked_by) if run.asked_by else "",
        note=run.message if access.is_administrator else "",
    )
