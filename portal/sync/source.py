"""What an app tells the engine about a vendor: how to open it, what to list, how to read and link records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.lib.http import Transport
    from portal.models import Connection, MirroredRecord
    from portal.sync.gate import Gate
    from portal.sync.reported import Hooks
    from portal.sync.writing import Writer

Record = dict[str, Any]
Key = int | str


class RecordProblem(Exception):
    """A record that cannot be taken in; the text is a sentence for an administrator."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record as read at the edge: `columns` holds only what the record says, `links` what `after` needs."""

    columns: dict[str, Any]
    modified: datetime | None = None
    links: Any = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record that is new or changed, about to be written (or just written, when `after` sees it).

    Of one that we hold, `before` are its columns that differ, as they were; `was_hidden` if it was removed or withheld;
    `digest_before` is the stored digest of this shape, None where it came in others only.
    """

    key: Key
    shape: str
    record: Record
    digest: bytes
    parsed: Parsed
    is_new: bool
    before: Mapping[str, Any] = field(default_factory=dict)
    was_hidden: bool = False
    digest_before: bytes | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a listing: its number, its records, when it was asked for."""

    number: int
    records: Sequence[Any]
    requested_at: datetime


def never_listed(gate: Gate, start: int) -> Iterator[Listed]:
    """Of a kind that no listing shows; its records come inside others, or by their own addresses."""
    raise RecordProblem("The vendor has no list of these.")


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of record: where its lists and single records come from, and how they become columns.

    `parse` raises RecordProblem; `after` runs in the transaction that wrote the arrivals. `mapping` is raised when
    `parse` reads more than before, so that unchanged bodies are read again. `no_news` names columns whose changes say
    nothing that others do not say: derived text, moments of the record itself. `by_key` names columns that hold an
    object: their history is kept key by key. What is `optional` an account need not have: a refusal of its list
    switches it off, and is looked at again once a day.
    """

    name: str
    model: type[MirroredRecord]
    fetch: Callable[[Gate, Key], Record]
    key_of: Callable[[Any], Key]
    parse: Callable[[Record, str], Parsed]
    pages: Callable[[Gate, int], Iterator[Listed]] = never_listed
    shape_of: Callable[[Record], str] = lambda record: "list"
    after: Callable[[Connection, Sequence[Arrival]], None] | None = None
    every_minutes: int = 15
    mapping: int = 1
    no_news: frozenset[str] = frozenset()
    by_key: frozenset[str] = frozenset()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Something fetched by its own address after a listing asked for it: brings records of one resource and shape.

    `spends` is the action whose published limits each request is counted against, empty where none are published. With
    `proves_removal` the vendor reported a deletion: a 404 at the record's own address is the proof.
    """

    name: str
    resource: str
    fetch: Callable[[Gate, str], list[Record]]
    shape: str
    counts_as: str
    proves_removal: bool = False
    spends: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A published throttle: `count` requests in `seconds`, a user's or an account's."""

    scope: str
    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """Requests that wait elsewhere than among the pending fetches, behind all of those: what, how many, what each
    spends."""

    name: str
    spends: str
    waiting: Callable[[Connection], int]


@dataclass(frozen=True, slots=True)
class Verified:
    """What `connect` learnt: credentials to keep (with a token), the account's name, remarks for the person, and which
    optional calls this account does not offer, with the reason."""

    credentials: dict[str, Any]
    account_name: str
    remarks: Sequence[str] = ()
    switched_off: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setup:
    """What connecting needs of a vendor: its default address, secrets by environment names, and a check.

    `from_environment` raises ValueError with a sentence when what it needs is missing. `verify` asks the vendor with
    the credentials given and raises the vendor errors; it stores nothing. The `_help` texts say to an administrator
    where the account's number and a token are found, and what the account's plan has to hold.
    """

    label: str
    base_url: str
    from_environment: Callable[[Mapping[str, str]], dict[str, Any]]
    verify: Callable[[Transport, str, dict[str, Any], bool | None], Verified]
    account_label: Any = ""
    account_help: Any = ""
    token_help: Any = ""
    plan_help: Any = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A vendor as the engine sees it.

    Each run calls `prepare` (switches that the vendor has to be told), lists `resources` in order, fetches what waits
    for `parts`, and calls `finish` (rights, summaries). `new_token` logs in again and returns what to change in the
    credentials, without `token` where the vendor gave none; it raises CredentialsError. `answers` makes one cheap
    request that every account may make: it raises the vendor errors when the whole account is refused. `unlisted`
    kinds have no list of their own: `parts` bring them, or they come inside others. `limit_names` says in words what
    each action of `limits` asks for, `limits_from` where the vendor publishes them, `zone` on which clock most of the
    account's sites are.
    """

    vendor: str
    setup: Setup
    open_client: Callable[[Gate], Any]
    new_token: Callable[[Transport, Connection, dict[str, Any]], dict[str, Any]]
    resources: Sequence[Resource]
    parts: Sequence[Part] = ()
    limits: Mapping[str, Sequence[Limit]] = field(default_factory=dict)
    limit_names: Mapping[str, Any] = field(default_factory=dict)
    limits_from: Any = ""
    backlogs: Sequence[Backlog] = ()
    zone: Callable[[Connection], tzinfo] | None = None
    prepare: Callable[[Gate], None] | None = None
    finish: Callable[[Connection], None] | None = None
    answers: Callable[[Gate], object] | None = None
    unlisted: Sequence[Resource] = ()
    hooks: Hooks | None = None
    writers: Mapping[str, Writer] = field(default_factory=dict)

    def resource(self, name: str) -> Resource:
        """The resource of that name; KeyError if there is none."""
        return {resource.name: resource for resource in (*self.resources, *self.unlisted)}[name]

    def part(self, name: str) -> Part:
        """The part of that name; KeyError if there is none."""
        return {part.name: part for part in self.parts}[name]
