"""Admin pages about what people were told and what they chose to be told: the log, to look things up."""

from __future__ import annotations

from typing import Any, ClassVar

from portal.admin.base import OrganisationAdmin, Pages
from portal.models import Notification, NotificationChoice


class NotificationAdmin(OrganisationAdmin):
    """Who was told what, and what became of the e-mail."""

    list_display = ("title", "membership", "topic", "at", "read_at", "mail_state", "mail_error")
    list_filter = ("topic", "mail_state")
    list_select_related: ClassVar[Any] = ("membership__user",)
    search_fields = ("title", "membership__user__email")
    ordering = ("-at", "-pk")


class NotificationChoiceAdmin(OrganisationAdmin):
    """What people chose instead of the defaults."""

    list_display = ("membership", "topic", "in_portal", "by_mail")
    list_filter = ("topic",)
    list_select_related: ClassVar[Any] = ("membership__user",)
    search_fields = ("membership__user__email",)
    ordering = ("membership", "topic")


PAGES: Pages = {Notification: NotificationAdmin, NotificationChoice: NotificationChoiceAdmin}
