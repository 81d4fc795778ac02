"""What admin pages of records with money leave out: columns and keys that this administrator has no right to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import JSONField
from django.http import HttpRequest

from portal.access import Access
from portal.admin.base import OrganisationAdmin, access_in
from projects.services.money_inside import is_hidden, part_without_money


class MoneyAdmin(OrganisationAdmin):
    """A record some of whose columns are money, or decoded texts that hold some."""

    def withheld_from(self, access: Access) -> Collection[str]:
        return [field.name for field in self.opts.concrete_fields if is_hidden(field.name, access)]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The object to be looked at, never saved: its decoded texts have lost what is not this person's to see."""
        found, access = super().get_object(request, object_id, from_field), access_in(request)
        unseen = self._unseen(request)
        for field in self.opts.concrete_fields:
            if isinstance(field, JSONField) and field.name not in unseen:
                kept = part_without_money(field.name, getattr(found, field.name), access)
                setattr(found, field.name, kept)
        return found
