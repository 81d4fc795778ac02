"""What every record mirrored from a vendor has in common."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models.connection import Connection
from portal.models.organisation import Organisation


class MirroredRecord(models.Model):
    """Our copy of a vendor's record; only `portal.sync.upsert` writes its columns.

    Records refer to each other by the vendor's own number inside one connection (`…_ref`), so that they may
    arrive in any order. The vendor's bodies lie apart, in `Payload`.
    """

    VENDOR_KEY: ClassVar[str]

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    connection = models.ForeignKey(Connection, models.CASCADE, db_index=False, related_name="+")
    synced_at = models.DateTimeField(
        _("synced"), help_text=_("When the portal last wrote it from the vendor's answer.")
    )
    changed_at = models.DateTimeField(
        _("changed"), help_text=_("When its content last changed here, removal included.")
    )
    requested_at = models.DateTimeField(_("asked for"), help_text=_("When the request that brought it was sent."))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, help_text=_("The vendor deleted it."))
    withheld_at = models.DateTimeField(
        _("withheld"), null=True, blank=True, help_text=_("The vendor no longer shows it to this account (403).")
    )

    objects = ScopedManager(organisation="organisation")

    class Meta:
        abstract = True
