"""What a project's proposal says, in one language: figures for the portfolio; the whole of it lies in its body."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import MirroredRecord
from projects.models.links import by_number

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from django_stubs_ext import StrPromise

CURRENCY = _("currency of the account")


def _figure(label: "StrPromise", unit: "StrPromise") -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(label, max_digits=16, decimal_places=2, null=True, help_text=unit)


class Proposal(MirroredRecord):
    """OpenSolar's proposal data of one project (document 001), in the project's own language or one asked for.

    From `asked_at` on, columns are our own: the figures of the system that stands for the project (sold, else
    current, else first), taken from its own record where that has them. `projects.sync.settling` writes them.
    """

    VENDOR_KEY = "proposal_key"

    proposal_key = models.TextField(_("key"), help_text=_("The project's number; with a language asked for, 3001:fr."))
    opensolar_id = models.BigIntegerField(_("OpenSolar id"), help_text=_("The project's number."))
    language_asked = models.TextField(_("language asked for"), default="", blank=True)
    language = models.TextField(_("language"), default="")
    country_iso2 = models.TextField(_("country"), default="")
    valid_until_date = models.DateField(_("valid until"), null=True)
    calculation_errors = models.JSONField(_("calculation errors"), default=list)
    options = models.JSONField(_("figures of its systems"), default=list)
    unreadable = models.JSONField(_("could not be read"), default=list)

    asked_at = models.DateTimeField(
        _("last asked for"),
        null=True,
        blank=True,
        help_text=_("When OpenSolar was last asked, also if nothing was new."),
    )
    system_ref = models.BigIntegerField(_("system"), null=True, help_text=_("OpenSolar's number of the system."))
    option_place = models.SmallIntegerField(
        _("place among its systems"), null=True, help_text=_("From 0: which of the proposal's systems that is.")
    )
    currency = models.CharField(_("currency"), max_length=3, default="", blank=True, help_text=_("ISO 4217, as known."))
    price = _figure(_("price including tax"), CURRENCY)
    cost = _figure(_("cost"), CURRENCY)
    payback_years = _figure(_("payback"), _("years"))
    npv = _figure(_("net present value"), CURRENCY)
    irr = _figure(_("internal rate of return"), _("%"))
    roi = _figure(_("return on investment"), _("%"))
    output_annual_kwh = models.FloatField(_("yearly output"), null=True, help_text=_("kWh"))
    kw_stc = models.DecimalField(_("size"), max_digits=12, decimal_places=3, null=True, help_text=_("kW DC"))

    project = by_number("projects.Project", "opensolar_id", "proposals")

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [models.UniqueConstraint(fields=["connection", "proposal_key"], name="one_proposal_a_language")]
        indexes = [
            models.Index(fields=["organisation", "id"], name="proposals_of_organisation"),
            models.Index(fields=["connection", "opensolar_id"], name="proposals_of_project"),
        ]

    @property
    def known_at(self) -> "datetime":
        """Until when it is known to be as it is."""
        return max(self.asked_at, self.requested_at) if self.asked_at else self.requested_at

    def __str__(self) -> str:
        return f"#{self.proposal_key}"
