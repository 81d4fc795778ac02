"""Words as they may have been meant: one letter wrong, too many, missing, or two the wrong way round.

Patterns for all such slips, asked of the trigram index, are precise and take milliseconds among 100,000 projects;
similarity by shared trigrams misses the everyday slip ("edomnd") and, below a threshold that would find it, rechecks
nearly every row. So it is only the last resort, for words with more than one slip, and only PostgreSQL has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup, Q
from django.db.models.sql.compiler import SQLCompiler

from portal.lib.search_words import Asked, Term
from projects.services.search.sql import at_beginning, holds, like_one_of, literally

SHORTEST, LONGEST, MOST = 4, 24, 4
# From so many letters on, a word is so rare that it may stand inside of another.
RARE = 6
# From so much in common on, two words resemble each other.
THRESHOLD = 0.45


class Matches(Lookup):  # type: ignore[type-arg]
    """`text ~ pattern`, for PostgreSQL only: what Django's own lookup does, without a cast that hides the index."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """The condition."""
        text, values = self.process_lhs(compiler, connection)
        return f"{text} ~ %s", (*values, self.rhs)


class Resembles(Lookup):  # type: ignore[type-arg]
    """pg_trgm's `text %> word`: some part of the text is similar to the word, as the session's threshold says."""

    lookup_name = "resembles"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """The condition, for PostgreSQL only."""
        text, values = self.process_lhs(compiler, connection)
        return f"{text} %%> %s", (*values, self.rhs)


def words_with_slips(asked: Asked) -> list[str]:
    """The words that somebody may have typed wrongly; a wrong figure is another number, not a slip."""
    words = [term.word for term in asked.terms if _may_slip(term)]
    return words[:MOST]


def fits_but_for_slips(asked: Asked) -> Q:
    """Every term stands there, its words with one slip at most."""
    words, found = words_with_slips(asked), Q()
    for term in asked.terms:
        found &= _nearly(term.word) if term.word in words else holds(term)
    return found


def resembles(asked: Asked) -> Q:
    """Every term stands there, its words with one slip, or else something similar to them."""
    words, found = words_with_slips(asked), Q()
    for term in asked.terms:
        found &= _nearly(term.word) | Q(Resembles(F("found_in"), term.word)) if term.word in words else holds(term)
    return found


def holds_but_for_slips(asked: Asked, text: str) -> bool:
    """The same for a text at hand."""
    words = words_with_slips(asked)
    return all(
        _stands_nearly(term.word, text) if term.word in words else term.place_in(text) is not None
        for term in asked.terms
    )


def closeness(asked: Asked, text: str) -> float:
    """How much of the worst word's trigrams some word of the text shares, 0 to 1; 1 where there is one slip at most."""
    heap = [_trigrams(word) for word in set(text.split())]

    def best(word: str) -> float:
        if _stands_nearly(word, text):
            return 1.0
        return max((_shared(_trigrams(word), other) for other in heap), default=0.0)

    return min((best(word) for word in words_with_slips(asked)), default=0.0)


def _may_slip(term: Term) -> bool:
    letters = _letters(term.word)
    return SHORTEST <= len(letters) <= LONGEST and not any(character.isdigit() for character in letters)


def _letters(word: str) -> str:
    """Where somebody may have slipped: of an e-mail address what stands before the @, the rest is everybody's."""
    return word.partition("@")[0]


def _nearly(word: str) -> Q:
    letters = _letters(word)
    if connection.vendor == "postgresql":
        return Q(Matches(F("found_in"), _meant(letters)))
    patterns = dict.fromkeys(_slips([literally(letter) for letter in letters], "_"))
    found = like_one_of(p for slip in patterns for p in ([f"%{slip}%"] if _is_rare(letters) else at_beginning(slip)))
    # Without an index each pattern would be tried on each row; a slip leaves one half whole, or swaps the two
    # letters where they meet.
    half = len(letters) // 2
    swapped = letters[: half - 1] + letters[half] + letters[half - 1] + letters[half + 1 :]
    return like_one_of(f"%{literally(piece)}%" for piece in (letters[:half], letters[half:], swapped)) & found


def _meant(letters: str) -> str:
    """The same patterns as one regular expression, which PostgreSQL looks up in its trigram index, too."""
    meant = "|".join(dict.fromkeys(_slips([re.escape(letter) for letter in letters], ".")))
    return f"(?:{meant})" if _is_rare(letters) else f"(?:^| )(?:{meant})"


def _is_rare(letters: str) -> bool:
    return len(letters) >= RARE


def _stands_nearly(word: str, text: str) -> bool:
    return re.search(_meant(_letters(word)), text) is not None


def _slips(letters: list[str], any_letter: str) -> Iterator[str]:
    """Patterns of all words that are one slip away; the word itself is among them."""
    for at, letter in enumerate(letters):
        before, after = letters[:at], letters[at + 1 :]
        yield "".join([*before, any_letter, *after])
        yield "".join([*before, *after])
        if at:
            yield "".join([*before, any_letter, letter, *after])
        if after:
            yield "".join([*before, after[0], letter, *after[1:]])


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _shared(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)
