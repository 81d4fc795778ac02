"""The history of mirrored records: which field changed when, from what to what, and who or what did it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models.connection import Connection
from portal.models.organisation import Organisation


class ChangeSource(models.TextChoices):
    """Where a change came from."""

    VENDOR = "vendor", _("At the vendor")
    PERSON = "person", _("In the portal")
    API = "api", _("Over the API")


class Change(models.Model):
    """One field of one record; `before` and `after` are JSON texts. Written in the transaction that changed it.

    A record that is new, gone or back has one row with the field empty and `after` "new", "removed", "withheld" or
    "back" (as JSON). Records that came with an account's first listing have none: they are no news.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    connection = models.ForeignKey(Connection, models.CASCADE, db_index=False, related_name="+")
    resource = models.CharField(_("kind of record"), max_length=64)
    vendor_id = models.CharField(_("vendor's id"), max_length=64)
    field = models.CharField(_("field"), max_length=64, blank=True)
    before = models.TextField(_("before"), default="null")
    after = models.TextField(_("after"), default="null")
    at = models.DateTimeField(_("noticed"), help_text=_("When the portal learnt of it."))
    vendor_at = models.DateTimeField(_("at the vendor"), null=True, help_text=_("The record's modified date."))
    source = models.CharField(_("by"), max_length=8, choices=ChangeSource, default=ChangeSource.VENDOR)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(fields=["connection", "resource", "vendor_id", "-at"], name="changes_of_a_record"),
            models.Index(fields=["organisation", "-at", "-id"], name="changes_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.vendor_id} {self.field}"
