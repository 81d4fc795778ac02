"""One page of the project list, in a number of queries that never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from portal.access import Access
from portal.models import Change
from projects.access import visible_projects, visible_roles
from projects.models import Project, Role
from projects.services.lists.columns import BY_NAME, Column
from projects.services.lists.criteria import Criteria
from projects.services.lists.keyset import Position, seek
from projects.services.lists.narrowing import narrowed
from projects.services.lists.pages import PAGE, Page, page_at
from projects.services.lists.rows import Row, rows_of
from projects.services.lists.sorts import CUSTOMER_KEY, with_key
from projects.services.names import with_contact, with_customer

MOST_SOURCES = 200
COLUMNS = (
    *("opensolar_id", "connection_id", "title", "business_name", "address", "locality", "state", "zip", "country_iso2"),
    *("timezone_offset", "stage", "is_sold", "system_sold_ref", "sold_date", "created_date", "modified_date"),
    *("installation_date", "lead_source"),
)
ROLE_COLUMNS = ("display", "first_name", "family_name", "email")
OWNER = BY_NAME["owner"]


def team_of(access: Access) -> list[Role]:
    """Whom one may filter by, by name; hidden people last."""
    columns = ("opensolar_id", "connection_id", "display", "first_name", "family_name", "email", "is_hidden")
    team = visible_roles(access).only(*columns, "membership_id")
    return sorted(team, key=lambda role: (role.is_hidden, str(role).lower()))


def lead_sources_of(access: Access) -> list[str]:
    """Where the projects that a person may see came from, by name; a sensible number of them."""
    named = visible_projects(access).exclude(lead_source="").order_by("lead_source")
    return list(named.values_list("lead_source", flat=True).distinct()[:MOST_SOURCES])


def matching(access: Access, criteria: Criteria) -> QuerySet[Project]:
    """The projects that a person may see and that fit, in no order."""
    return narrowed(visible_projects(access), criteria)


def page_of(access: Access, criteria: Criteria, columns: Sequence[Column] = ()) -> Page[Row]:
    """The page at the criteria's position; the first one when nothing is left there."""
    mine = visible_projects(access)
    fitting = narrowed(mine, criteria)

    def rows_at(position: Position | None) -> tuple[list[Row], bool]:
        projects, more = _cut(mine, fitting, replace(criteria, position=position), PAGE, columns)
        return rows_of(access, projects), more

    def beside(row: Row, number: int, backwards: bool) -> Position:
        return position_of(criteria, row.project, number, backwards=backwards)

    return page_at(criteria.position, fitting.count(), rows_at, beside)


def cut(access: Access, criteria: Criteria, size: int, columns: Sequence[Column] = ()) -> tuple[list[Project], bool]:
    """Up to `size` projects at the criteria's position, in the list's order, and whether more lie beyond them.

    Each comes with what the columns show of it; the owner always.
    """
    mine = visible_projects(access)
    return _cut(mine, narrowed(mine, criteria), criteria, size, columns)


def _cut(
    mine: QuerySet[Project], fitting: QuerySet[Project], criteria: Criteria, size: int, columns: Sequence[Column]
) -> tuple[list[Project], bool]:
    sort, position = criteria.sort, criteria.position
    chosen = _chosen(fitting, criteria, size + 1)
    projects = with_key(with_customer(mine.filter(pk__in=chosen)), sort)
    if any(column.needs_contact for column in columns):
        projects = with_contact(projects)
    if any(column.name == "stage" for column in columns):
        projects = projects.annotate(stage_since=_stage_since())
    roles = [column.role for column in (OWNER, *columns) if column.role]
    people = [f"{role}{part}" for role in roles for part in ("_ref", *(f"__{name}" for name in ROLE_COLUMNS))]
    projects = projects.select_related(*roles).only(*COLUMNS, *people)
    found = list(seek(projects, sort.column, descending=sort.descending, position=position))
    here = found[:size]
    return here[::-1] if position and position.backwards else here, len(found) > size


def _chosen(fitting: QuerySet[Project], criteria: Criteria, count: int) -> QuerySet[Project, Any]:
    """Which projects stand at the criteria's position: found by what is sorted by alone.

    Where no index has the order, all that fit are sorted; with everything that a line shows that takes far longer.
    """
    sort = criteria.sort
    keyed = with_key(with_customer(fitting), sort) if sort.column == CUSTOMER_KEY else fitting
    ordered = seek(keyed, sort.column, descending=sort.descending, position=criteria.position)
    return ordered.values("pk")[:count]


def _stage_since() -> Subquery:
    """When the project came to its stage, as far as the history tells."""
    changes = Change.objects.filter(
        connection_id=OuterRef("connection_id"),
        resource="projects",
        vendor_id=Cast(OuterRef("opensolar_id"), CharField()),
        field="stage",
    )
    return Subquery(changes.order_by("-at").values("at")[:1])


def position_of(criteria: Criteria, project: Project, number: int, *, backwards: bool = False) -> Position:
    """The position right behind (or before) a project in this order."""
    return Position(getattr(project, criteria.sort.column), project.pk, number, backwards)
