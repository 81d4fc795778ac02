"""Admin pages about webhooks: how they are registered and what they brought; to look up, never to change."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from portal.admin.base import BY_CONNECTION, Pages
from portal.admin.books import BookAdmin
from portal.models import InboxEvent, Webhook


class WebhookAdmin(BookAdmin):
    """The registration of each connection; neither its address nor its secret is shown."""

    hidden = ("key", "secret", "secret_digest", "sent_digest")
    list_display = ("connection", "state", "wanted", "last_arrival_at", "checked_at", "message")
    list_filter = (BY_CONNECTION, "state")
    search_fields = ("connection__vendor", "connection__account_id", "message")
    ordering = ("connection",)


class InboxEventAdmin(BookAdmin):
    """What arrived and what became of it; bodies stay out, they are records of people."""

    hidden = ("body", "digest")
    list_display = ("received_at", "model", "vendor_id", "verb", "state", "message", "connection")
    list_filter: ClassVar[tuple[object, ...]] = (BY_CONNECTION, "state", "model")
    search_fields = ("=vendor_id", "=model")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboxEvent]:
        return super().get_queryset(request).defer("body")


PAGES: Pages = {Webhook: WebhookAdmin, InboxEvent: InboxEventAdmin}
