"""Admin page of edits on their way: to look things up; what is wanted stays encrypted and out of it."""

from __future__ import annotations

from typing import ClassVar

from portal.admin.base import BY_CONNECTION, Pages
from portal.admin.books import BookAdmin
from portal.models import Delivery


class DeliveryAdmin(BookAdmin):
    """How each edit stands; to retry or to decide, use its own page."""

    hidden = ("body", "base", "theirs")
    list_display = ("created_at", "about", "resource", "vendor_id", "verb", "state", "attempts", "actor", "connection")
    list_filter = (BY_CONNECTION, "state", "resource", "verb")
    list_select_related: ClassVar[tuple[str, ...]] = ("connection", "actor")
    search_fields = ("about", "=vendor_id", "message")
    ordering = ("-pk",)


PAGES: Pages = {Delivery: DeliveryAdmin}
