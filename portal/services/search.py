"""Search over everything that a person may see: the groups that the apps offer, with marks on what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from portal.access import Access
from portal.lib.search_words import Asked
from portal.registry import Findings, Hit, SearchSource, registry
from portal.services.search_marks import marked, pattern_of


@dataclass(frozen=True, slots=True)
class Line:
    """A hit as it is shown: title and note are HTML with what was looked for marked."""

    title: SafeString
    note: SafeString
    url: str
    icon: str
    is_guess: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind, and how many more there are."""

    label: str
    lines: Sequence[Line]
    findings: Findings


@dataclass(frozen=True, slots=True)
class Result:
    """All groups that found something; `total` counts what is not shown, too."""

    groups: Sequence[Group]
    shown: int
    total: int
    is_least: bool


def search(access: Access, asked: Asked, limit: int) -> Result:
    """Up to `limit` hits a group; with nothing asked, what is offered before anybody types."""
    sources = [
        source for source in registry.searches_for(access) if asked.terms or (source.answers_nothing and not asked.text)
    ]
    pattern = pattern_of(asked)
    found = [_group(source, source.find(access, asked, limit), pattern) for source in sources]
    groups = [group for group in found if group.lines]
    shown = sum(len(group.lines) for group in groups)
    more = sum(group.findings.more for group in groups)
    return Result(groups, shown, shown + more, any(group.findings.is_least for group in groups))


def _group(source: SearchSource, findings: Findings, pattern: re.Pattern[str] | None) -> Group:
    return Group(str(source.label), [_line(hit, pattern) for hit in findings.hits], findings)


def _line(hit: Hit, pattern: re.Pattern[str] | None) -> Line:
    return Line(marked(hit.title, pattern), marked(hit.note, pattern), hit.url, hit.icon, hit.is_guess)
