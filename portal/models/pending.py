"""Single records that are still to be asked for: the truth behind every message that says so."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models.connection import Connection


class Rank(models.IntegerChoices):
    """Who waits for a record; the lower is asked for first."""

    SOMEBODY_LOOKS = 0, _("somebody is looking at it")
    SOLD = 10, _("sold")
    OPEN = 20, _("open")
    REST = 30, _("the rest")


class PendingFetch(models.Model):
    """One record (or part of one) to fetch by its own address, as soon as the vendor's quota allows."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="pending", db_index=False)
    resource = models.CharField(_("resource"), max_length=40)
    vendor_id = models.CharField(_("vendor's id"), max_length=64)
    rank = models.SmallIntegerField(_("for whom"), choices=Rank, default=Rank.REST)
    newest = models.DateTimeField(_("changed at the vendor"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ScopedManager(organisation="connection__organisation")

    class Meta:
        verbose_name = _("pending fetch")
        verbose_name_plural = _("pending fetches")
        constraints = [
            models.UniqueConstraint(fields=["connection", "resource", "vendor_id"], name="one_pending_fetch_a_record")
        ]
        indexes = [models.Index(fields=["connection", "rank", "-newest"], name="pending_by_rank")]

    def __str__(self) -> str:
        return f"{self.resource} {self.vendor_id}"
