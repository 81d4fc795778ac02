"""What was sold: the system, its price and its yearly output as they stood when the portal learnt of the sale."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from portal.models import Connection, Organisation
from projects.models.links import by_number


class SoldPromise(models.Model):
    """Written once for a sold project and never changed; whatever differs later is listed against it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    connection = models.ForeignKey(Connection, models.CASCADE, db_index=False, related_name="+")
    project_ref = models.BigIntegerField(_("project"))
    sold_date = models.DateField(_("sold on"), null=True)
    frozen_at = models.DateTimeField(_("noted"), help_text=_("When the portal learnt of the sale."))
    system_ref = models.BigIntegerField(_("system"), help_text=_("OpenSolar's number of the system."))
    system_name = models.TextField(_("system's name"), default="")
    kw_stc = models.DecimalField(_("size"), max_digits=12, decimal_places=3, null=True, help_text=_("kW DC"))
    price_including_tax = models.DecimalField(
        _("price including tax"), max_digits=16, decimal_places=2, null=True, help_text=_("currency of the account")
    )
    output_annual_kwh = models.FloatField(_("yearly output"), null=True, help_text=_("kWh"))
    module_quantity = models.IntegerField(_("panels"), null=True)
    modules = models.JSONField(_("modules"), default=list)
    inverters = models.JSONField(_("inverters"), default=list)
    batteries = models.JSONField(_("batteries"), default=list)

    project = by_number("projects.Project", "project_ref", "promises")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("sold promise")
        verbose_name_plural = _("sold promises")
        constraints = [models.UniqueConstraint(fields=["connection", "project_ref"], name="one_promise_a_project")]
        indexes = [models.Index(fields=["organisation", "id"], name="promises_of_organisation")]

    def __str__(self) -> str:
        return f"#{self.project_ref}"
