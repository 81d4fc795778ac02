"""Admin pages of the mirrored records: to look them up as they came, never to change them."""

from __future__ import annotations

from django.contrib import admin

from portal.admin.base import BY_CONNECTION, MirroredAdmin, OrganisationAdmin
from projects.models import Contact, Project, ProjectContact, Proposal, Role, SoldPromise, System, WebhookLog


@admin.register(Project)
class ProjectAdmin(MirroredAdmin):
    """Projects by what people search for: names, addresses, e-mails, phones, numbers."""

    hidden = ("search_text",)
    list_display = ("__str__", "address", "opensolar_id", "stage", "is_sold", "modified_date", "removed_at")
    list_filter = (BY_CONNECTION, "stage", "is_sold", "removed_at")
    search_fields = ("search_text", "identifier", "=opensolar_id")


@admin.register(Contact)
class ContactAdmin(MirroredAdmin):
    """Customers."""

    list_display = ("__str__", "email", "phone", "opensolar_id", "removed_at")
    search_fields = ("display", "first_name", "family_name", "email", "phone", "=opensolar_id")


@admin.register(Role)
class RoleAdmin(MirroredAdmin):
    """The team as OpenSolar knows it, and who of it signs in here (bound by invitation alone)."""

    list_display = ("__str__", "email", "job_title", "is_admin", "is_hidden", "membership", "opensolar_id")
    list_filter = (BY_CONNECTION, "is_admin", "is_hidden", "removed_at")
    list_select_related = ("connection", "membership__user")
    search_fields = ("display", "email", "user_email", "phone", "=opensolar_id")


@admin.register(System)
class SystemAdmin(MirroredAdmin):
    """System options of projects."""

    list_display = ("__str__", "project_ref", "opensolar_id", "kw_stc", "price_including_tax", "removed_at")
    list_filter = (BY_CONNECTION, "is_current", "removed_at")
    search_fields = ("name", "uuid", "=opensolar_id", "=project_ref")


@admin.register(ProjectContact)
class ProjectContactAdmin(OrganisationAdmin):
    """Which contacts stand on which project."""

    list_display = ("project_ref", "contact_ref", "position", "connection")
    list_select_related = ("connection",)
    list_filter = (BY_CONNECTION,)
    search_fields = ("=project_ref", "=contact_ref")
    ordering = ("project_ref", "position")


@admin.register(Proposal)
class ProposalAdmin(MirroredAdmin):
    """Proposals in figures, a row a project and language."""

    list_display = ("proposal_key", "currency", "price", "output_annual_kwh", "valid_until_date", "connection")
    list_filter = (BY_CONNECTION, "currency")
    search_fields = ("=proposal_key", "=opensolar_id")


@admin.register(SoldPromise)
class SoldPromiseAdmin(OrganisationAdmin):
    """What was sold, as it stood then."""

    list_display = ("project_ref", "system_name", "price_including_tax", "sold_date", "frozen_at", "connection")
    list_select_related = ("connection",)
    list_filter = (BY_CONNECTION,)
    search_fields = ("=project_ref", "system_name")
    ordering = ("-pk",)


@admin.register(WebhookLog)
class WebhookLogAdmin(OrganisationAdmin):
    """OpenSolar's own log of its deliveries."""

    list_display = ("created_date", "model_name", "model_pk", "event_name", "successful", "arrived", "connection")
    list_select_related = ("connection",)
    list_filter = (BY_CONNECTION, "successful", "arrived")
    search_fields = ("=model_pk", "=model_name", "notes")
    ordering = ("-pk",)
