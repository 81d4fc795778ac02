"""The cards of a board's columns: newest activity first, a piece of each column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from portal.access import Access
from portal.models import Change
from projects.models import Project
from projects.services.lists.criteria import Criteria
from projects.services.lists.keyset import Position, seek
from projects.services.lists.listing import COLUMNS, ROLE_COLUMNS, matching, position_of
from projects.services.lists.narrowing import stalled
from projects.services.lists.rows import Row, rows_of
from projects.services.lists.sorts import DEFAULT
from projects.services.names import with_customer

PIECE = 20


@dataclass(frozen=True, slots=True)
class Card:
    """A project on the board, and whether nothing has happened to it for too long."""

    row: Row
    is_stalled: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Cards of one column, and where the next ones begin."""

    cards: Sequence[Card] = ()
    next: Position | None = None


def first_pieces(
    access: Access, criteria: Criteria, stages: Sequence[int | None], later: Sequence[int | None] = ()
) -> dict[int | None, Piece]:
    """The first cards of every stage; where some come `later`, of these `stages` alone.

    The number of questions does not depend on how many stages there are.
    """
    projects = fitting = matching(access, criteria).order_by()
    if later:
        projects = projects.filter(_in(stages))
    # In the order of `seek`, whose pages go on from here; databases differ in where the unknown stands.
    newest_first = [F(DEFAULT.column).desc(), F("pk").desc()]
    place = Window(RowNumber(), partition_by=F("stage"), order_by=newest_first)
    chosen = projects.annotate(place=place).filter(place__lte=PIECE + 1).values_list("pk", flat=True)
    found = _described(fitting.filter(pk__in=list(chosen)))
    by_stage: dict[int | None, list[Project]] = {}
    for project in seek(found, DEFAULT.column, descending=True, position=None):
        by_stage.setdefault(project.stage, []).append(project)
    shown = [project for column in by_stage.values() for project in column[:PIECE]]
    cards = {card.row.project.pk: card for card in _cards(access, shown)}
    return {
        stage: _piece(criteria, column, [cards[project.pk] for project in column[:PIECE]], 1)
        for stage, column in by_stage.items()
    }


def next_piece(access: Access, criteria: Criteria, stage: int | None, position: Position | None) -> Piece:
    """The cards of a stage behind a position, or its first ones."""
    projects = _described(matching(access, criteria).filter(stage=stage))
    column = list(seek(projects, DEFAULT.column, descending=True, position=position)[: PIECE + 1])
    return _piece(criteria, column, _cards(access, column[:PIECE]), position.number if position else 1)


def _in(stages: Sequence[int | None]) -> Q:
    known = Q(stage__in=[stage for stage in stages if stage is not None])
    return known | Q(stage=None) if None in stages else known


def _described(projects: QuerySet[Project]) -> QuerySet[Project]:
    people = ("assigned_role_ref", *(f"assigned_role__{name}" for name in ROLE_COLUMNS))
    is_stalled = ExpressionWrapper(stalled(), BooleanField())
    projects = with_customer(projects).annotate(is_stalled=is_stalled)
    return projects.select_related("assigned_role").only(*COLUMNS, *people)


def _piece(criteria: Criteria, column: Sequence[Project], cards: Sequence[Card], number: int) -> Piece:
    if len(column) <= PIECE:
        return Piece(cards)
    order = replace(criteria, sort=DEFAULT)
    return Piece(cards, position_of(order, column[PIECE - 1], number + PIECE))


def _cards(access: Access, projects: Sequence[Project]) -> list[Card]:
    entered = _entered(projects)
    for project in projects:
        number = (project.connection_id, str(project.opensolar_id))
        project.stage_since = entered.get(number)  # type: ignore[attr-defined]
    return [Card(row, bool(row.project.is_stalled)) for row in rows_of(access, projects)]  # type: ignore[attr-defined]


def _entered(projects: Sequence[Project]) -> dict[tuple[int, str], datetime]:
    """When these projects came to their stages, as far as the portal saw it happen."""
    changes = Change.objects.filter(
        connection_id__in={project.connection_id for project in projects},
        resource="projects",
        vendor_id__in=[str(project.opensolar_id) for project in projects],
        field="stage",
    )
    found = changes.order_by().values_list("connection_id", "vendor_id").annotate(since=Max("at"))
    return {(connection, number): moment for connection, number, moment in found}
