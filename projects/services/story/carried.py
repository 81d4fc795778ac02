"""What OpenSolar's project carries beyond our columns: files, events, next steps, usage, serial numbers.

Only keys that its documents name are read (reference, sections 6.2, 6.7 and 6.8); every one may be missing or odd.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Payload
from portal.vendors.opensolar.values import id_of
from projects.models import Project
from projects.services.parts import number, text
from projects.services.story.consumption import Consumption, consumption_in

MOST_EVENTS = 500
SERIALS = {
    "serial_numbers_panels": gettext_lazy("Panels"),
    "serial_numbers_inverters": gettext_lazy("Inverters"),
    "serial_numbers_batteries": gettext_lazy("Batteries"),
}
# `usage_data_source` of the documents: what was entered, and whether it is energy, money or a guess.
USAGES = {
    "kwh_annual": (gettext_lazy("one yearly figure"), "kwh"),
    "kwh_monthly": (gettext_lazy("twelve monthly figures"), "kwh"),
    "kwh_daily_per_month": (gettext_lazy("a daily figure for each month"), ""),
    "kwh_every_second_month": (gettext_lazy("six figures, one for two months"), "kwh"),
    "kwh_quarterly": (gettext_lazy("four quarterly figures"), "kwh"),
    "bill_annual": (gettext_lazy("one yearly bill"), ""),
    "bill_monthly": (gettext_lazy("twelve monthly bills"), ""),
    "bill_every_second_month": (gettext_lazy("six bills, one for two months"), ""),
    "bill_quarterly": (gettext_lazy("four quarterly bills"), ""),
    "estimate": (gettext_lazy("an estimate"), "guess"),
}
GUESSES = {"Low": gettext_lazy("low"), "Medium": gettext_lazy("medium"), "High": gettext_lazy("high")}


@dataclass(frozen=True, slots=True)
class File:
    """A private file by name; its address lives an hour, is a secret and is kept nowhere. `size` in bytes."""

    title: str
    tags: str
    size: int | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class VendorEvent:
    """Something noted at OpenSolar. `at`: when it began or was noted; `kind`: its number in the documents."""

    kind: int | None
    title: str
    notes: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One of OpenSolar's actions; done when it has events and all of them are complete."""

    title: str
    done: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """How the customer's consumption was entered; `kwh` the year's sum, where the figures are energy."""

    source: str
    kwh: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """All of it; empty where nothing is known."""

    files: list[File] = field(default_factory=list)
    events: list[VendorEvent] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    usage: Usage | None = None
    serials: list[tuple[str, str]] = field(default_factory=list)
    site_notes: str = ""
    meter: str = ""
    pricing_locked: bool = False
    payment_option: int | None = None
    consumption: Consumption = field(default_factory=Consumption)


def carried_by(project: Project) -> Carried:
    """Reads the project's fullest body: one query."""
    rows = Payload.objects.filter(
        connection=project.connection_id, resource="projects", vendor_id=str(project.opensolar_id)
    )
    body = rows.order_by("shape").values_list("body", flat=True).first()  # "detail" before "list"
    record = _decoded(body)
    return read(record) if isinstance(record, dict) else Carried()


def read(record: dict[str, Any]) -> Carried:
    """The documented keys of a project."""
    return Carried(
        files=[_file(entry) for entry in _objects(record, "private_files_data") if not entry.get("temporary")],
        events=[event for entry in _objects(record, "events_data")[:MOST_EVENTS] if (event := _event(entry))],
        steps=[_step(entry) for entry in _objects(record, "actions") if text(entry, "title")],
        usage=_usage(record.get("usage")),
        serials=[(str(label), said) for key, label in SERIALS.items() if (said := text(record, key))],
        site_notes=text(record, "site_notes"),
        meter=text(record, "meter_identifier"),
        pricing_locked=record.get("is_pricing_locked") is True,
        payment_option=id_of(record.get("payment_option_sold")),
        consumption=consumption_in(record),
    )


def moment(value: Any) -> datetime | None:
    """A time as OpenSolar writes it (ISO 8601, sometimes with a space); None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        found = parse_datetime(value.strip())
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC) if found else None
    except (ValueError, OverflowError):
        return None


def _file(entry: dict[str, Any]) -> File:
    tags = [text(tag, "title") for tag in _objects(entry, "file_tags_data")]
    size = number(entry, "filesize")
    return File(
        title=text(entry, "title") or _("File without a name"),
        tags=", ".join(tag for tag in tags if tag),
        size=int(size) if size and size > 0 else None,
        at=moment(entry.get("modified_date")) or moment(entry.get("created_date")),
    )


def _event(entry: dict[str, Any]) -> VendorEvent | None:
    at = moment(entry.get("start")) or moment(entry.get("created_date"))
    if at is None or entry.get("is_archived") is True:
        return None
    kind, who = entry.get("event_type_id"), entry.get("who")
    display = text(who, "display") if isinstance(who, dict) else ""
    return VendorEvent(
        kind=kind if isinstance(kind, int) and not isinstance(kind, bool) else None,
        title=text(entry, "title"),
        notes=text(entry, "notes"),
        who="" if display == "Unknown User" else display,
        at=at,
    )


def _step(entry: dict[str, Any]) -> Step:
    events = _objects(entry, "events")
    return Step(text(entry, "title"), bool(events) and all(event.get("is_complete") is True for event in events))


def _usage(value: Any) -> Usage | None:
    entry = _decoded(value) if isinstance(value, str) else value
    if not isinstance(entry, dict):
        return None
    source, values = entry.get("usage_data_source"), entry.get("values")
    if not isinstance(source, str) or source not in USAGES:
        return None
    words, unit = USAGES[source]
    if unit == "guess":
        guess = GUESSES.get(values) if isinstance(values, str) else None
        return Usage(_("%(words)s: %(guess)s") % {"words": words, "guess": guess} if guess else str(words))
    figures = [number({"kwh": each}, "kwh") for each in (values if isinstance(values, list) else [values])]
    known = [figure for figure in figures if figure is not None]
    return Usage(str(words), sum(known, Decimal(0)) if unit == "kwh" and known and len(known) == len(figures) else None)


def _objects(record: dict[str, Any], key: str) -> list[dict[str, Any]]:
    entries = record.get(key)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _decoded(body: Any) -> Any:
    try:
        return orjson.loads(body) if body else None
    except (ValueError, TypeError):
        return None
