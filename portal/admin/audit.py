"""Admin page of the audit log: to look things up; nobody changes it."""

from __future__ import annotations

from portal.admin.base import OrganisationAdmin, Pages
from portal.models import AuditEntry


class AuditEntryAdmin(OrganisationAdmin):
    """Who did what, newest first."""

    list_display = ("at", "actor_name", "act", "about")
    list_filter = ("act",)
    search_fields = ("actor_name", "about", "=act")
    ordering = ("-pk",)


PAGES: Pages = {AuditEntry: AuditEntryAdmin}
