"""The timeline of one project: everything known to have happened or to be planned, latest first, filtered and paged.

Its sources are the record's own dates, the events that OpenSolar lists, the changes that the portal noticed, and what
happened while it was synced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import ChangeSource

PAGE = 30
SALE, SYSTEMS, PEOPLE, NOTES, SYNC, OTHER = "sale", "systems", "people", "notes", "sync", "other"
KINDS = {
    SALE: gettext_lazy("Stage and sale"),
    SYSTEMS: gettext_lazy("Systems and prices"),
    PEOPLE: gettext_lazy("People"),
    NOTES: gettext_lazy("Notes"),
    SYNC: gettext_lazy("Syncs"),
    OTHER: gettext_lazy("Other"),
}
SOURCES = {
    ChangeSource.VENDOR.value: gettext_lazy("OpenSolar"),
    ChangeSource.PERSON.value: gettext_lazy("the portal"),
    ChangeSource.API.value: gettext_lazy("the API"),
}
LONGEST = 64


@dataclass(frozen=True, slots=True)
class Line:
    """One field that changed: `before` and `after` in words, empty for nothing; `about` whose it is, if not obvious.

    A line without `changed` is a sentence of its own.
    """

    what: str
    before: str = ""
    after: str = ""
    about: str = ""
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on the timeline. `moment` orders; people are shown `at` or, where only the day is known, `day`."""

    moment: datetime
    kind: str
    icon: str
    tone: str = ""
    title: str = ""
    at: datetime | None = None
    day: date | None = None
    source: str = ChangeSource.VENDOR.value
    who: str = ""
    note: str = ""
    lines: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """Which part of the timeline somebody asked for; what could not be understood is left out and said in `hint`."""

    kind: str = ""
    source: str = ""
    before: datetime | None = None
    hint: str = ""

    def address(self, **changes: str) -> str:
        """The query of the same wish with other filters; from the latest entry on, unless `before` is given."""
        values = {"what": self.kind, "by": self.source, **changes}
        return "?" + urlencode({name: value for name, value in values.items() if value})

    def wants(self, entry: Entry) -> bool:
        """Whether an entry is asked for."""
        fits = self.kind in ("", entry.kind) and self.source in ("", entry.source)
        return fits and (self.before is None or entry.moment < self.before)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter; `name` serves as the link's id."""

    name: str
    label: str
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of entries; `earlier` is the query of the next page, empty at the beginning of the story."""

    wish: Wish
    entries: list[Entry]
    earlier: str = ""
    kinds: list[Choice] = field(default_factory=list)
    sources: list[Choice] = field(default_factory=list)

    @property
    def latest(self) -> str:
        """The query of the same filters, from the latest entry on."""
        return self.wish.address()

    @property
    def source_label(self) -> str:
        """The chosen source."""
        return next(choice.label for choice in self.sources if choice.chosen)


def read_wish(query: Mapping[str, str]) -> Wish:
    """The filters of an address: `what`, `by`, `before` (a moment). Unknown values are told, not obeyed."""
    wish, unknown = Wish(), False
    kind, source, before = (query.get(name, "") for name in ("what", "by", "before"))
    if kind:
        wish, unknown = (replace(wish, kind=kind), unknown) if kind in KINDS else (wish, True)
    if source:
        wish, unknown = (replace(wish, source=source), unknown) if source in SOURCES else (wish, True)
    if before:
        moment = _moment(before)
        wish, unknown = (replace(wish, before=moment), unknown) if moment else (wish, True)
    hint = _("The address asks for a filter of the timeline that does not exist; it was left out.")
    return replace(wish, hint=hint) if unknown else wish


def page_of(wish: Wish, found: Sequence[Entry]) -> Timeline:
    """The first page of what was found; entries of one moment are never torn apart."""
    entries = sorted((entry for entry in found if wish.wants(entry)), key=lambda entry: entry.moment, reverse=True)
    taken = entries[:PAGE]
    taken += [entry for entry in entries[PAGE:] if entry.moment == taken[-1].moment]
    earlier = ""
    if len(entries) > len(taken):
        earlier = wish.address(before=taken[-1].moment.astimezone(UTC).isoformat())
    return Timeline(wish, taken, earlier, _choices(wish), _sources(wish))


def _choices(wish: Wish) -> list[Choice]:
    everything = Choice("all", _("All"), wish.address(what=""), not wish.kind)
    return [
        everything,
        *(Choice(kind, str(label), wish.address(what=kind), kind == wish.kind) for kind, label in KINDS.items()),
    ]


def _sources(wish: Wish) -> list[Choice]:
    everywhere = Choice("everywhere", _("everywhere"), wish.address(by=""), not wish.source)
    return [
        everywhere,
        *(Choice(name, str(label), wish.address(by=name), name == wish.source) for name, label in SOURCES.items()),
    ]


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text[:LONGEST])
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
