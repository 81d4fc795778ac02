"""What an app tells the engine about a vendor's webhooks: how to recognise, read, follow and register them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.models import Connection
    from portal.sync.gate import Gate
    from portal.sync.source import Key


class Unreadable(Exception):
    """A delivery that says nothing; the text is a sentence for an administrator."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one delivery says, as the vendor's app read it.

    `about` is the record of ours that it concerns (resource and key), None where the app has no use for it, and then
    `because` says so in a sentence. `event` is the app's own, given back to it in `follow`.
    """

    model: str
    vendor_id: str
    verb: str
    at: datetime | None
    fingerprint: str
    about: tuple[str, Key] | None
    because: str
    event: Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """How our webhook is to be registered."""

    endpoint: str
    headers: Mapping[str, str]
    trigger_fields: Sequence[str]
    payload_fields: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A webhook as the vendor lists it; None for what its list does not show."""

    vendor_id: str
    endpoint: str
    enabled: bool
    headers: Mapping[str, str] | None
    trigger_fields: Sequence[str] | None
    payload_fields: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Hooks:
    """A vendor's webhooks.

    `header` names the request header that carries the secret; `headers_for` makes the headers to register from it.
    `read` raises Unreadable. `follow` asks for (or takes in) what the reports, one a record, say has changed; it may
    run twice. `fields` are those that trigger and those that come along, with or without what not every document of the
    vendor's knows. `registered`, `create` and `update` raise the vendors' errors; `update` takes changes by the names
    of Wanted, and `enabled`. `log` stores the vendor's own delivery log and returns what of the given webhook's never
    arrived here.
    """

    header: str
    headers_for: Callable[[str], Mapping[str, str]]
    digest_of: Callable[[str], str]
    is_genuine: Callable[[str, str], bool]
    read: Callable[[bytes], Report]
    follow: Callable[[Connection, Sequence[Report]], None]
    fields: Callable[[bool], tuple[Sequence[str], Sequence[str]]]
    registered: Callable[[Gate], list[Found]]
    create: Callable[[Gate, Wanted], str]
    update: Callable[[Gate, str, Mapping[str, Any]], None]
    log: Callable[[Gate, str], list[Report]]
    test_body: Callable[[], bytes]
