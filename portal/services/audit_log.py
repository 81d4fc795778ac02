"""Reads the audit log: newest first, by person, act and day, on the page and in the export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from portal.models import AuditEntry
from portal.services.audit_words import ACTS

PAGE = 50
EXPORTED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the log; `hints` say what was not understood."""

    act: str = ""
    actor: str = ""
    since: date | None = None
    until: date | None = None
    before: int = 0
    hints: Sequence[str] = field(default=(), compare=False)

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.act or self.actor or self.since or self.until)

    def query(self, before: int = 0) -> str:
        """The same as a query string, from another entry on."""
        values = {"act": self.act, "who": self.actor, "from": self.since, "to": self.until, "before": before}
        return "?" + urlencode({name: str(value) for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, and where the earlier ones begin."""

    entries: Sequence[AuditEntry]
    earlier_url: str


def read(params: Mapping[str, str]) -> Asked:
    """What is asked; anything that is no act, number or day becomes a hint."""
    hints: list[str] = []
    act = params.get("act", "")
    if act and act not in ACTS:
        hints.append(_("There is no such act; all are shown."))
        act = ""
    actor, before = params.get("who", ""), params.get("before", "")
    return Asked(
        act=act,
        actor=actor if _is_number(actor) else "",
        since=_day(params.get("from", ""), hints),
        until=_day(params.get("to", ""), hints),
        before=int(before) if _is_number(before) else 0,
        hints=hints,
    )


def page_of(asked: Asked) -> Page:
    """One page of the organisation in force."""
    entries = list(_matching(asked).order_by("-pk")[: PAGE + 1])
    more = len(entries) > PAGE
    return Page(entries[:PAGE], asked.query(before=entries[PAGE - 1].pk) if more else "")


def actors() -> list[tuple[str, str]]:
    """Everybody who stands in the log, by name: whom one may narrow it to."""
    found = AuditEntry.objects.exclude(actor=None).order_by().values_list("actor").annotate(name=Max("actor_name"))
    return sorted(((str(pk), name) for pk, name in found), key=lambda one: one[1].lower())


def rows(asked: Asked) -> Iterator[list[str]]:
    """Head and lines of the export, oldest last, a few hundred at a time so that memory stays small."""
    yield [_("When (UTC)"), _("Who"), _("What"), _("About"), _("Details")]
    before = 0
    while True:
        found = _matching(asked, before)
        chunk = list(found.order_by("-pk")[:EXPORTED_AT_ONCE])
        for entry in chunk:
            moment = entry.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            yield [moment, entry.actor_name, what(entry.act), entry.about, details(entry)]
        if len(chunk) < EXPORTED_AT_ONCE:
            return
        before = chunk[-1].pk


def what(act: str) -> str:
    """An act in words; one that is no longer known as it was stored."""
    return str(ACTS.get(act, act))


def details(entry: AuditEntry) -> str:
    """The details as one line: "costs: yes; prices: no"; what is empty says nothing, a "no" does.

    By name: PostgreSQL keeps no other order.
    """
    said = {name: _plain(value) for name, value in sorted(entry.details.items())}
    return "; ".join(f"{name.replace('_', ' ')}: {text}" for name, text in said.items() if text)


def _matching(asked: Asked, before: int = 0) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.all()
    if asked.act:
        entries = entries.filter(act=asked.act)
    if asked.actor:
        entries = entries.filter(actor=int(asked.actor))
    if asked.since:
        entries = entries.filter(at__gte=_midnight(asked.since))
    if asked.until:
        entries = entries.filter(at__lt=_midnight(asked.until) + timedelta(days=1))
    before = before or asked.before
    return entries.filter(pk__lt=before) if before else entries


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _day(text: str, hints: list[str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.year < 2000 or day.year > 9000:
        hints.append(_("“%s” is no day; write it as 2026-11-20.") % text[:20])
        return None
    return day
