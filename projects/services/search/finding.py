"""Finds rows by `found_in`, best first: whole words, beginnings, parts, then what only resembles what was typed.

The number of queries and the rows looked at are bounded, however many rows there are and whatever is typed. Up to
`POOL` rows are taken as the index gives them, so all are known and can be sorted here; of more than that the newest
are found by walking the rows in their order, which is short exactly because so many fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import OperationalError
from django.db.models import Model, Q, QuerySet

from portal.lib.search_words import Asked
from projects.services.search.planning import by_trigrams, give_up_soon, knows_similarity
from projects.services.search.slips import THRESHOLD, closeness, fits_but_for_slips, resembles, words_with_slips
from projects.services.search.sql import Place, fits

POOL = 300
# With fewer hits than these, what was typed may have been a slip.
FEW = 3

R = TypeVar("R", bound=Model)


@dataclass(frozen=True, slots=True)
class Found(Generic[R]):
    """Rows as typed and `guesses` that resemble it; `total` counts the former (or `is_least` that there are more)."""

    rows: Sequence[R]
    guesses: Sequence[R]
    total: int
    is_least: bool = False


@dataclass(frozen=True, slots=True)
class Shelf(Generic[R]):
    """Rows with `found_in` annotated, of which those with the highest `newest` (a column, or `pk`) come first."""

    rows: QuerySet[R]
    newest: str

    def find(self, asked: Asked, limit: int) -> Found[R]:
        """The best `limit` rows."""
        with by_trigrams(THRESHOLD):
            every = self._pool(fits(asked, Place.ANYWHERE))
            if len(every) <= POOL:
                guesses = self._guesses(asked, every, limit - len(every)) if len(every) < FEW else []
                return Found(self._best(asked, every)[:limit], guesses, len(every))
            known, walk = self._of_many(asked, limit)
        if walk:
            known = [*known, *self.rows.order_by(f"-{self.newest}", "-pk").filter(fits(asked, walk))[:limit]]
        return Found(self._best(asked, known)[:limit], [], POOL, is_least=True)

    def _of_many(self, asked: Asked, limit: int) -> tuple[list[R], Place | None]:
        """The best among more rows than a pool holds: those known to be it, and where to walk for the others."""
        walk = Place.ANYWHERE
        try:
            # What stands in nearly every row but begins a word in hardly any ("example.com") is not waited for.
            with give_up_soon():
                beginnings = self._pool(fits(asked, Place.BEGINNING))
                if len(beginnings) <= POOL:
                    return beginnings, walk if len(beginnings) < limit else None
                walk = Place.BEGINNING
                whole = self._pool(fits(asked, Place.WHOLE))
        except OperationalError:
            if not knows_similarity():
                raise
            return [], walk
        if len(whole) > POOL:
            return [], Place.WHOLE
        return whole, walk if len(whole) < limit else None

    def _guesses(self, asked: Asked, known: Sequence[R], limit: int) -> list[R]:
        """What is one slip away; where that is nothing either, what resembles it; nothing where that takes long."""
        if not words_with_slips(asked):
            return []
        try:
            with give_up_soon():
                near = self._pool(fits_but_for_slips(asked) & ~Q(pk__in=[row.pk for row in known]))
                if not near and not known and knows_similarity():
                    similar = self._pool(resembles(asked))
                    near = [row for row in similar if closeness(asked, _text(row)) >= THRESHOLD]
        except OperationalError:
            if not knows_similarity():
                raise
            return []
        return sorted(self._sorted(near), key=lambda row: -closeness(asked, _text(row)))[:limit]

    def _pool(self, condition: Q) -> list[R]:
        """All rows that fit, in no order, or one more than a pool holds."""
        return list(self.rows.order_by().filter(condition)[: POOL + 1])

    def _best(self, asked: Asked, rows: Sequence[R]) -> list[R]:
        inside = Place.ANYWHERE.value

        def rank(row: R) -> int:
            found = asked.rank(_text(row))
            return inside if found is None else found

        return sorted(self._sorted({row.pk: row for row in rows}.values()), key=rank)

    def _sorted(self, rows: Any) -> list[R]:
        def age(row: R) -> tuple[bool, Any, Any]:
            newest = getattr(row, self.newest)
            return newest is not None, newest, row.pk

        return sorted(rows, key=age, reverse=True)


def _text(row: Model) -> str:
    """What the row was found in."""
    return str(row.found_in).lower()  # type: ignore[attr-defined]
