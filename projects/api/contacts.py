"""Contacts over the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from portal.api.filters import WholeNumber, Words
from portal.api.records import MirroredSerializer, Records, mirrored_columns
from projects.access import visible_contacts
from projects.api.filters import OpenSolarFilters, numbers_of
from projects.models import Contact, ProjectContact
from projects.services.search.contacts import containing


class ContactSerializer(MirroredSerializer):
    """A customer's details."""

    class Meta:
        model = Contact
        fields = (*mirrored_columns(Contact), "payload")


class ContactFilters(OpenSolarFilters):
    """Filters of contacts."""

    q = Words(method="search", help_text="Part of a name, e-mail or phone, any case.")
    email = Words(field_name="email", lookup_expr="iexact", help_text="The whole address, any case.")
    phone = Words(field_name="phone", lookup_expr="contains", help_text="Part of the number, as written.")
    project = WholeNumber(method="of_project", help_text="The portal's id of a project: its contacts.")

    def search(self, contacts: QuerySet[Contact], name: str, text: str) -> QuerySet[Contact]:
        """Looks for the text as it stands in any of the columns."""
        return containing(contacts, text)

    def of_project(self, contacts: QuerySet[Contact], name: str, pk: Any) -> QuerySet[Contact]:
        """None for a project that this person does not see."""
        numbers = numbers_of(self.request, pk)
        if numbers is None:
            return contacts.none()
        links = ProjectContact.objects.filter(connection_id=numbers[0], project_ref=numbers[1])
        return contacts.filter(connection_id=numbers[0], opensolar_id__in=links.values("contact_ref"))


CONTACTS = Records(
    name="contacts",
    about="Customers' details from OpenSolar. Inspectors and installers see those of their projects.",
    model=Contact,
    serializer=ContactSerializer,
    visible=visible_contacts,
    filters=ContactFilters,
)
