"""Writing the price book and the catalogue: what an administrator wants becomes a delivery to OpenSolar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import Connection, Delivery, Verb
from portal.models.outbox import OPEN, UNDER_WAY
from portal.services import deliveries
from portal.services.audit import note
from portal.services.outbox import Act, store, stored
from portal.vendors.opensolar.price_fields import CONFIGURATION
from projects.services.edits.checking import Wrong
from projects.services.edits.projects import Refused, Seen
from projects.services.prices.checking import differing, price_values
from projects.services.prices.parts import ACCOUNTS, BOOK, CATALOGUE, Part, PriceRecord, key_of, name_of, part_of
from projects.services.prices.words import label_of
from projects.sync.opensolar_price_writing import column_of, value_in


def may_write(access: Access, record: PriceRecord) -> bool:
    """Administrators, and what OpenSolar still shows."""
    return part_of(record).may_add(access) and not (record.removed_at or record.withheld_at)


def seen_of(access: Access, record: PriceRecord) -> Seen:
    """What this person sees of a record now: the mirrored values, and over them what waits to be sent."""
    part = part_of(record)
    values = {name: value_in(record, column_of(part.resource, name)) for name in part.names(access, record)}
    for row in deliveries_of(record).filter(state__in=UNDER_WAY, verb=Verb.CHANGE).order_by("pk"):
        values |= {name: value for name, value in row.body.items() if name in values}
    return Seen(values, getattr(record, "modified_date", None))


def deliveries_of(record: PriceRecord) -> QuerySet[Delivery]:
    """All edits of a record that are not over."""
    whose = {"connection": record.connection_id, "resource": part_of(record).resource, "vendor_id": key_of(record)}
    return Delivery.objects.filter(**whose, state__in=OPEN)


def open_deliveries(access: Access, record: PriceRecord) -> list[Delivery]:
    """Those that this person may see, oldest first."""
    mine = deliveries.visible(access).filter(pk__in=deliveries_of(record).values("pk"))
    return list(mine.select_related("actor").order_by("pk"))


def changed(access: Access, record: PriceRecord, given: Mapping[str, Any], before: Seen) -> dict[str, Any]:
    """What of the given values differs from what was seen. Raises Wrong, Refused."""
    part = part_of(record)
    _insist(access, record)
    _insist_on_rights(part, access, record, given)
    return differing(part, price_values(part, given, before.values, is_new=False), before.values)


def wanted(access: Access, part: Part, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a new record is made of; what was left empty is not sent, nor a switch among settings. Raises Wrong."""
    _insist_on_rights(part, access, None, given)
    values = price_values(part, given, {}, is_new=True)
    nothing = (None, "")
    return {
        name: value
        for name, value in values.items()
        if value not in ((*nothing, False) if part.slots[name].inside == CONFIGURATION else nothing)
    }


def create(
    access: Access, part: Part, connection: Connection, given: Mapping[str, Any], *, once: UUID | None = None
) -> Delivery:
    """A new record. Those that are there already are noted, so that none of them is taken for it. Raises Wrong.

    Twice with the same `once` it is made once.
    """
    values = wanted(access, part, given)
    known = part.model._default_manager.filter(connection=connection).values_list(part.model.VENDOR_KEY, flat=True)
    names = ("title", "manufacturer_name", "code", "module", "inverter", "battery")
    about = " ".join(str(values[name]) for name in names if name in values)
    act = Act(
        connection,
        part.resource,
        Verb.CREATE,
        body=values,
        base={"known": [str(key) for key in known]},
        about=about or str(part.noun),
        once=once,
    )
    return _store(access, part, act, "added")


def edit(
    access: Access, record: PriceRecord, given: Mapping[str, Any], seen: Seen | None = None, *, once: UUID | None = None
) -> Delivery | None:
    """Changes the given values; None where nothing differs from what was seen. Raises Wrong, Refused."""
    before = seen or seen_of(access, record)
    values = changed(access, record, given, before)
    if not values:
        return None
    act = Act(
        record.connection,
        part_of(record).resource,
        Verb.CHANGE,
        vendor_id=key_of(record),
        body=values,
        base={name: before.values[name] for name in values if name in before.values},
        base_modified=before.modified,
        about=name_of(record),
        url=part_of(record).url("", record),
        once=once,
    )
    return _store(access, part_of(record), act, "changed")


def delete(access: Access, record: PriceRecord, seen: Seen | None = None, *, once: UUID | None = None) -> Delivery:
    """Deletes it at OpenSolar, unless somebody has changed it since it was seen. Raises Refused."""
    _insist(access, record)
    before = seen or seen_of(access, record)
    act = Act(
        record.connection,
        part_of(record).resource,
        Verb.DELETE,
        vendor_id=key_of(record),
        base=before.values,
        base_modified=before.modified,
        about=name_of(record),
        url=part_of(record).url("", record),
        once=once,
    )
    return _store(access, part_of(record), act, "deleted")


def _store(access: Access, part: Part, act: Act, what: str) -> Delivery:
    """Kept and noted in one transaction; the same occasion again is neither."""
    if found := stored(act.once):
        return found
    with transaction.atomic():
        made = store(access, act)
        book = {BOOK: "prices", CATALOGUE: "catalogue", ACCOUNTS: "account"}[part.home]
        fields = ", ".join(label_of(part.resource, name) for name in act.body)
        note(access, f"{book}.{what}", act.about, **({"fields": fields} if fields else {}))
    return made


def _insist(access: Access, record: PriceRecord) -> None:
    if record.removed_at or record.withheld_at:
        raise Refused(_("OpenSolar does not show this any more, so it cannot be changed there."))


def _insist_on_rights(part: Part, access: Access, record: PriceRecord | None, given: Mapping[str, Any]) -> None:
    allowed = part.names(access, record)
    if unknown := [name for name in given if name not in allowed]:
        raise Wrong({name: [_("This cannot be written.")] for name in unknown})
