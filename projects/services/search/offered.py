"""What projects offers to the search of its records: projects, and the contacts that lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access import Access
from portal.lib.search_words import Asked
from portal.registry import Findings, Hit
from projects.access import visible_contacts, visible_projects
from projects.models import Contact, Project
from projects.services.names import customer_of, mail_of, place_of, subtitle_of, with_customer
from projects.services.search.finding import Shelf
from projects.services.search.sql import SHORT, ContactText

COLUMNS = ("opensolar_id", "connection_id", "title", "business_name", "address", "locality", "state", "zip")
CONTACT_COLUMNS = ("opensolar_id", "connection_id", "display", "first_name", "family_name", "email", "phone")


def find_projects(access: Access, asked: Asked, limit: int) -> Findings:
    """Projects by name, address, identifier, and by names, e-mails and phones of their contacts."""
    visible = visible_projects(access)
    projects = visible.annotate(found_in=F("search_text")).only("modified_date")
    found = Shelf(projects, "modified_date").find(asked, limit)
    shown = with_customer(visible).only(*COLUMNS)
    rows = shown.in_bulk([project.pk for project in (*found.rows, *found.guesses)])
    hits = [_project(rows[row.pk]) for row in found.rows if row.pk in rows]
    hits += [_project(rows[row.pk], is_guess=True) for row in found.guesses if row.pk in rows]
    # The list finds short words anywhere: there it counts others.
    comparable = not any(len(word) <= SHORT for term in asked.terms for word in term.words)
    list_url = f"{reverse('projects')}?{urlencode({'q': asked.plain})}"
    return Findings(
        hits,
        more=found.total - len(found.rows) if comparable else 0,
        is_least=found.is_least and comparable,
        more_url=list_url if found.total > len(found.rows) else "",
    )


def find_contacts(access: Access, asked: Asked, limit: int) -> Findings:
    """Contacts by name, e-mail and phone, each with their newest project that one may see, if there is one."""
    contacts = visible_contacts(access).annotate(found_in=ContactText())
    found = Shelf(contacts.only(*CONTACT_COLUMNS), "pk").find(asked, limit)
    newest = _newest_projects(visible_projects(access), [*found.rows, *found.guesses])
    hits = [_contact(contact, newest) for contact in found.rows]
    hits += [_contact(contact, newest, is_guess=True) for contact in found.guesses]
    return Findings(hits, more=found.total - len(found.rows), is_least=found.is_least)


def _newest_projects(visible: QuerySet[Project], contacts: Sequence[Contact]) -> dict[tuple[int, int], Project]:
    """By contact: the project with the latest activity, with `number` of those that one may see."""
    numbers = [contact.opensolar_id for contact in contacts]
    if not numbers:
        return {}
    window: dict[str, Any] = {"partition_by": [F("connection_id"), F("contact_links__contact_ref")]}
    newest_first = [F("modified_date").desc(nulls_last=True), F("pk").desc()]
    connections = {contact.connection_id for contact in contacts}
    links = {"contact_links__connection__in": connections, "contact_links__contact_ref__in": numbers}
    projects = visible.filter(**links)
    ranked = projects.annotate(
        contact_ref=F("contact_links__contact_ref"),
        place=Window(RowNumber(), order_by=newest_first, **window),
        number=Window(Count("pk"), **window),
    )
    first = ranked.filter(place=1).only(*COLUMNS, "modified_date")
    return {(project.connection_id, project.contact_ref): project for project in first}  # type: ignore[attr-defined]


def _project(project: Project, *, is_guess: bool = False) -> Hit:
    url = reverse("project", args=[project.pk])
    return Hit(customer_of(project), url, subtitle_of(project), icon="roof", is_guess=is_guess)


def _contact(contact: Contact, newest: dict[tuple[int, int], Project], *, is_guess: bool = False) -> Hit:
    project = newest.get(_key(contact))
    where = (place_of(project) or project.title) if project else _("no project")
    if project and (others := project.number - 1):  # type: ignore[attr-defined]
        where = ngettext("%(project)s and %(count)s more", "%(project)s and %(count)s more", others) % {
            "project": where,
            "count": others,
        }
    note = " · ".join(part for part in (contact.phone.strip(), mail_of(contact), where) if part)
    url = reverse("contact", args=[contact.pk])
    return Hit(str(contact) or _("No name"), url, note, icon="user", is_guess=is_guess)


def _key(contact: Contact) -> tuple[int, int]:
    return contact.connection_id, contact.opensolar_id
