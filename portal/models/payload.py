"""The vendors' bodies, one row for each shape in which a record came."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models.connection import Connection


class Payload(models.Model):
    """A record as the vendor last sent it in one shape (`list`, `detail`, …), secrets taken out.

    `body` is JSON text, not a JSON column: every byte that a vendor can send fits, nothing is re-ordered or rounded.
    `digest` is taken before the secrets go; an empty one makes the next arrival count as changed.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, db_index=False, related_name="+")
    resource = models.CharField(_("resource"), max_length=40)
    vendor_id = models.CharField(_("vendor's id"), max_length=64)
    shape = models.CharField(_("shape"), max_length=16)
    digest = models.BinaryField(max_length=16)
    requested_at = models.DateTimeField(_("asked for"))
    body = models.TextField(_("body"))

    objects = ScopedManager(organisation="connection__organisation")

    class Meta:
        verbose_name = _("payload")
        verbose_name_plural = _("payloads")
        constraints = [
            models.UniqueConstraint(fields=["connection", "resource", "vendor_id", "shape"], name="one_body_a_shape")
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.vendor_id} ({self.shape})"
