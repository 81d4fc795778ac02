"""Whom to call about a project: its customers, and the team members named on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Delivery
from projects.models import Contact, Project, ProjectContact, Role
from projects.services.edits.over import show_contacts_over
from projects.services.names import mail_of, role_name

ROLES = {
    "assigned_role": gettext_lazy("Assigned to"),
    "assigned_salesperson_role": gettext_lazy("Salesperson"),
    "assigned_designer_role": gettext_lazy("Designer"),
    "assigned_site_inspector_role": gettext_lazy("Site inspector"),
    "assigned_installer_role": gettext_lazy("Installer"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A customer or a member of the team, with the ways to reach them."""

    name: str
    note: str
    phone: str = ""
    email: str = ""
    meeting_url: str = ""
    meeting_label: str = ""
    pk: int = 0

    @property
    def reach(self) -> str:
        """Name, phone and e-mail as text to be pasted elsewhere; empty where there is neither phone nor e-mail."""
        ways = [way for way in (self.phone, self.email) if way]
        return "\n".join([self.name, *ways]) if ways else ""


def links_of(project: Project) -> list[ProjectContact]:
    """Its links to its contacts in OpenSolar's order, with those contacts that are mirrored, also if they are gone."""
    links = ProjectContact.objects.filter(connection=project.connection_id, project_ref=project.opensolar_id)
    return list(links.select_related("contact").order_by("position", "pk"))


def customers_of(links: Iterable[ProjectContact], deliveries: Sequence[Delivery]) -> list[Person]:
    """The contacts of a project that one may see, with the values that are on their way; see show_contacts_over."""
    contacts = [link.contact for link in links]
    show_contacts_over(contacts, deliveries)
    return [_customer(contact) for contact in contacts if contact and not (contact.removed_at or contact.withheld_at)]


def team_on(project: Project) -> list[Person]:
    """Who works on a project (its roles loaded); one person in two roles stands there once."""
    labels: dict[int, list[str]] = {}
    roles: dict[int, Role | None] = {}
    for name, label in ROLES.items():
        number = getattr(project, f"{name}_ref")
        if number is not None:
            labels.setdefault(number, []).append(str(label))
            roles[number] = getattr(project, name)
    return [_member(number, role, ", ".join(labels[number])) for number, role in roles.items()]


def web_address(url: str) -> str:
    """An address that is safe behind a link; empty for any other scheme than http(s)."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def _customer(contact: Contact) -> Person:
    note = _("Came with a shared proposal") if contact.type == 1 else _("Customer")
    return Person(str(contact) or _("No name"), note, contact.phone, mail_of(contact), pk=contact.pk)


def _member(number: int, role: Role | None, note: str) -> Person:
    name = role_name(role, number)
    if role is None:
        return Person(name, note)
    return Person(
        name,
        note,
        role.phone or role.user_phone,
        role.email or role.user_email,
        web_address(role.schedule_meeting_url),
        role.schedule_meeting_label or _("Book a meeting"),
    )
