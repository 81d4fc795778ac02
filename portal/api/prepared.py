"""Queries of the hot path: the ORM writes their SQL once a process, every later call only binds values and fetches.

Building and compiling takes the ORM several times as long as the database takes to answer: for a page of projects
it was two thirds of the processor time (7 ms of work came down to 2). Only for queries of one shape whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from inspect import signature
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

# Numbers that stand for the values while the SQL is written; nothing else in a query looks like them.
FIRST_STAND_IN = 7_310_254_981_000_000


@dataclass(frozen=True, slots=True)
class Query:
    """What the ORM made of a queryset; each thread fetches over its own connection."""

    alias: str
    sql: str
    parameters: Sequence[Any]
    converters: Any
    convert: Callable[[Iterable[Any], Any], Iterable[Any]]

    @classmethod
    def of(cls, queryset: QuerySet[Any, Any]) -> Query:
        """Raises EmptyResultSet where the ORM knows that nothing can be found."""
        compiler: Any = queryset.query.get_compiler(queryset.db)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return cls(queryset.db, sql, parameters, converters, compiler.apply_converters)

    def fetch(self) -> list[tuple[Any, ...]]:
        """All rows, as tuples of Python values."""
        connection = connections[self.alias]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # Django reads times in Python, which is a seventh of a page's work; psycopg's own way is in C.
                cursor.cursor.adapters.register_loader("timestamptz", _time_loader())
            cursor.execute(self.sql, self.parameters)
            found = cursor.fetchall()
        return [tuple(row) for row in self.convert(found, self.converters)] if self.converters else found


def fetch(queryset: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """All rows of a queryset of tuples."""
    try:
        return Query.of(queryset).fetch()
    except EmptyResultSet:
        return []


class Prepared:
    """A queryset of tuples, written once.

    `build` is called with a stand-in for each of its arguments and uses each as a value to compare with: `a=x` for a
    single value, `a__in=[xs]` for as many as the caller gives. It enters the scopes it needs by itself.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._query: Query | None = None

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values of `build`'s arguments; none where a collection is empty."""
        if self._query is None:
            self._query = self._write()
        query = self._query
        text = [self._pieces[0]]
        bound: list[Any] = []
        for parameter, piece in zip(query.parameters, self._pieces[1:], strict=True):
            value = values[self._names[str(parameter)]] if str(parameter) in self._names else parameter
            several = value if isinstance(value, list | set | tuple) else (value,)
            if not several:
                return []
            text += [", ".join(["%s"] * len(several)), piece]
            bound += several
        return replace(query, sql="".join(text), parameters=bound).fetch()

    def _write(self) -> Query:
        names = list(signature(self._build).parameters)
        stand_ins = {name: FIRST_STAND_IN + number for number, name in enumerate(names)}
        self._names = {str(number): name for name, number in stand_ins.items()}
        query = Query.of(self._build(**stand_ins))
        self._pieces = query.sql.split("%s")
        return query


@cache
def _time_loader() -> Any:
    from psycopg.types.datetime import TimestamptzLoader

    return TimestamptzLoader
