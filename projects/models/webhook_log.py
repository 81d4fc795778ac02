"""OpenSolar's own log of its webhook deliveries, as far back as it showed it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models import Connection, Organisation


class WebhookLog(models.Model):
    """One attempt of OpenSolar's to deliver an event; `arrived` says whether the portal has that event."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    connection = models.ForeignKey(Connection, models.CASCADE, db_index=False, related_name="+")
    opensolar_id = models.BigIntegerField(_("OpenSolar id"))
    webhook_ref = models.BigIntegerField(_("webhook"), null=True)
    successful = models.BooleanField(_("successful"), null=True)
    model_name = models.TextField(_("kind of record"), default="")
    model_pk = models.BigIntegerField(_("its id"), null=True)
    event_id = models.BigIntegerField(_("event"), null=True)
    event_name = models.TextField(_("what happened"), default="")
    event_timestamp = models.DateTimeField(_("happened"), null=True)
    notes = models.TextField(_("notes"), default="")
    created_date = models.DateTimeField(_("delivered"), null=True)
    arrived = models.BooleanField(_("arrived here"), null=True, help_text=_("Unknown: it went to another webhook."))
    read_at = models.DateTimeField(_("read"))

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [models.UniqueConstraint(fields=["connection", "opensolar_id"], name="one_row_a_logged_delivery")]
        indexes = [models.Index(fields=["organisation", "-created_date", "-id"], name="deliveries_newest_first")]

    def __str__(self) -> str:
        return f"{self.model_name} {self.model_pk} {self.event_name}"
