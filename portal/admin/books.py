"""Admin pages about what the sync engine writes down: to look things up, never to change them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.access import Access
from portal.admin.base import BY_CONNECTION, OrganisationAdmin, Pages, organisation_of
from portal.models import Connection, Cursor, Lease, ListingPage, Payload, PendingFetch, Quota, SyncProblem, SyncRun
from portal.sync.quota import owners_of


class BookAdmin(OrganisationAdmin):
    """The engine alone writes these."""

    list_select_related: ClassVar[Any] = ("connection",)
    list_filter: ClassVar[Any] = (BY_CONNECTION,)


class LeaseAdmin(BookAdmin):
    """Which connections are being synced now."""

    list_display = ("connection", "holder", "until")
    search_fields = ("connection__vendor", "connection__account_id")


class CursorAdmin(BookAdmin):
    """Where each listing stands."""

    list_display = ("resource", "connection", "page", "pages_last_time", "completed_at", "next_due_at")
    search_fields = ("resource", "connection__account_id")
    ordering = ("connection", "resource")


class ListingPageAdmin(OrganisationAdmin):
    """Which records the listings under way have shown so far."""

    list_display = ("number", "cursor", "connection")
    list_select_related = ("cursor__connection",)
    search_fields = ("cursor__resource", "vendor_ids")
    ordering = ("cursor", "number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListingPage]:
        return super().get_queryset(request).defer("cursor__connection__credentials")

    @admin.display(description=_("connection"))
    def connection(self, page: Any) -> str:
        """Whose listing it is."""
        return str(page.cursor.connection)


class PayloadAdmin(BookAdmin):
    """The vendors' bodies, secrets taken out; the body itself for who may see all money in it."""

    hidden = ("digest",)
    list_display = ("resource", "vendor_id", "shape", "requested_at", "connection")
    list_filter = (BY_CONNECTION, "resource", "shape")
    search_fields = ("=vendor_id", "=resource")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payload]:
        return super().get_queryset(request).defer("body")

    def withheld_from(self, access: Access) -> Collection[str]:
        return () if access.sees_all_money else ("body",)


class PendingFetchAdmin(BookAdmin):
    """What is still to be asked for."""

    list_display = ("resource", "vendor_id", "rank", "attempts", "not_before", "connection")
    list_filter = (BY_CONNECTION, "resource", "rank")
    search_fields = ("=vendor_id", "=resource")
    ordering = ("rank", "pk")


class SyncRunAdmin(BookAdmin):
    """Every sync: how it ended and what it counted."""

    list_display = ("pk", "connection", "state", "full", "asked_by", "started_at", "finished_at", "requests")
    list_filter = (BY_CONNECTION, "state", "full")
    list_select_related = ("connection", "asked_by")
    search_fields = ("message", "asked_by__email")
    ordering = ("-pk",)


class SyncProblemAdmin(BookAdmin):
    """What a run could not do; to try again, use the connection's page."""

    list_display = ("resource", "vendor_id", "what", "reason", "seen_at", "resolved_at", "connection")
    list_filter = (BY_CONNECTION, "what", "resource")
    search_fields = ("resource", "=vendor_id", "reason")
    ordering = ("-seen_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncProblem]:
        return super().get_queryset(request).defer("payload")

    def withheld_from(self, access: Access) -> Collection[str]:
        return () if access.sees_all_money else ("payload",)


class QuotaAdmin(OrganisationAdmin):
    """What this organisation has spent of its vendors' published limits; the rows name nobody (see portal.sync)."""

    list_display = ("action", "owner", "used_interactive", "used_background", "full_until")
    search_fields = ("action",)
    ordering = ("owner", "action")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quota]:
        connections = Connection.objects.filter(organisation=organisation_of(request)).defer("credentials")
        owners = [owner for connection in connections for owner in owners_of(connection).values()]
        return super().get_queryset(request).filter(owner__in=owners)


PAGES: Pages = {
    Lease: LeaseAdmin,
    Cursor: CursorAdmin,
    ListingPage: ListingPageAdmin,
    Payload: PayloadAdmin,
    PendingFetch: PendingFetchAdmin,
    Quota: QuotaAdmin,
    SyncRun: SyncRunAdmin,
    SyncProblem: SyncProblemAdmin,
}
