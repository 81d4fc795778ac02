"""Notes what administrators do, in the transaction of the act itself, so that no act goes without its entry."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import AuditEntry, Organisation


def note(access: Access, act: str, about: str = "", **details: Any) -> None:
    """Stores who did what to whom or what: `act` is one of the codes of `portal.services.audit_words`.

    `details` is plain data without secrets, shown in the log and its export.
    """
    AuditEntry.objects.create(
        organisation=access.organisation,
        actor=access.user,
        actor_name=str(access.user)[:300],
        act=act,
        about=about[:300],
        details=details,
    )


def note_command(organisation: Organisation, act: str, about: str = "", **details: Any) -> None:
    """The same for an act of whoever runs the portal, by a command: they have no account that could be named."""
    AuditEntry.objects.create(
        organisation=organisation, actor_name=_("Command line"), act=act, about=about[:300], details=details
    )
