"""Inserts many new rows: through Django everywhere, faster by each database's own way where there are enough of them.

All ways put down the same rows; a property test holds them together. Field and value decide how a cell is written
(`cells`); COPY takes about a third of the time that Django's INSERT takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from operator import is_
from typing import Any

from django.db import connection as database
from django.db import models

from portal.sync.cells import Cell, copy_cell, parameter
from portal.sync.message import Step

# Below this a single INSERT is as fast, and one way less is in play.
WORTH_IT = 10

Rows = Sequence[Sequence[Any]]


def insert(model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    """Inserts rows given in the order of `names` (attnames); an IntegrityError when one exists already."""
    with inserting(model, names, rows):
        pass


@contextmanager
def inserting(model: type[models.Model], names: Sequence[str], rows: Rows) -> Iterator[None]:
    """The same, with a block that runs while the database takes the rows in; it must not use the database."""
    if len(rows) >= WORTH_IT and database.vendor == "postgresql":
        with copying(model, names, rows):
            yield
    else:
        if rows:
            (insert_each if len(rows) >= WORTH_IT else bulk_insert)(model, names, rows)
        yield


def bulk_insert(model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    """Django's own way."""
    model._default_manager.bulk_create([model(**dict(zip(names, row, strict=True))) for row in rows])


def copy_in(model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    """PostgreSQL's way, inside the transaction under way: all lines in one message."""
    with copying(model, names, rows):
        pass


@contextmanager
def copying(model: type[models.Model], names: Sequence[str], rows: Rows) -> Iterator[None]:
    """The same as `inserting`: the lines are sent before the block, their outcome is known after it."""
    fields = _fields(model, names)
    written = _by_column([copy_cell(field) for field in fields], rows)
    lines = "\n".join(map("\t".join, written)) + "\n"
    statement = f"COPY {_target(model, fields)} FROM STDIN"
    # Django does not see an error that comes with the end of a COPY.
    with database.wrap_database_errors, database.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(lines)
        yield


def insert_each(model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    """SQLite's way: it has no round trips to save, so one prepared statement a row is the fastest."""
    fields = _fields(model, names)
    values = ", ".join(["%s"] * len(fields))
    with database.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_target(model, fields)} VALUES ({values})",  # noqa: S608 - names of our own columns
            _by_column([parameter(field) for field in fields], rows),
        )


def adding(model: type[models.Model], names: Sequence[str], rows: Rows) -> list[Step]:
    """The statement that inserts a few rows, to be sent with others; none for no rows."""
    if not rows:
        return []
    fields = _fields(model, names)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(rows))
    sql = f"INSERT INTO {_target(model, fields)} VALUES {places}"  # noqa: S608 - names of our own columns
    return [(sql, [value for row in rows for value in _prepared(fields, row)])]


def updating(model: type[models.Model], changes: Mapping[str, Any], where: Mapping[str, Any]) -> Step:
    """The statement that writes `changes` into the rows `where` says, to be sent with others."""
    changed, known = _fields(model, changes), _fields(model, where)
    sql = (
        f'UPDATE "{model._meta.db_table}" SET {", ".join(_equals(changed))}'  # noqa: S608 - names of our own columns
        f" WHERE {' AND '.join(_equals(known))}"
    )
    return sql, [*_prepared(changed, changes.values()), *_prepared(known, where.values())]


def overwriting(
    model: type[models.Model], names: Sequence[str], rows: Rows, *, unique: Sequence[str], changes: Sequence[str]
) -> list[Step]:
    """Statements, to be sent with others, that write `changes` into the rows that exist already by `unique`; rows that
    do not exist are inserted whole."""
    fields = _fields(model, names)
    sql = (
        f"INSERT INTO {_target(model, fields)} VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608 - our own names
        f" ON CONFLICT ({_columns(_fields(model, unique))}) DO UPDATE SET "
        + ", ".join(f'"{field.column}" = excluded."{field.column}"' for field in _fields(model, changes))
    )
    return [(sql, _prepared(fields, row)) for row in rows]


def learn_sizes() -> None:
    """Lets PostgreSQL look at tables that it knows nothing of, outside any transaction.

    Until then it takes an account for a few rows and walks all of them for every page of a first sync.
    """
    if database.vendor != "postgresql":
        return
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND c.reltuples <= 0 AND n.nspname = current_schema()"
            " AND pg_relation_size(c.oid) > 0"
        )
        tables = [name for (name,) in cursor.fetchall()]
        if tables:
            cursor.execute(f"ANALYZE {', '.join(tables)}")


def _by_column(cells: Sequence[Cell | None], rows: Rows) -> Any:
    """The rows with every value as its column writes it; whole columns at a time, because that runs in C."""
    columns = zip(*rows, strict=True)
    return zip(*map(_written, cells, columns), strict=True)


def _written(cell: Cell | None, column: tuple[Any, ...]) -> Iterable[Any]:
    if cell is None:
        return column
    first = column[0]
    # Most columns of a page hold one and the same thing: nothing, or the moment of the sync.
    if all(map(is_, column, repeat(first))):
        return repeat(cell(first), len(column))
    return map(cell, column)


def _prepared(fields: Sequence[Any], values: Iterable[Any]) -> list[Any]:
    return [field.get_db_prep_save(value, database) for field, value in zip(fields, values, strict=True)]


def _equals(fields: Sequence[Any]) -> list[str]:
    return [f'"{field.column}" = %s' for field in fields]


def _fields(model: type[models.Model], names: Iterable[str]) -> list[Any]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in names]


def _target(model: type[models.Model], fields: Sequence[Any]) -> str:
    return f'"{model._meta.db_table}" ({_columns(fields)})'


def _columns(fields: Sequence[Any]) -> str:
    return ", ".join(f'"{field.column}"' for field in fields)
