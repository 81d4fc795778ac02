"""Edits of customers that OpenSolar has not answered yet, shown over the mirrored values."""

from __future__ import annotations

from collections.abc import Iterable

from portal.models import Delivery, Verb
from portal.models.outbox import UNDER_WAY
from projects.models import Contact
from projects.sync.opensolar_writing import CONTACT_COLUMNS

NAMES = ("first_name", "family_name")


def show_contacts_over(connection_id: int, contacts: Iterable[Contact | None]) -> None:
    """Puts the values under way into the loaded contacts, which must not be saved after that; one query."""
    by_number = {str(contact.opensolar_id): contact for contact in contacts if contact}
    if not by_number:
        return
    rows = Delivery.objects.filter(
        connection=connection_id,
        resource="contacts",
        vendor_id__in=by_number,
        verb=Verb.CHANGE,
        state__in=UNDER_WAY,
    )
    for row in rows.order_by("pk"):
        contact = by_number[row.vendor_id]
        for name, value in row.body.items():
            if name in CONTACT_COLUMNS:
                setattr(contact, CONTACT_COLUMNS[name], "" if value is None else value)
        if any(name in row.body for name in NAMES):
            contact.display = f"{contact.first_name} {contact.family_name}".strip()
