"""The organisation as OpenSolar keeps it: one record a connection."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import MirroredRecord


class Account(MirroredRecord):
    """OpenSolar's organisation (document 000, Orgs), of which the document names id and name. It has no list: it is
    read when an administrator opens its page, and when it was written."""

    VENDOR_KEY = "opensolar_id"

    opensolar_id = models.BigIntegerField(_("OpenSolar id"))
    name = models.TextField(_("name"), default="")

    class Meta:
        verbose_name = _("organisation at OpenSolar")
        verbose_name_plural = _("organisations at OpenSolar")
        constraints = [models.UniqueConstraint(fields=["connection", "opensolar_id"], name="one_account_a_number")]
        indexes = [models.Index(fields=["organisation", "id"], name="accounts_of_organisation")]

    def __str__(self) -> str:
        return self.name or f"#{self.opensolar_id}"
