"""What edits of projects and contacts are called, and their values, on the pages about edits under way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Delivery, Verb
from projects.models import Contact, Project, Role
from projects.services.timeline.words import GENDERS, Names, label_of, value_of
from projects.services.zones import zone_of
from projects.sync.opensolar_writing import CONTACT_COLUMNS, PROJECT_COLUMNS

OWN_LABELS = {
    "contacts": gettext_lazy("Customers"),
    "contacts_new": gettext_lazy("New customers"),
    "date_of_birth": gettext_lazy("Date of birth"),
}


def project_label(name: str) -> str:
    """A field as the project's page calls it."""
    return str(OWN_LABELS.get(name) or label_of("projects", PROJECT_COLUMNS.get(name, name)))


def contact_label(name: str) -> str:
    """A field of a customer."""
    return str(OWN_LABELS.get(name) or label_of("contacts", CONTACT_COLUMNS.get(name, name)))


def project_reader(delivery: Delivery) -> Callable[[str, Any], str]:
    """Puts values of a project into words; whom they name is asked for once, for all of them."""
    project = Project.objects.filter(connection=delivery.connection_id, opensolar_id=_number(delivery)).first()
    sides = [item for side in (delivery.base, delivery.body, delivery.theirs) for item in side.items()]
    names = Names(
        project.country_iso2 if project else "",
        zone_of(project or Project()),
        roles=_named(Role, delivery, [value for name, value in sides if name.endswith("_role")]),
        contacts=_named(
            Contact, delivery, [number for name, value in sides if name == "contacts" for number in value or ()]
        ),
    )

    def read(name: str, value: Any) -> str:
        if name == "contacts_new":
            return "; ".join(_new_contact(contact) for contact in value)
        return value_of("projects", PROJECT_COLUMNS.get(name, name), orjson.dumps(value).decode(), names)

    return read


def contact_value(name: str, value: Any) -> str:
    """A value of a customer in words; a date of birth is not repeated."""
    if name == "date_of_birth":
        return _("as entered")
    return str(GENDERS.get(value, value)) if name == "gender" else str(value)


def correct_project(delivery: Delivery) -> str:
    """The form in which a refused project or edit is corrected; of a deletion there is none."""
    if delivery.verb == Verb.CREATE:
        return f"{reverse('project_new')}?from={delivery.pk}"
    if delivery.verb == Verb.DELETE:
        return ""
    project = Project.objects.filter(connection=delivery.connection_id, opensolar_id=_number(delivery)).first()
    return f"{reverse('project_edit', args=[project.pk])}?from={delivery.pk}" if project else ""


def project_page(delivery: Delivery) -> str:
    """The page of the project, once it is here."""
    project = Project.objects.filter(connection=delivery.connection_id, opensolar_id=_number(delivery)).first()
    return reverse("project", args=[project.pk]) if project else ""


def correct_contact(delivery: Delivery) -> str:
    """The same for a customer; one that was made over the API is corrected there."""
    contact = Contact.objects.filter(connection=delivery.connection_id, opensolar_id=_number(delivery)).first()
    if contact is None or delivery.verb != Verb.CHANGE:
        return ""
    return f"{reverse('contact_edit', args=[contact.pk])}?from={delivery.pk}"


def contact_page(delivery: Delivery) -> str:
    """The page it was done from, else the customer's own, once it is here."""
    if delivery.url:
        return delivery.url
    contact = Contact.objects.filter(connection=delivery.connection_id, opensolar_id=_number(delivery)).first()
    return reverse("contact", args=[contact.pk]) if contact else ""


def _new_contact(contact: dict[str, Any]) -> str:
    name = " ".join(filter(None, (contact.get("first_name"), contact.get("family_name"))))
    return ", ".join(filter(None, (name, contact.get("email"), contact.get("phone"))))


def _named(model: type[Role] | type[Contact], delivery: Delivery, values: list[Any]) -> dict[int, str]:
    numbers = {value for value in values if isinstance(value, int)}
    if not numbers:
        return {}
    rows = model.objects.filter(connection=delivery.connection_id, opensolar_id__in=numbers)
    return {row.opensolar_id: str(row) for row in rows if str(row)}


def _number(delivery: Delivery) -> int:
    return int(delivery.vendor_id) if delivery.vendor_id.isdecimal() else 0
