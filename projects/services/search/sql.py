"""What is looked for as conditions on `found_in`: text in lower case, words apart by spaces, phones also as digits.

Everything is LIKE, which both databases know and which PostgreSQL answers from a trigram index.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Lookup, Q, TextField
from django.db.models.sql.compiler import SQLCompiler

from portal.lib.search_words import Asked, Term

# Words of so few letters stand in half of all texts: they are looked for at the beginning of words only.
SHORT = 2


class Place(Enum):
    """Where words have to stand in the text."""

    WHOLE = 0
    BEGINNING = 1
    ANYWHERE = 2


class Like(Lookup):  # type: ignore[type-arg]
    """`text LIKE pattern`, the pattern taken as it is, with a backslash before what is meant literally."""

    lookup_name = "like"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """The condition; the backslash has to be named where it is not the default."""
        text, values = self.process_lhs(compiler, connection)
        escape = "" if connection.vendor == "postgresql" else " ESCAPE '\\'"
        return f"{text} LIKE %s{escape}", (*values, self.rhs)


class _Digits(Func):
    """A telephone number without what people write between its digits."""

    template = "translate(%(expressions)s, ' +-().', '')"
    output_field = TextField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """SQLite knows no `translate`."""
        nested = "%(expressions)s"
        for character in " +-().":
            nested = f"replace({nested}, '{character}', '')"
        return self.as_sql(compiler, connection, template=nested, **context)


class ContactText(Func):
    """What a contact is found by; on PostgreSQL the very expression of the index in migration 0004."""

    template = "lower(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = TextField()

    def __init__(self) -> None:
        super().__init__("first_name", "family_name", "display", "email", "phone", _Digits("phone"))


def like(pattern: str) -> Q:
    """The text looks like this."""
    return Q(Like(F("found_in"), pattern))


def like_one_of(patterns: Iterable[str]) -> Q:
    """The text looks like one of these."""
    found = Q()
    for pattern in dict.fromkeys(patterns):
        found |= like(pattern)
    return found


def literally(text: str) -> str:
    """A piece of a pattern that means just this text."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def fits(asked: Asked, place: Place) -> Q:
    """Every term stands there."""
    found = Q()
    for term in asked.terms:
        found &= holds(term, place)
    return found


def holds(term: Term, place: Place = Place.ANYWHERE) -> Q:
    """The term stands there: its words, or its digits in one or in the groups in which they were typed."""
    words = Q()
    for word in term.words:
        words &= like_one_of(pattern for way in _spellings(word) for pattern in _patterns(literally(way), place))
    if not term.digits:
        return words
    digits = like_one_of([f"%{term.digits}%", f"%{'_'.join(term.groups)}%"])
    return words | digits if term.words else digits


def at_beginning(piece: str) -> list[str]:
    """Patterns for a word that begins with this."""
    return [f"{piece}%", f"% {piece}%"]


def _patterns(word: str, place: Place) -> list[str]:
    if place == Place.WHOLE:
        return [word, f"{word} %", f"% {word}", f"% {word} %"]
    if place == Place.BEGINNING or len(word) <= SHORT:
        return at_beginning(word)
    return [f"%{word}%"]


def _spellings(word: str) -> set[str]:
    """SQLite's own lower() leaves all but ASCII as it is, so a contact's É has to be asked for, too."""
    if word.isascii() or connection.vendor == "postgresql":
        return {word}
    return {word, word.capitalize(), word.upper()}
