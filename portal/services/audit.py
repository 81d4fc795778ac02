"""Notes what administrators do, in the transaction of the act itself, so that no act goes without its entry."""

from __future__ import annotations

from typing import Any

from portal.access import Access
from portal.models import AuditEntry


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
