"""Admin pages of the views and columns that people keep: to look them up; changed where they are kept."""

from __future__ import annotations

from django.contrib import admin

from portal.admin.base import OrganisationAdmin
from projects.models import ListChoice, SavedView, SavedViewPin


@admin.register(SavedView)
class SavedViewAdmin(OrganisationAdmin):
    """Views of the project list, private ones too: an administrator finds what a person left behind, and deletes it."""

    list_display = ("name", "owner", "is_shared", "query", "changed_at")
    list_filter = ("is_shared",)
    list_select_related = ("owner__user",)
    search_fields = ("name", "query", "owner__user__email")
    ordering = ("name", "pk")
    may_delete = True


@admin.register(SavedViewPin)
class SavedViewPinAdmin(OrganisationAdmin):
    """Which views stand as tabs above whose list."""

    list_display = ("view", "membership")
    list_select_related = ("view", "membership__user")
    search_fields = ("view__name", "membership__user__email")
    ordering = ("pk",)


@admin.register(ListChoice)
class ListChoiceAdmin(OrganisationAdmin):
    """The columns that people chose."""

    list_display = ("membership", "columns")
    list_select_related = ("membership__user",)
    search_fields = ("membership__user__email",)
    ordering = ("pk",)
