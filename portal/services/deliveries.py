"""Edits on their way, as their authors and administrators read them: which there are, and each value in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from portal.access import Access
from portal.models import Delivery, DeliveryState, Kind
from portal.models.outbox import FOR_A_PERSON, OPEN
from portal.registry import registry

TONES = {
    DeliveryState.PENDING: "wait",
    DeliveryState.SENDING: "info",
    DeliveryState.SENT: "well",
    DeliveryState.REFUSED: "act",
    DeliveryState.UNKNOWN: "act",
    DeliveryState.CONFLICT: "watch",
    DeliveryState.CANCELLED: "",
}
SHOWN = {"open": OPEN, "mine": FOR_A_PERSON, "over": (DeliveryState.SENT, DeliveryState.CANCELLED)}
GENERAL = "non_field_errors"
Reader = Callable[[str, Any], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One value of an edit: what the editor saw, what is wanted, what stands at the vendor, and what it said."""

    name: str
    label: str
    seen: str
    wanted: str
    theirs: str
    is_met: bool
    errors: Sequence[str]


def visible(access: Access) -> QuerySet[Delivery]:
    """Administrators see all of the organisation whose money they may see, others their own."""
    rows = Delivery.objects.filter(organisation=access.organisation)
    words = registry.delivery_words.items()
    if not access.is_administrator:
        closed = [name for name, one in words if one.for_administrators]
        return rows.filter(actor=access.user).exclude(resource__in=closed)
    if access.sees_all_money:
        return rows
    return rows.filter(~Q(resource__in=[name for name, one in words if one.shows_money]) | Q(actor=access.user))


def listed(access: Access, which: str) -> QuerySet[Delivery]:
    """Newest first, of one of the groups in `SHOWN`, else all; without the connections' credentials."""
    rows = visible(access).select_related("actor", "connection").defer("connection__credentials", "answer")
    rows = rows.filter(state__in=SHOWN[which]) if which in SHOWN else rows
    return rows.order_by("-pk")


def wait_for_a_person(access: Access) -> QuerySet[Delivery]:
    """Those of them that go on only when somebody decides: refused, in conflict, or unknown."""
    return visible(access).filter(state__in=FOR_A_PERSON)


def may_write(access: Access) -> bool:
    """Whose edits there can be: those of sales staff and administrators."""
    return access.kind in (Kind.ADMINISTRATOR, Kind.SALES)


def lines_of(delivery: Delivery) -> list[Line]:
    """Its values in words, in the order of the form."""
    names = delivery.body or delivery.theirs
    words = registry.delivery_words.get(delivery.resource)
    read = words.reader_of(delivery) if words else _as_it_is
    return [_line(delivery, name, read) for name in names]


def fields_of(delivery: Delivery) -> str:
    """The labels of what it changes, for one line of a list."""
    return ", ".join(_label(delivery, name) for name in delivery.body)


def general_errors(delivery: Delivery) -> list[str]:
    """What the vendor said of no field that was sent."""
    known = set(delivery.body)
    found = {name: texts for name, texts in delivery.errors.items() if name.partition(".")[0] not in known}
    return [text for name, texts in found.items() for text in _named(delivery, name, texts)]


def said_of(delivery: Delivery) -> str:
    """The vendor's sentence for a line of a list: its words about each field under the name that our pages use."""
    if delivery.state != DeliveryState.REFUSED or not delivery.errors:
        return delivery.message
    return " · ".join(text for name, texts in delivery.errors.items() for text in _named(delivery, name, texts))


def correct_url(delivery: Delivery) -> str:
    """The form in which a refused edit is corrected; empty where there is none."""
    words = registry.delivery_words.get(delivery.resource)
    return words.correct_url(delivery) if words else ""


def page_url(delivery: Delivery) -> str:
    """The page of what it is about; empty while there is none."""
    words = registry.delivery_words.get(delivery.resource)
    return words.page_url(delivery) if words else delivery.url


def _named(delivery: Delivery, name: str, texts: Sequence[str]) -> list[str]:
    return list(texts) if name == GENERAL else [f"{_label(delivery, name)}: {text}" for text in texts]


def _line(delivery: Delivery, name: str, read: Reader) -> Line:
    errors = [t for key, ts in delivery.errors.items() if key == name or key.startswith(f"{name}.") for t in ts]
    met = name in delivery.theirs
    return Line(
        name,
        _label(delivery, name),
        _value(read, name, delivery.base.get(name)) if name in delivery.base else "",
        _value(read, name, delivery.body.get(name)),
        _value(read, name, delivery.theirs.get(name)) if met else "",
        met,
        errors,
    )


def _label(delivery: Delivery, name: str) -> str:
    words = registry.delivery_words.get(delivery.resource)
    return words.label_of(name) if words else name.replace("_", " ").capitalize()


def _value(read: Reader, name: str, value: Any) -> str:
    return "" if value in (None, "", []) else read(name, value)


def _as_it_is(name: str, value: Any) -> str:
    return str(value)
