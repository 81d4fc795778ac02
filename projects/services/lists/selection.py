"""Rows that a person selected in the list: which of them are still there for this person, and the acts on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access import Access
from projects.access import visible_projects
from projects.models import ProjectContact
from projects.services.lists.criteria import Criteria
from projects.services.lists.listing import matching
from projects.services.names import mail_of

MOST = 1_000


class TooMany(Exception):
    """More rows than one act takes; its text is the sentence for the person."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The projects of a selection that are there and mine to see, of so many that were selected."""

    ids: tuple[int, ...]
    selected: int

    @property
    def missing(self) -> int:
        """How many went meanwhile, or were never this person's to see."""
        return max(0, self.selected - len(self.ids))

    @property
    def told(self) -> str:
        """What to say about those that are missing; empty if none is."""
        if not self.missing:
            return ""
        words = ngettext(
            "%(missing)s of the %(selected)s selected projects is no longer there; this is about the other %(rest)s.",
            "%(missing)s of the %(selected)s selected projects are no longer there; this is about the other %(rest)s.",
            self.missing,
        )
        return words % {"missing": self.missing, "selected": self.selected, "rest": len(self.ids)}


def picked(access: Access, values: Iterable[str]) -> Selection:
    """The projects with these ids ("12", "12,15"); what is no id counts as one that is not there. Raises TooMany."""
    parts = {part.strip() for value in values for part in value.split(",") if part.strip()}
    if len(parts) > MOST:
        raise too_many(len(parts))
    wanted = [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 19]
    found = visible_projects(access).filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True)
    return Selection(tuple(found), len(parts))


def everything(access: Access, criteria: Criteria, expected: int) -> Selection:
    """All projects of a list, of which the person was told to be `expected`. Raises TooMany."""
    found = matching(access, criteria).order_by("pk").values_list("pk", flat=True)[: MOST + 1]
    ids = tuple(found)
    if len(ids) > MOST:
        raise too_many(matching(access, criteria).count())
    return Selection(ids, max(expected, len(ids)))


def too_many(count: int) -> TooMany:
    """The sentence for a selection that is too large."""
    words = _("%(count)s projects are selected; at most %(most)s go at once. Nothing was done: select fewer.")
    return TooMany(words % {"count": count, "most": MOST})


@dataclass(frozen=True, slots=True)
class Addresses:
    """E-mail addresses, each once, in the order of the projects; and how many projects have none."""

    emails: Sequence[str]
    without: int


def addresses_of(access: Access, selection: Selection) -> Addresses:
    """One address a project: that of its first contact who has one that letters reach."""
    projects = visible_projects(access).filter(pk__in=selection.ids)
    keys = list(projects.order_by("pk").values_list("connection_id", "opensolar_id"))
    links = ProjectContact.objects.filter(
        connection_id__in={connection for connection, _number in keys},
        project_ref__in=[number for _connection, number in keys],
    )
    first: dict[tuple[int, int], str] = {}
    for link in links.select_related("contact").order_by("position", "pk"):
        contact = link.contact
        address = mail_of(contact) if contact and not (contact.removed_at or contact.withheld_at) else ""
        if address:
            first.setdefault((link.connection_id, link.project_ref), address)
    emails = {mail.lower(): mail for key in keys if (mail := first.get(key))}
    return Addresses(list(emails.values()), sum(key not in first for key in keys))
