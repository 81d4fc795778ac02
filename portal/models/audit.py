"""What administrators did: who, when, to whom or what. Written by the services that act, never changed afterwards."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models.organisation import Organisation


class AuditEntry(models.Model):
    """One act. `act` is a code such as `team.invited`; `details` holds its words, without secrets."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    actor_name = models.CharField(_("name"), max_length=300, help_text=_("As it was then."))
    act = models.CharField(_("act"), max_length=64)
    about = models.CharField(_("about"), max_length=300, blank=True, help_text=_("Whom or what it concerned."))
    details = models.JSONField(_("details"), default=dict, blank=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = [models.Index(fields=["organisation", "-at", "-id"], name="audit_newest_first")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.about}"
