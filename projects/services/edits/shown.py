"""Edits that OpenSolar has not answered yet, shown over the mirrored values of a project and its contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from portal.access import Access
from portal.models import Delivery, DeliveryState, Verb
from portal.models.outbox import OPEN, UNDER_WAY
from portal.services import deliveries as words
from projects.models import Contact, Project, ProjectContact, Role
from projects.services.people import ROLES
from projects.sync.opensolar_writing import CONTACT_COLUMNS, PROJECT_COLUMNS


@dataclass(frozen=True, slots=True)
class Mark:
    """How the edit of one field stands, with what its author or an administrator can do about it."""

    delivery: Delivery
    errors: Sequence[str] = ()
    may_act: bool = False


def contacts_of(project: Project) -> list[int]:
    """The numbers of its contacts, in their order."""
    links = ProjectContact.objects.filter(connection=project.connection_id, project_ref=project.opensolar_id)
    return list(links.order_by("position", "pk").values_list("contact_ref", flat=True))


def deliveries_of(project: Project, contacts: Iterable[int]) -> QuerySet[Delivery]:
    """All edits of a project and of these contacts of it that are not over, oldest first."""
    mine = Q(resource="projects", vendor_id=str(project.opensolar_id))
    theirs = Q(resource="contacts", vendor_id__in=[str(number) for number in contacts])
    rows = Delivery.objects.filter(mine | theirs, state__in=OPEN)
    return rows.filter(connection=project.connection_id).select_related("actor").order_by("pk")


def deliveries_of_contact(contact: Contact) -> QuerySet[Delivery]:
    """The same of one customer."""
    rows = Delivery.objects.filter(resource="contacts", vendor_id=str(contact.opensolar_id), state__in=OPEN)
    return rows.filter(connection=contact.connection_id).select_related("actor").order_by("pk")


def pending_values(project: Project) -> dict[str, Any]:
    """The values of a project that are on their way, by OpenSolar's names; the later edit counts."""
    mine = {"connection": project.connection_id, "resource": "projects", "vendor_id": str(project.opensolar_id)}
    return values_in(Delivery.objects.filter(**mine, verb=Verb.CHANGE, state__in=UNDER_WAY).order_by("pk"))


def values_in(deliveries: Iterable[Delivery]) -> dict[str, Any]:
    """The same, of deliveries that are loaded."""
    rows = [row for row in deliveries if _is_change_under_way(row)]
    return {name: value for row in rows for name, value in row.body.items() if name != "contacts_new"}


def _is_change_under_way(row: Delivery) -> bool:
    return row.resource == "projects" and row.verb == Verb.CHANGE and row.state in UNDER_WAY


def pending_contact(contact: Contact) -> dict[str, Any]:
    """The same of a contact, but for its date of birth, which is never shown."""
    mine = {"connection": contact.connection_id, "resource": "contacts", "vendor_id": str(contact.opensolar_id)}
    rows = Delivery.objects.filter(**mine, verb=Verb.CHANGE, state__in=UNDER_WAY).order_by("pk")
    return {name: value for row in rows for name, value in row.body.items() if name in CONTACT_COLUMNS}


def show_over(project: Project, deliveries: Sequence[Delivery]) -> None:
    """Puts the values under way into the loaded project, which must not be saved after that."""
    for row in deliveries:
        if not _is_change_under_way(row):
            continue
        for name, value in row.body.items():
            if column := PROJECT_COLUMNS.get(name):
                field = project._meta.get_field(column)
                setattr(project, column, "" if value is None and not field.null else value)
    _load_roles(project)


def marks_of(access: Access, deliveries: Sequence[Delivery]) -> dict[str, Mark]:
    """By field of the project: the latest edit that is not over."""
    marks: dict[str, Mark] = {}
    for row in deliveries:
        if row.resource != "projects":
            continue
        for name in (*row.body, *({"delete"} if row.verb == Verb.DELETE else ())):
            marks[name] = Mark(row, errors_of(row, name), may_act(access, row))
    return marks


def errors_of(delivery: Delivery, name: str) -> list[str]:
    """What the vendor said about one field of a refused edit."""
    if delivery.state != DeliveryState.REFUSED:
        return []
    found = {key: texts for key, texts in delivery.errors.items() if key == name or key.startswith(f"{name}.")}
    return [text for texts in found.values() for text in texts]


def may_act(access: Access, delivery: Delivery) -> bool:
    """An edit is its author's and the administrators' to retry, cancel or decide."""
    return access.is_administrator or delivery.actor_id == access.user.pk


def edit_lines(access: Access, deliveries: Iterable[Delivery]) -> list[tuple[Delivery, str, str, str, bool]]:
    """Each edit with the fields it changes, what the vendor said, its tone, and whether this person may act on it."""
    return [
        (row, words.fields_of(row), words.said_of(row), words.TONES[DeliveryState(row.state)], may_act(access, row))
        for row in deliveries
    ]


def _load_roles(project: Project) -> None:
    """The people behind roles that were changed over the loaded ones."""
    stale: Mapping[str, int | None] = {name: getattr(project, f"{name}_ref") for name in ROLES}
    wanted = {
        number
        for name, number in stale.items()
        if number and (getattr(project, name, None) is None or getattr(project, name).opensolar_id != number)
    }
    roles = {r.opensolar_id: r for r in Role.objects.filter(connection=project.connection_id, opensolar_id__in=wanted)}
    for name, number in stale.items():
        held = getattr(project, name, None)
        if (held.opensolar_id if held else None) != number:
            project._state.fields_cache[name] = roles.get(number) if number else None
