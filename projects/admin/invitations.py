"""Admin page of invitations: to look them up; inviting and taking back happen on the team's pages."""

from __future__ import annotations

from django.contrib import admin

from portal.admin.base import OrganisationAdmin
from projects.models import Invitation


@admin.register(Invitation)
class InvitationAdmin(OrganisationAdmin):
    """Who was invited, by whom, and what became of it; the digest of the link reaches no page."""

    hidden = ("digest",)
    list_display = ("email", "name", "role", "given_kind", "invited_by", "created_at", "sent_at", "accepted_at")
    list_filter = ("given_kind", "accepted_at", "revoked_at")
    list_select_related = ("role", "invited_by")
    search_fields = ("email", "name", "role__display")
    ordering = ("-created_at", "-pk")
