"""Admin pages of events, files and pictures: to look them up as they came, never to change them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.admin.base import BY_CONNECTION, MirroredAdmin, OrganisationAdmin, access_in
from projects.models import Event, PrivateFile, SystemPicture
from projects.services.story.event_types import MONEY


@admin.register(Event)
class EventAdmin(MirroredAdmin):
    """What was noted on projects; what was noted about money only for who sees prices."""

    list_display = ("__str__", "event_type_id", "project_ref", "opensolar_id", "start", "who", "removed_at")
    list_filter = (BY_CONNECTION, "is_complete", "is_archived", "removed_at")
    search_fields = ("title", "notes", "who", "=opensolar_id", "=project_ref")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        events = super().get_queryset(request)
        return events if access_in(request).sees_prices else events.exclude(event_type_id__in=MONEY)


@admin.register(PrivateFile)
class PrivateFileAdmin(MirroredAdmin):
    """Files of projects by name; their contents stay at OpenSolar."""

    list_display = ("__str__", "project_ref", "opensolar_id", "filesize", "tells_prices", "status", "removed_at")
    list_filter = (BY_CONNECTION, "tells_prices", "show_customer", "temporary", "removed_at")
    search_fields = ("title", "=opensolar_id", "=project_ref")


@admin.register(SystemPicture)
class SystemPictureAdmin(OrganisationAdmin):
    """Which systems have a picture, when it was fetched, and why others have none."""

    list_display = ("system_ref", "connection", "width", "height", "fetched_at", "tries", "not_before", "trouble")
    list_select_related = ("connection",)
    list_filter = (BY_CONNECTION,)
    search_fields = ("=system_ref", "trouble")
    ordering = ("-pk",)
