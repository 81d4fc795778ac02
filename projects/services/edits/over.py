"""Edits of customers that OpenSolar has not answered yet, shown over the mirrored values."""

from __future__ import annotations

from collections.abc import Iterable

from portal.models import Delivery, Verb
from portal.models.outbox import UNDER_WAY
from projects.models import Contact
from projects.sync.opensolar_writing import CONTACT_COLUMNS

NAMES = ("first_name", "family_name")


def show_contacts_over(contacts: Iterable[Contact | None], deliveries: Iterable[Delivery]) -> None:
    """Puts the values under way into the loaded contacts, which must not be saved after that.

    `deliveries` are those of the contacts' project, oldest first.
    """
    by_number = {str(contact.opensolar_id): contact for contact in contacts if contact}
    for row in deliveries:
        contact = by_number.get(row.vendor_id) if row.resource == "contacts" else None
        if contact is None or row.verb != Verb.CHANGE or row.state not in UNDER_WAY:
            continue
        for name, value in row.body.items():
            if name in CONTACT_COLUMNS:
                setattr(contact, CONTACT_COLUMNS[name], "" if value is None else value)
        if any(name in row.body for name in NAMES):
            contact.display = f"{contact.first_name} {contact.family_name}".strip()
