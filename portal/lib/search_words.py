"""What somebody looks for: words that all have to be found, and telephone numbers however they are written.

Texts to be searched are in lower case, their words apart by spaces, telephone numbers also as bare digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

LONGEST = 200
MOST_WORDS = 10
# From so many digits on, a number may be a telephone's; from so many on it is nothing else.
PHONE, SURELY_PHONE = 6, 8
LONGEST_PHONE = 15

_NUMBER = re.compile(r"\+?[\d().\-/]*\d[\d().\-/]*", re.ASCII)
_NO_DIGITS = re.compile(r"\D+", re.ASCII)
# Country calling codes of one and of two digits (ITU-T E.164); all others have three.
_ONE, _TWO = "17", "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66"
_TWO_DIGITS = frozenset(f"{_TWO} 81 82 84 86 90 91 92 93 94 95 98".split())


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that has to be found: all of `words`, or else `digits` (if any), written in groups or in one."""

    words: tuple[str, ...]
    digits: str = ""
    groups: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The word, where it is nothing but one."""
        return "" if self.digits else self.words[0]

    def place_in(self, text: str) -> int | None:
        """How it stands in a text: 0 as whole words, 1 at their beginning, 2 inside, None not at all."""
        places = [place for place in (self._words_in(text), self._digits_in(text)) if place is not None]
        return min(places, default=None)

    def _words_in(self, text: str) -> int | None:
        if not self.words or not all(word in text for word in self.words):
            return None
        spaced = f" {text} "
        if all(f" {word} " in spaced for word in self.words):
            return 0
        return 1 if all(f" {word}" in spaced for word in self.words) else 2

    def _digits_in(self, text: str) -> int | None:
        if not self.digits:
            return None
        found = re.search("[^0-9]?".join(self.digits), text)
        if found is None:
            return None
        return 0 if not text[found.end() : found.end() + 1].isdigit() else 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was typed; `text` is what remains of it, `was_cut` says that it was too long."""

    text: str
    terms: tuple[Term, ...]
    was_cut: bool = False

    @property
    def plain(self) -> str:
        """The same for lists that compare letter by letter: telephone numbers as the digits that surely match."""
        return " ".join(_plain(self))

    def rank(self, text: str) -> int | None:
        """How well a text fits, 0 best (see `Term.place_in`); None where a term is missing."""
        places = [term.place_in(text) for term in self.terms]
        return None if None in places else max((place or 0 for place in places), default=0)


def read(typed: str) -> Asked:
    """What was typed, without control characters, in at most `LONGEST` characters and `MOST_WORDS` words."""
    clean = "".join(" " if unicodedata.category(character) == "Cc" else character for character in typed[: 4 * LONGEST])
    text = " ".join(clean.split())
    was_cut = len(typed) > 4 * LONGEST or len(text) > LONGEST
    text = text[:LONGEST].strip()
    # Signs alone ("&", "%", "😀") say nothing, and no index knows them.
    words = [word for word in text.lower().split() if any(character.isalnum() for character in word)]
    return Asked(text, tuple(_terms(words[:MOST_WORDS])), was_cut or len(words) > MOST_WORDS)


def _terms(words: list[str]) -> Iterator[Term]:
    seen: set[str] = set()
    for numeric, run in groupby(words, lambda word: bool(_NUMBER.fullmatch(word))):
        together = list(run)
        phone = _phone(together) if numeric else None
        if phone:
            yield phone
            continue
        for word in together:
            if word not in seen:
                seen.add(word)
                yield Term((word,))


def _phone(parts: list[str]) -> Term | None:
    """Parts of a number as one telephone number; None where they are too few digits, or too many."""
    digits = "".join(_NO_DIGITS.sub("", part) for part in parts)
    if not PHONE <= len(digits) <= LONGEST_PHONE:
        return None
    national = _national(digits, written_abroad=parts[0].startswith("+"))
    groups = [group for part in parts for group in _NO_DIGITS.split(part) if group]
    left = len(national)
    kept: list[str] = []
    for group in reversed(groups):
        if left > 0:
            kept.insert(0, group[-left:])
            left -= len(group)
    return Term(() if len(digits) >= SURELY_PHONE else tuple(parts), national, tuple(kept))


def _national(digits: str, *, written_abroad: bool) -> str:
    """The number without the code of its country and the zero before its area: what all ways to write it share."""
    if digits.startswith("00"):
        digits, written_abroad = digits[2:], True
    if written_abroad or (len(digits) > 10 and not digits.startswith("0")):
        code = 1 if digits[0] in _ONE else 2 if digits[:2] in _TWO_DIGITS else 3
        shorter = digits[code:].lstrip("0")
        if len(shorter) >= 4:
            return shorter
    return digits.lstrip("0") or digits


def _plain(asked: Asked) -> Iterator[str]:
    for term in asked.terms:
        yield from [term.digits] if term.digits and not term.words else term.words
