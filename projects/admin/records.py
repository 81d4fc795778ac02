"""Admin pages of the mirrored records: to look them up as they came, never to change them."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib import admin

from portal.access import Access
from portal.admin.base import BY_CONNECTION, MirroredAdmin, OrganisationAdmin
from projects.admin.money import MoneyAdmin
from projects.models import Contact, Project, ProjectContact, Proposal, Role, SoldPromise, System, WebhookLog
from projects.services.proposals.portfolio_asked import RIGHTS


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
class SystemAdmin(MoneyAdmin, MirroredAdmin):
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

    def withheld_from(self, access: Access) -> Collection[str]:
        """Figures as the portfolio asks for them; those of all systems together only for who sees every one."""
        may = {"prices": access.sees_prices, "costs": access.sees_costs, "": True}
        figures = [name for name, right in RIGHTS.items() if not may[right]]
        return [*figures, *(() if access.sees_all_money else ("options",))]


@admin.register(SoldPromise)
class SoldPromiseAdmin(MoneyAdmin):
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
