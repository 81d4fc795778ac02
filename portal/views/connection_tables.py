"""The tables of a connection's page: its runs, and the open problems with the start of each record, by right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.db.models.functions import Substr
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import Connection, RunState, SyncProblem, SyncRun
from portal.templatetags.numbers import figure
from portal.views import connection_words as words

RUNS_A_PAGE = 10
PROBLEMS_A_PAGE = 10
# A record is shown up to here; the whole of it has an address of its own.
EXCERPT = 6000


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in words."""

    run: SyncRun
    tone: str
    summary: str
    took: str


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One open problem in words; `cut` says that the record goes on beyond `excerpt`, `withheld` why a
    person may not read it (empty where they may, or where there is none)."""

    problem: SyncProblem
    tone: str
    subject: str
    excerpt: str
    cut: bool
    withheld: str
    wants_decision: bool
    allowed: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A page of rows, and the addresses of the pages before and after it (empty where there is none)."""

    rows: Sequence[RunRow] | Sequence[ProblemRow]
    summary: str
    previous_url: str
    next_url: str


def runs_table(connection: Connection, asked: QueryDict) -> Table:
    """Runs, newest first; `runs` in the query is the page."""
    runs = SyncRun.objects.filter(connection=connection).select_related("asked_by")
    return _table(runs, RUNS_A_PAGE, asked, "runs", _run_row)


def problems_table(access: Access, connection: Connection, asked: QueryDict) -> Table:
    """Open problems, what waits for a decision first, then the latest; `problems` in the query is the page.

    Their records are as the vendor sent them, money included: they are read only for who may see all of that.
    """
    length = EXCERPT + 1 if access.sees_all_money else 1
    decisions_first = Case(When(what=SyncProblem.What.REMOVALS, then=Value(0)), default=Value(1))
    problems = (
        SyncProblem.objects.filter(connection=connection, resolved_at=None)
        .select_related("approved_by")
        .defer("payload")
        .annotate(excerpt=Substr("payload", 1, length))
        .order_by(decisions_first, "-seen_at", "-pk")
    )
    return _table(problems, PROBLEMS_A_PAGE, asked, "problems", lambda found: _problem_row(access, connection, found))


def _table(found: Any, size: int, asked: QueryDict, name: str, row: Callable[[Any], Any]) -> Table:
    page = Paginator(found, size).get_page(asked.get(name))
    rows = [row(item) for item in page]
    if not page.has_other_pages():
        return Table(rows, "", "", "")
    span = {"first": figure(page.start_index()), "last": figure(page.end_index()), "all": figure(page.paginator.count)}
    return Table(
        rows,
        _("%(first)s–%(last)s of %(all)s") % span,
        _address(asked, name, page.number - 1) if page.has_previous() else "",
        _address(asked, name, page.number + 1) if page.has_next() else "",
    )


def _address(asked: QueryDict, name: str, number: int) -> str:
    """The same page with another page of this table, scrolled to it."""
    query = asked.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}#{name}"


def _run_row(run: SyncRun) -> RunRow:
    return RunRow(run, words.RUN_TONES.get(RunState(run.state), ""), words.summed_up(run.counts), words.took(run))


def _problem_row(access: Access, connection: Connection, problem: Any) -> ProblemRow:
    removals = problem.what == SyncProblem.What.REMOVALS
    record = "" if removals else problem.excerpt
    shown = record if access.sees_all_money else ""
    return ProblemRow(
        problem=problem,
        tone=words.PROBLEM_TONES.get(problem.what, ""),
        subject=words.records(connection.vendor, problem.resource, 2 if removals else 1),
        excerpt=shown[:EXCERPT],
        cut=len(shown) > EXCERPT,
        withheld=str(words.WITHHELD) if record and not shown else "",
        wants_decision=removals and problem.approved_by_id is None,
        allowed=removals and problem.approved_by_id is not None,
    )
