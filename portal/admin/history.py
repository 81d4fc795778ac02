"""Admin page of the mirrored records' history: to look things up; the sync alone writes it."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from portal.access import Access
from portal.admin.base import BY_CONNECTION, Pages
from portal.admin.books import BookAdmin
from portal.models import Change


class ChangeAdmin(BookAdmin):
    """Which field of which record changed when; before and after stand on the row's own page.

    Of a field that nobody knows they may be money: they are for who sees all of it.
    """

    list_display = ("at", "resource", "vendor_id", "field", "source", "actor", "connection")
    list_filter = (BY_CONNECTION, "resource", "source")
    list_select_related: ClassVar[tuple[str, ...]] = ("connection", "actor")
    search_fields = ("=vendor_id", "=field")
    ordering = ("-at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        return super().get_queryset(request).defer("before", "after")

    def withheld_from(self, access: Access) -> Collection[str]:
        return () if access.sees_all_money else ("before", "after")


PAGES: Pages = {Change: ChangeAdmin}
