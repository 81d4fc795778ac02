"""What the page of a price or component shows beside it: its edits under way, and what changed in it before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import Access
from portal.models import Change, DeliveryState
from portal.models.outbox import OPEN, UNDER_WAY
from portal.services import deliveries as words
from projects.services.decoded import words_of
from projects.services.edits.shown import edit_lines
from projects.services.money_inside import is_hidden
from projects.services.prices.edits import may_write, open_deliveries
from projects.services.prices.parts import PARTS, Part, PriceRecord, key_of, part_of
from projects.services.prices.words import label_of, value_of
from projects.services.timeline.changes import who_of
from projects.services.timeline.entries import OTHER, Entry, Line
from projects.services.timeline.words import decoded
from projects.sync.opensolar_price_writing import column_of

MOST_CHANGES = 100
AROUND = {
    "new": gettext_lazy("Came to the portal"),
    "removed": gettext_lazy("Removed at OpenSolar"),
    "withheld": gettext_lazy("OpenSolar no longer shows it"),
    "back": gettext_lazy("It is back"),
}


def panel_of(access: Access, record: PriceRecord) -> dict[str, Any]:
    """Context for the page: edits that are not over for administrators, the history for who sees the record."""
    found = open_deliveries(access, record) if access.is_administrator else []
    part = part_of(record)
    return {
        "edit_lines": edit_lines(access, found),
        "edits_poll": any(row.state in UNDER_WAY for row in found),
        "may_write": may_write(access, record),
        "edit_url": part.url("edit", record),
        "delete_url": "" if part.is_single else part.url("delete", record),
        "entries": history_of(access, record),
        # A record of the whole account has no place, and so no clock of its own.
        "zone": "",
    }


@dataclass(frozen=True, slots=True)
class Mark:
    """How the latest edit of a record stands, in words and a tone."""

    label: str
    tone: str


def marks_on(access: Access, part: Part, records: Iterable[PriceRecord]) -> dict[str, Mark]:
    """By key: how edits of these records stand that are not over; for administrators, one query."""
    if not access.is_administrator:
        return {}
    keys = [key_of(record) for record in records]
    rows = words.visible(access).filter(resource=part.resource, vendor_id__in=keys, state__in=OPEN).order_by("pk")
    tones = words.TONES
    return {row.vendor_id: Mark(row.get_state_display(), tones[DeliveryState(row.state)]) for row in rows.defer("body")}


def new_url(access: Access, part: Part) -> str:
    """Where one more is made; empty for who may not."""
    return part.url("new") if part.may_add(access) else ""


def history_of(access: Access, record: PriceRecord) -> list[Entry]:
    """The latest changes, a moment and author an entry; without the money that this person may not see."""
    resource = part_of(record).resource
    rows = Change.objects.filter(connection=record.connection_id, resource=resource, vendor_id=key_of(record))
    rows = rows.select_related("actor").order_by("-at", "pk")[:MOST_CHANGES]
    seen = [row for row in rows if not is_hidden(row.field, access)]
    groups = groupby(seen, key=lambda row: (row.at, row.source, row.actor_id))
    return [_entry(resource, list(group)) for _key, group in groups]


def _entry(resource: str, rows: Sequence[Change]) -> Entry:
    first = rows[0]
    names = {column_of(resource, name): name for name in PARTS[resource].slots}
    return Entry(
        moment=first.at,
        kind=OTHER,
        icon="edit",
        at=first.at,
        source=first.source,
        who=who_of(first),
        lines=[_line(resource, names.get(row.field, ""), row) for row in rows],
    )


def _line(resource: str, name: str, row: Change) -> Line:
    """`name` is the writable field that stands in the column; of others the column's own name is said."""
    before, after = (_said(name or row.field, decoded(text)) for text in (row.before, row.after))
    if not row.field:
        word = str(decoded(row.after))
        return Line(str(AROUND.get(word, word)), changed=False)
    label = label_of(resource, name) if name else words_of(row.field.rpartition(".")[2])
    return Line(label, before, after)


def _said(name: str, value: Any) -> str:
    """A value in words; what is no single one is only counted."""
    if isinstance(value, dict | list):
        return _("%(count)s entries") % {"count": len(value)}
    return value_of(name, value)
