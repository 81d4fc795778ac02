"""Editing projects: what a person wants becomes a delivery to OpenSolar, with what they saw when they wanted it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import ChangeSource, Connection, ConnectionState, Delivery, Verb
from portal.services.outbox import Act, store
from projects.models import Project
from projects.services.edits.checking import Wrong, project_values, says_the_same
from projects.services.edits.shown import contacts_of, pending_values
from projects.services.names import customer_of, with_customer
from projects.sync.opensolar_writing import PROJECT_COLUMNS

PROJECTS, CONTACTS = "projects", "contacts"
SALT = "projects.edits.seen"
# What the documented body of a new project does not hold.
NOT_AT_FIRST = frozenset({"contacts", "stage", "active_stage_id"})


class Refused(Exception):
    """Why an act is not possible; the text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an editor saw: the values by OpenSolar's names, and when the record had last been modified."""

    values: Mapping[str, Any] = field(default_factory=dict)
    modified: datetime | None = None

    def signed(self) -> str:
        """As a form carries it, out of reach of whoever sends the form."""
        return signing.dumps([dict(self.values), self.modified and self.modified.isoformat()], salt=SALT)

    @classmethod
    def read(cls, text: str) -> Seen | None:
        """What a form brought back; None where that is not what it was given."""
        try:
            values, modified = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError):
            return None
        return cls(values, parse_datetime(modified) if modified else None)


def connections_of(access: Access) -> list[Connection]:
    """The accounts in which a project can be made."""
    rows = Connection.objects.filter(organisation=access.organisation, vendor="opensolar").defer("credentials")
    return list(rows.exclude(state=ConnectionState.PAUSED).order_by("pk"))


def seen_of(project: Project) -> Seen:
    """What a person sees of a project now: the mirrored values, and over them what waits to be sent."""
    return seen_with(project, contacts_of(project), pending_values(project))


def seen_with(project: Project, contacts: Sequence[int], pending: Mapping[str, Any]) -> Seen:
    """The same where the numbers of its contacts and the values that wait are loaded."""
    values = {name: getattr(project, column) for name, column in PROJECT_COLUMNS.items()}
    return Seen({**values, "contacts": [*contacts], **pending}, project.modified_date)


def create_project(
    access: Access,
    connection: Connection,
    given: Mapping[str, Any],
    *,
    once: UUID | None = None,
    source: str = ChangeSource.PERSON,
) -> Delivery:
    """A new project. Without an identifier of one's own it gets one, by which it is found if the answer gets lost.

    Raises Wrong.
    """
    if later := sorted(given.keys() & NOT_AT_FIRST):
        raise Wrong({name: [_("A new project cannot have this yet.")] for name in later})
    values = {name: value for name, value in project_values(connection, given).items() if value not in (None, "", [])}
    values.setdefault("identifier", str(uuid4()))
    about = _title(values) or _("New project")
    act = Act(connection, PROJECTS, Verb.CREATE, body=values, about=about, once=once)
    return store(access, act, source)


def edit_project(
    access: Access,
    project: Project,
    given: Mapping[str, Any],
    seen: Seen | None = None,
    *,
    once: UUID | None = None,
    source: str = ChangeSource.PERSON,
) -> Delivery | None:
    """Changes the given fields; None where nothing differs from what was seen. Raises Wrong, Refused."""
    _insist(project)
    before = seen or seen_of(project)
    values = project_values(project.connection, given, project)
    changed = {name: value for name, value in values.items() if not says_the_same(name, before.values.get(name), value)}
    if not changed.get("contacts_new", True):
        del changed["contacts_new"]
    if not changed:
        return None
    act = Act(
        project.connection,
        PROJECTS,
        Verb.CHANGE,
        vendor_id=str(project.opensolar_id),
        body=changed,
        base={name: before.values[name] for name in changed if name in before.values},
        base_modified=before.modified,
        about=name_of(project),
        url=reverse("project", args=[project.pk]),
        once=once,
    )
    return store(access, act, source)


def delete_project(
    access: Access,
    project: Project,
    seen: Seen | None = None,
    *,
    once: UUID | None = None,
    source: str = ChangeSource.PERSON,
) -> Delivery:
    """Deletes it at OpenSolar, unless somebody has changed it since it was seen. Raises Refused."""
    _insist(project)
    before = seen or seen_of(project)
    act = Act(
        project.connection,
        PROJECTS,
        Verb.DELETE,
        vendor_id=str(project.opensolar_id),
        base=before.values,
        base_modified=before.modified,
        about=name_of(project),
        url=reverse("project", args=[project.pk]),
        once=once,
    )
    return store(access, act, source)


def insist_on_typed(project: Project, typed: str) -> None:
    """Deleting takes the project's name, typed. Raises Wrong."""
    insist_on_name(name_of(project), typed)


def insist_on_name(name: str, typed: str) -> None:
    """The same of anything that has a name."""
    if " ".join(typed.split()).casefold() != " ".join(name.split()).casefold():
        raise Wrong({"typed": [_("Type the name exactly as it stands above.")]})


def name_of(project: Project) -> str:
    """What a project is called, whether or not it was loaded with its customer."""
    if not hasattr(project, "customer"):
        project = named(Project.objects.all()).get(pk=project.pk)
    return customer_of(project)


def named(projects: QuerySet[Project]) -> QuerySet[Project]:
    """The projects with what they are called."""
    return with_customer(projects)


def _insist(project: Project) -> None:
    if project.removed_at or project.withheld_at:
        raise Refused(_("OpenSolar does not show this project any more, so it cannot be changed there."))


def _title(values: Mapping[str, Any]) -> str:
    for contact in values.get("contacts_new", ()):
        name = " ".join(filter(None, (contact.get("first_name"), contact.get("family_name"))))
        if name:
            return name
    return str(values.get("address", ""))
