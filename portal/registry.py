"""What apps offer upward to the portal, filled in each app's `AppConfig.ready()`; the portal names no app itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

if TYPE_CHECKING:
    from django.http import HttpRequest

    from portal.access import Access
    from portal.lib.search_words import Asked
    from portal.models import Change, Connection, Delivery
    from portal.sync.source import Source


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the sidebar: shown to whom `visible` says, `url` is a URL name.

    Beside it stands how many rows `count` finds; the frame counts those of all entries in one query.
    """

    label: Any
    url: str
    icon: str
    visible: Callable[[Access], bool] = lambda access: True
    count: Callable[[Access], QuerySet[Any]] | None = None
    order: int = 50


@dataclass(frozen=True, slots=True)
class HomeTile:
    """A part of the home page: figures and a template (or none) with what it needs, for the people that it is for."""

    template: str
    context: Callable[[HttpRequest], dict[str, Any]]
    visible: Callable[[Access], bool] = lambda access: True
    order: int = 50


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step of the first run: `key` names it in the address, `template` shows it; `is_done` says so from the data."""

    key: str
    label: Any
    template: str
    is_done: Callable[[Access], bool]
    context: Callable[[HttpRequest], dict[str, Any]] = lambda request: {}
    order: int = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that a search found, and the page that shows it; `is_guess` where it only resembles what was typed."""

    title: str
    url: str
    note: str = ""
    icon: str = "file"
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """The best hits, how many `more` there are (or at least so many), and the page that lists all of them."""

    hits: Sequence[Hit] = ()
    more: int = 0
    is_least: bool = False
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class SearchSource:
    """A group of the search: `find` gives up to so many hits that this person may see, in a bounded number of queries.

    It is asked with nothing typed only if it `answers_nothing`: with what is worth showing before anybody types.
    """

    label: Any
    find: Callable[[Access, Asked, int], Findings]
    visible: Callable[[Access], bool] = lambda access: True
    order: int = 50
    answers_nothing: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryWords:
    """How edits of one kind of record are read: a field's name, what puts its values
    into words (made once for all of them, with what they name), the form that corrects one,
    and the page of the record; empty where there is none. Those `for_administrators` are nobody else's, not even of
    who made one and is none any more; one that `shows_money` is for its author and for who sees prices and costs."""

    label_of: Callable[[str], str]
    reader_of: Callable[[Delivery], Callable[[str, Any], str]]
    correct_url: Callable[[Delivery], str]
    page_url: Callable[[Delivery], str]
    for_administrators: bool = False
    shows_money: bool = False


@dataclass(frozen=True, slots=True)
class ChangeListener:
    """Hears of changes in the transaction that writes them: of those that `concern` it, if there are any."""

    hear: Callable[[Connection, Sequence[Change]], None]
    concerns: Callable[[Change], bool] = lambda change: True


@dataclass(slots=True)
class Registry:
    """The offers of all apps; `places` are pages one may go to that have no entry in the sidebar."""

    sources: dict[str, Source] = field(default_factory=dict)
    nav: list[NavItem] = field(default_factory=list)
    tiles: list[HomeTile] = field(default_factory=list)
    api: list[tuple[str, Any]] = field(default_factory=list)
    first_steps: list[FirstStep] = field(default_factory=list)
    rights: list[Callable[[int], None]] = field(default_factory=list)
    changes: list[ChangeListener] = field(default_factory=list)
    searches: list[SearchSource] = field(default_factory=list)
    # Whether a path of ours is a link by which the holder of an address may get a login: (path, address).
    invitations: list[Callable[[str, str], bool]] = field(default_factory=list)
    places: list[NavItem] = field(default_factory=list)
    delivery_words: dict[str, DeliveryWords] = field(default_factory=dict)

    def add_source(self, source: Source) -> None:
        """Offers a vendor's records to the sync engine; one source a vendor."""
        if source.vendor in self.sources:
            raise ValueError(f"Two sources call themselves {source.vendor}.")
        self.sources[source.vendor] = source

    def source(self, vendor: str) -> Source:
        """The source of a vendor; KeyError where nobody offers one."""
        return self.sources[vendor]

    def nav_for(self, access: Access) -> Iterable[NavItem]:
        """Sidebar entries this person may use, in order."""
        return sorted((item for item in self.nav if item.visible(access)), key=lambda item: item.order)

    def tiles_for(self, access: Access) -> Iterable[HomeTile]:
        """Parts of the home page for this person, in order."""
        return sorted((tile for tile in self.tiles if tile.visible(access)), key=lambda tile: tile.order)

    def searches_for(self, access: Access) -> Iterable[SearchSource]:
        """Groups of the search for this person, in order."""
        return sorted((source for source in self.searches if source.visible(access)), key=lambda source: source.order)


registry = Registry()
