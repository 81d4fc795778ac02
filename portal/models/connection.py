"""An organisation's account at one vendor, and the lease that keeps its runs apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models.fields import EncryptedJSONField
from portal.models.organisation import Organisation


class ConnectionState(models.TextChoices):
    """How the vendor answers, in words for an administrator."""

    NEW = "new", _("Not synced yet")
    WELL = "well", _("Working")
    UNREACHABLE = "unreachable", _("Vendor does not answer")
    CREDENTIALS = "credentials", _("Needs a new login")
    PLAN = "plan", _("Not in the vendor's plan")
    FORBIDDEN = "forbidden", _("Access refused")
    PAUSED = "paused", _("Paused")


class Connection(models.Model):
    """One account at one vendor. Its credentials are encrypted; its state tells people what the vendor last said."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="connections")
    vendor = models.CharField(_("vendor"), max_length=20)
    account_id = models.CharField(
        _("account"), max_length=100, help_text=_("OpenSolar organisation id, Aurora tenant id, Locus partner id.")
    )
    base_url = models.URLField(_("address"), help_text=_("What stands before /api/, /tenants/ or /v3/."))
    credentials = EncryptedJSONField(_("credentials"), default=dict)
    budget_owner = models.CharField(
        max_length=200, default="", editable=False, help_text=_("Whose limits the login spends, as its source says.")
    )
    machine_user = models.BooleanField(
        _("machine user"), null=True, blank=True, help_text=_("Its tokens do not expire. Unknown: left as it is.")
    )
    token_claimed_until = models.DateTimeField(null=True, editable=False)
    requests_at_once = models.PositiveSmallIntegerField(
        _("requests at once"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(8)],
        help_text=_("Pages asked for at the same time; falls back to one when the vendor throttles."),
    )
    page_size = models.PositiveSmallIntegerField(
        _("records a page"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )
    switched_off = models.JSONField(
        _("switched off"), default=dict, blank=True, help_text=_("Optional calls that this account does not offer.")
    )
    state = models.CharField(_("state"), max_length=16, choices=ConnectionState, default=ConnectionState.NEW)
    message = models.CharField(_("last message"), max_length=500, blank=True)
    state_since = models.DateTimeField(_("state since"), null=True, blank=True)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["vendor", "account_id"]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "base_url", "account_id"], name="an_account_belongs_to_one")
        ]

    def __str__(self) -> str:
        return f"{self.vendor} {self.account_id}"


def login_columns(credentials: Mapping[str, Any]) -> dict[str, Any]:
    """A login as a connection keeps it: the only way to write one.

    Whose budget it spends stands beside it in clear, so that a page which tells of budgets opens no login.
    """
    return {"credentials": dict(credentials), "budget_owner": str(credentials.get("owner") or "")}


class Lease(models.Model):
    """Who runs a sync of this connection, and until when others keep away (renewed before every request)."""

    connection = models.OneToOneField(Connection, models.CASCADE, primary_key=True, related_name="lease")
    holder = models.UUIDField()
    until = models.DateTimeField()

    objects = ScopedManager(organisation="connection__organisation")

    def __str__(self) -> str:
        return f"{self.connection_id} until {self.until}"
