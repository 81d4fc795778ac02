"""Marks in a text what was looked for, as HTML whose every other character is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.lib.search_words import Asked

# What may stand between two digits of one telephone number.
_BETWEEN = r"[ ().\-/]{0,2}"


def pattern_of(asked: Asked) -> re.Pattern[str] | None:
    """What to mark; None while nothing is asked."""
    wanted = sorted(set(_wanted(asked)), key=len, reverse=True)
    return re.compile("|".join(wanted), re.IGNORECASE) if wanted else None


def marked(text: str, pattern: re.Pattern[str] | None) -> SafeString:
    """The text as HTML, with a `mark` around each hit."""
    if pattern is None:
        return format_html("{}", text)
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text, pattern)))


def _pieces(text: str, pattern: re.Pattern[str]) -> Iterator[str | SafeString]:
    end = 0
    for hit in pattern.finditer(text):
        yield text[end : hit.start()]
        yield format_html("<mark>{}</mark>", hit.group())
        end = hit.end()
    yield text[end:]


def _word(word: str) -> str:
    """Short words are looked for at the beginning of words; marked anywhere, they would speckle the page."""
    return re.escape(word) if len(word) > 2 else rf"(?<!\w){re.escape(word)}"


def _wanted(asked: Asked) -> Iterator[str]:
    for term in asked.terms:
        yield from (_word(word) for word in term.words)
        if term.digits:
            yield _BETWEEN.join(term.digits)
