"""Invites as an administrator does, lets the worker send, and opens the mail as whoever gets it does."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import AuditEntry, Membership
from projects.models import Invitation, Role
from projects.tasks import send_invitations
from tests.conftest import Company
from tests.factories import make_role

BASE = "https://portal.example.com"
PASSWORD = "comet of seventeen eighty six"
NAMED = {"first_name": "Caroline", "last_name": "Herschel", "password": PASSWORD, "again": PASSWORD}


def caroline(company: Company, **columns: Any) -> Role:
    """A visible role that nobody signs in as."""
    columns = {"display": "Caroline Herschel", "email": "caroline@herschel.example", **columns}
    return make_role(company.connection, **columns)


def invite(administrator: Client, role: Role) -> str:
    """Presses Invite, runs the worker; returns the path of the link in the mail."""
    answer = administrator.post(f"/team/roles/{role.pk}/invite/")
    assert answer.status_code == 302
    return next_link()


def next_link() -> str:
    """Runs the worker; the path of the link in the newest mail."""
    before = len(mail.outbox)
    send_invitations()
    assert len(mail.outbox) == before + 1
    return link_in(mail.outbox[-1].body)


def link_in(text: str) -> str:
    """The path of the only link."""
    (found,) = re.findall(rf"{re.escape(BASE)}(/invitations/[^/\s]+/)\s", text)
    return str(found)


def the_invitation(**having: Any) -> Invitation:
    """The newest one."""
    with scopes_disabled():
        return Invitation.objects.filter(**having).order_by("-pk").select_related("membership__user")[0]


def memberships(email: str) -> list[Membership]:
    """Of this person, everywhere."""
    with scopes_disabled():
        return list(Membership.objects.filter(user__email=email).select_related("user").order_by("pk"))


def role_of(role: Role) -> Role:
    """As it stands in the database."""
    with scopes_disabled():
        return Role.objects.select_related("membership__user").get(pk=role.pk)


def audited(*acts: str) -> list[tuple[str, str]]:
    """(act, about) of these acts, the oldest first; of all where none is named."""
    with scopes_disabled():
        rows = AuditEntry.objects.order_by("pk").values_list("act", "about")
        return [row for row in rows if not acts or row[0] in acts]
