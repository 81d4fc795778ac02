"""How one value of a column is written where Django's own, slower adaptation is passed by."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import orjson
from django.db import connection as database
from django.db import models

Cell = Callable[[Any], Any]
NULL = "\\N"


def copy_cell(field: Any) -> Cell:
    """The function that writes a value of this field into a line of PostgreSQL's COPY, text format."""
    return next((cell for kind, cell in _COPY if isinstance(field, kind)), _any)


def parameter(field: Any) -> Cell | None:
    """The function that makes a value of this field a parameter of SQLite's; None where it is one already."""
    if isinstance(field, models.TextField | models.CharField | models.BinaryField | models.FloatField):
        return None
    if isinstance(field, models.IntegerField | models.BooleanField | models.ForeignKey):
        return None

    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, database)

    # The books of a page are the same moments in all its rows.
    return cache(prepare) if isinstance(field, models.DateField) else prepare


def _text(value: str | None) -> str:
    if value is None:
        return NULL
    # A body is several thousand characters, most of them harmless: looking is much faster than replacing.
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if "\n" in value:
        value = value.replace("\n", "\\n")
    if "\t" in value:
        value = value.replace("\t", "\\t")
    return value.replace("\r", "\\r") if "\r" in value else value


def _plain(value: Any) -> str:
    """Numbers, dates and moments: nothing in their text has to be escaped."""
    return NULL if value is None else str(value)


def _float(value: float | None) -> str:
    """Minus zero is zero, as it is in a statement."""
    return NULL if value is None else str(value + 0.0)


def _switch(value: bool | None) -> str:
    return NULL if value is None else "t" if value else "f"


def _binary(value: bytes | None) -> str:
    return NULL if value is None else "\\\\x" + value.hex()


def _json(value: Any) -> str:
    return NULL if value is None else _text(orjson.dumps(value).decode())


def _any(value: Any) -> str:
    return _text(None if value is None else str(value))


_NUMBERS = (models.IntegerField, models.DecimalField, models.ForeignKey)
_COPY: tuple[tuple[Any, Cell], ...] = (
    (models.JSONField, _json),
    ((models.CharField, models.TextField), _text),
    (models.FloatField, _float),
    ((*_NUMBERS, models.DateField), _plain),
    (models.BooleanField, _switch),
    (models.BinaryField, _binary),
)
