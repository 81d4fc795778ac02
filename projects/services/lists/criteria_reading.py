"""Reads single values of the list's address; what makes no sense is left out and said in a hint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from projects.models import Role

LONGEST_SEARCH = 200
MOST_WORDS = 10
MOST_SAID = 3
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
YEARS = range(1900, 2200)
AMOUNT = re.compile(r"\d{1,9}(\.\d{1,3})?", re.ASCII)


def search(value: str, hints: list[str]) -> str:
    """Search words, spaces made one, cut to a sensible length."""
    words = " ".join(value.replace("\0", " ").split())
    if len(words) > LONGEST_SEARCH:
        sentence = _("Your search is too long: only its first %(count)s characters were looked for.")
        hints.append(sentence % {"count": LONGEST_SEARCH})
    return words[:LONGEST_SEARCH].strip()


def one_of(value: str, known: Sequence[str], what: str, hints: list[str]) -> str:
    """The value if it is known, else nothing."""
    if value and value not in known:
        hints.append(_("There is no %(what)s “%(value)s”; that filter was left out.") % shown(what, value))
        return ""
    return value


def name(value: str, what: str, hints: list[str]) -> str:
    """A name that a vendor gave, as it is; none is as long as a page or holds control characters."""
    return one_of(value, [value] if len(value) <= LONGEST_SEARCH and value.isprintable() else [], what, hints)


def member(value: str, team: Sequence[Role], what: str, hints: list[str]) -> Role | None:
    """The team member with this id."""
    found = next((role for role in team if str(role.pk) == value), None)
    if value and found is None:
        hints.append(_("There is no %(what)s “%(value)s”; that filter was left out.") % shown(what, value))
    return found


def day(value: str, what: str, hints: list[str]) -> date | None:
    """A day as YYYY-MM-DD."""
    if not value:
        return None
    try:
        found = date.fromisoformat(value) if DAY.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        sentence = _("“%(what)s”: %(value)s is no day (as in 2026-03-31); that filter was left out.")
        hints.append(sentence % shown(what, value))
        return None
    return found


def amount(value: str, what: str, hints: list[str]) -> Decimal | None:
    """A number from 0 on, at most three decimals."""
    if not value:
        return None
    if not AMOUNT.fullmatch(value):
        hints.append(
            _("“%(what)s”: %(value)s is no number (as in 8.4); that filter was left out.") % shown(what, value)
        )
        return None
    return Decimal(value)


def say_unknown(params: Iterable[str], known: Iterable[str], hints: list[str]) -> None:
    """Says which parameters mean nothing here: in a view that somebody kept long ago, say."""
    for parameter in [parameter for parameter in params if parameter not in known][:MOST_SAID]:
        hints.append(_("There is no filter “%(value)s”; it was left out.") % shown("", parameter))


def shown(what: str, value: str) -> dict[str, str]:
    """For a sentence: a value at a length that fits."""
    return {"what": what, "value": value if len(value) <= 40 else f"{value[:40]}…"}
