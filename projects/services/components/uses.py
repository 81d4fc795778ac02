"""Which projects use a component: read from the lists of parts inside systems, by the part's number, else its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection as database
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from portal.access import Access
from projects.access import visible_projects, visible_systems
from projects.models import ComponentActivation, ComponentKind, Project, System
from projects.services.names import with_customer

# The list of a system in which parts of a kind stand.
LISTS = {
    ComponentKind.MODULE: "modules",
    ComponentKind.INVERTER: "inverters",
    ComponentKind.BATTERY: "batteries",
    ComponentKind.OTHER: "others",
}
# A list inside a row as a table of its own, and one key of its entries as text.
_EACH = {"postgresql": "jsonb_array_elements(%s)", "sqlite": "json_each(%s)"}
_KEY = {"postgresql": "part.value->>'%s'", "sqlite": "CAST(json_extract(part.value, '$.%s') AS TEXT)"}


class _Names(Func):
    """Whether a system's list names a component."""

    output_field = BooleanField()

    def __init__(self, component: ComponentActivation) -> None:
        self.kind = ComponentKind(component.kind)
        number, code = Value(str(component.opensolar_id)), Value(component.code)
        super().__init__(LISTS[self.kind], number, code, Value(component.manufacturer_name))

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        """EXISTS over the list's entries."""
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        (column, _none), *values = parts
        number, code, maker = (sql for sql, _parameters in values)
        key = {name: _key(name) for name in (f"{self.kind.value}_activation_id", "code", "manufacturer_name")}
        by_number, by_code, by_maker = key.values()
        sql = (
            f"EXISTS (SELECT 1 FROM {_EACH[connection.vendor] % column} AS part WHERE {by_number} = {number}"  # noqa: S608 - our own names
            f" OR ({by_number} IS NULL AND {by_code} = {code} AND {by_maker} = {maker}))"
        )
        return sql, tuple(parameter for _sql, parameters in parts for parameter in parameters)


def projects_with(access: Access, component: ComponentActivation) -> QuerySet[Project]:
    """The projects that this person may see with a system that uses the component, as rows need them, newest first."""
    systems = visible_systems(access).filter(_Names(component), connection_id=component.connection_id)
    projects = visible_projects(access).filter(
        connection_id=component.connection_id, opensolar_id__in=systems.values("project_ref")
    )
    return with_customer(projects).select_related("assigned_role").order_by("-modified_date", "-pk")


def counted(access: Access, components: Sequence[ComponentActivation], kind: ComponentKind) -> dict[int, int]:
    """How many such projects each of these components of one kind has, by its pk: one query."""
    if not components:
        return {}
    numbered: dict[tuple[int, str], int] = {}
    named: dict[tuple[int, str, str], int] = {}
    for component in components:
        numbered[component.connection_id, str(component.opensolar_id)] = component.pk
        named[component.connection_id, component.code, component.manufacturer_name] = component.pk
    projects: dict[int, set[tuple[int, int]]] = {component.pk: set() for component in components}
    for connection, project, number, code, maker in _parts_in_use(access, components, kind):
        pk = numbered.get((connection, number)) if number else named.get((connection, code, maker))
        if pk is not None:
            projects[pk].add((connection, project))
    return {pk: len(found) for pk, found in projects.items()}


def _parts_in_use(
    access: Access, components: Sequence[ComponentActivation], kind: ComponentKind
) -> list[tuple[int, int, str | None, str, str]]:
    """Connection, project, number, code and maker of every part in a system, each once."""
    connections = {component.connection_id for component in components}
    systems: QuerySet[System] = visible_systems(access).filter(
        connection_id__in=connections, project__in=visible_projects(access)
    )
    inner, parameters = systems.order_by().values("id").query.sql_with_params()
    each, number = _EACH[database.vendor] % f"s.{LISTS[kind]}", _key(f"{kind.value}_activation_id")
    sql = (  # our own names throughout
        f"SELECT DISTINCT s.connection_id, s.project_ref, {number}, {_key('code')}, {_key('manufacturer_name')}"  # noqa: S608
        f" FROM projects_system s, {each} AS part WHERE s.id IN ({inner})"
    )
    with database.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [(row[0], row[1], row[2], row[3] or "", row[4] or "") for row in cursor.fetchall()]


def _key(name: str) -> str:
    return _KEY[database.vendor] % name
