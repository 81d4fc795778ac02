"""Editing customers: a contact's own data, new ones, and deleting one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import ChangeSource, Connection, Delivery, Verb
from portal.services.outbox import Act, store
from projects.access import visible_contacts
from projects.models import Contact, Project
from projects.services.edits.checking import REACHABLE, Wrong, contact_values, says_the_same
from projects.services.edits.projects import CONTACTS, Refused, Seen, insist_on_name
from projects.services.edits.shown import pending_contact
from projects.services.search.contacts import containing
from projects.sync.opensolar_writing import CONTACT_COLUMNS

UNSEEN = ("date_of_birth",)
MOST_FOUND = 20


def seen_of_contact(contact: Contact) -> Seen:
    """What a person sees of a contact now; OpenSolar gives contacts no date of change."""
    values = {name: getattr(contact, column) for name, column in CONTACT_COLUMNS.items()}
    return Seen({**values, **pending_contact(contact)})


def to_put_on(access: Access, project: Project, typed: str, current: Iterable[int]) -> list[Contact]:
    """Customers of the same account that fit what was typed and are not on the project; nobody for nothing."""
    # A database has no character NUL.
    text = typed.replace("\0", "").strip()[:200]
    if not text:
        return []
    rows = containing(visible_contacts(access).filter(connection=project.connection_id), text)
    return list(rows.exclude(opensolar_id__in=current).order_by("display", "pk")[:MOST_FOUND])


def create_contact(
    access: Access,
    connection: Connection,
    given: Mapping[str, Any],
    *,
    once: UUID | None = None,
    source: str = ChangeSource.PERSON,
) -> Delivery:
    """A new contact that belongs to no project yet. Raises Wrong.

    Contacts with the same data that are there already are noted, so that none of them is taken for the new one.
    """
    values = {name: value for name, value in contact_values(given).items() if value not in (None, "")}
    if not any(values.get(name) for name in REACHABLE):
        raise Wrong({"first_name": [_("Give at least a name, an e-mail address or a phone.")]})
    same = Q(**{name: values.get(name, "") for name in REACHABLE})
    known = Contact.objects.filter(same, connection=connection).values_list("opensolar_id", flat=True)
    name = " ".join(filter(None, (values.get("first_name"), values.get("family_name"))))
    act = Act(
        connection,
        CONTACTS,
        Verb.CREATE,
        body=values,
        base={"known": list(known)},
        about=name or values.get("email", "") or values.get("phone", ""),
        once=once,
    )
    return store(access, act, source)


def edit_contact(
    access: Access,
    contact: Contact,
    given: Mapping[str, Any],
    seen: Seen | None = None,
    *,
    project: int | None = None,
    once: UUID | None = None,
    source: str = ChangeSource.PERSON,
) -> Delivery | None:
    """Changes the given fields; `project` is the page it was done from. None where nothing differs. Raises Wrong."""
    _insist(contact)
    before = seen or seen_of_contact(contact)
    values = contact_values(given)
    changed = {
        name: value
        for name, value in values.items()
        # What is never shown cannot be compared here: the outbox leaves out what stands there already.
        if name in UNSEEN or not says_the_same(name, before.values.get(name), value)
    }
    if not changed:
        return None
    act = Act(
        contact.connection,
        CONTACTS,
        Verb.CHANGE,
        vendor_id=str(contact.opensolar_id),
        body=changed,
        base={name: before.values[name] for name in changed if name in before.values},
        about=name_of(contact),
        url=_page(project),
        once=once,
    )
    return store(access, act, source)


def delete_contact(
    access: Access,
    contact: Contact,
    seen: Seen | None = None,
    *,
    project: int | None = None,
    once: UUID | None = None,
    source: str = ChangeSource.PERSON,
) -> Delivery:
    """Deletes it at OpenSolar, from all its projects, unless it was changed since it was seen."""
    _insist(contact)
    act = Act(
        contact.connection,
        CONTACTS,
        Verb.DELETE,
        vendor_id=str(contact.opensolar_id),
        base=(seen or seen_of_contact(contact)).values,
        about=name_of(contact),
        url=_page(project),
        once=once,
    )
    return store(access, act, source)


def insist_on_typed(contact: Contact, typed: str) -> None:
    """Deleting takes the contact's name, typed. Raises Wrong."""
    insist_on_name(name_of(contact), typed)


def _insist(contact: Contact) -> None:
    if contact.removed_at or contact.withheld_at:
        raise Refused(_("OpenSolar does not show this contact any more, so it cannot be changed there."))


def name_of(contact: Contact) -> str:
    """What a customer is called, never empty."""
    return str(contact) or number_of(contact)


def number_of(contact: Contact) -> str:
    """What stands for a name where there is none."""
    return _("Contact %(number)s") % {"number": contact.opensolar_id}


def _page(project: int | None) -> str:
    return reverse("project", args=[project]) if project else ""
