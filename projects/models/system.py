"""One system option of a project: size, price, yield and components."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import MirroredRecord
from projects.models.links import by_number

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def _money(label: "StrPromise") -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(
        label, max_digits=16, decimal_places=2, null=True, help_text=_("currency of the account")
    )


class System(MirroredRecord):
    """OpenSolar's system (document 000, Systems and Systems Details).

    The lists hold what OpenSolar sends: `modules` […{manufacturer_name, code, quantity}], `module_groups`
    […{module_quantity, azimuth (degrees), slope (degrees), layout}], `adders` […{label, total_value, total_cost, …}].
    """

    VENDOR_KEY = "opensolar_id"

    opensolar_id = models.BigIntegerField(_("OpenSolar id"))
    uuid = models.TextField(_("uuid"), default="")
    name = models.TextField(_("name"), default="")
    order = models.IntegerField(_("order"), null=True)
    is_current = models.BooleanField(_("current"), default=False)
    show_customer = models.BooleanField(_("shown to the customer"), default=False)
    project_ref = models.BigIntegerField(_("project"), null=True)
    pricing_scheme_ref = models.BigIntegerField(_("pricing scheme"), null=True)
    kw_stc = models.DecimalField(_("size"), max_digits=12, decimal_places=3, null=True, help_text=_("kW DC"))
    battery_total_kwh = models.DecimalField(
        _("battery"), max_digits=12, decimal_places=3, null=True, help_text=_("kWh")
    )
    output_annual_kwh = models.FloatField(_("yearly output"), null=True, help_text=_("kWh"))
    consumption_offset_percentage = models.FloatField(_("consumption offset"), null=True, help_text=_("%"))
    co2_tons_lifetime = models.FloatField(_("CO₂ saved over its life"), null=True, help_text=_("t"))
    module_quantity = models.IntegerField(_("panels"), null=True)
    price_including_tax = _money(_("price including tax"))
    price_excluding_tax = _money(_("price excluding tax"))
    discount = _money(_("discount"))
    net_profit = _money(_("net profit"))
    modules = models.JSONField(_("modules"), default=list)
    inverters = models.JSONField(_("inverters"), default=list)
    batteries = models.JSONField(_("batteries"), default=list)
    others = models.JSONField(_("other components"), default=list)
    adders = models.JSONField(_("adders"), default=list)
    module_groups = models.JSONField(_("panel groups"), default=list)
    incentives = models.JSONField(_("incentives"), default=list)
    details_at = models.DateTimeField(_("details from"), null=True, help_text=_("When systems/details was asked for."))

    project = by_number("projects.Project", "project_ref", "systems")

    class Meta:
        verbose_name = _("system")
        verbose_name_plural = _("systems")
        constraints = [models.UniqueConstraint(fields=["connection", "opensolar_id"], name="one_system_a_number")]
        indexes = [
            models.Index(fields=["organisation", "id"], name="systems_of_organisation"),
            models.Index(fields=["connection", "project_ref"], name="systems_of_project"),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.opensolar_id}"
