"""Admin page of edits on their way: to look things up; what is wanted stays encrypted and out of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from portal.access import Access
from portal.admin.base import BY_CONNECTION, Pages, access_in
from portal.admin.books import BookAdmin
from portal.models import Delivery
from portal.services.deliveries import visible


class DeliveryAdmin(BookAdmin):
    """How each edit that this person may see stands; to retry or to decide, use its own page."""

    hidden = ("body", "base", "theirs")
    list_display = ("created_at", "about", "resource", "vendor_id", "verb", "state", "attempts", "actor", "connection")
    list_filter = (BY_CONNECTION, "state", "resource", "verb")
    list_select_related: ClassVar[tuple[str, ...]] = ("connection", "actor")
    search_fields = ("about", "=vendor_id", "message")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        return super().get_queryset(request).filter(pk__in=visible(access_in(request)).values("pk"))

    def withheld_from(self, access: Access) -> Collection[str]:
        return () if access.sees_all_money else ("answer",)


PAGES: Pages = {Delivery: DeliveryAdmin}
