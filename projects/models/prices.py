"""The installer's price book at OpenSolar: how prices are made, how customers pay, what work costs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import MirroredRecord

WHERE = _("Null: everywhere.")


class PriceRecord(MirroredRecord):
    """What all three kinds share. The vendor's JSON text is kept as it came in the record's payload."""

    VENDOR_KEY = "opensolar_id"

    opensolar_id = models.BigIntegerField(_("OpenSolar id"))
    title = models.TextField(_("title"), default="")
    is_archived = models.BooleanField(_("archived"), default=False)
    created_date = models.DateTimeField(_("created"), null=True)
    modified_date = models.DateTimeField(_("modified"), null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title or f"#{self.opensolar_id}"


class AppliedRecord(PriceRecord):
    """What OpenSolar may apply to a project by itself, the lowest `priority` first."""

    priority = models.IntegerField(_("priority"), null=True)
    auto_apply_enabled = models.BooleanField(_("applied automatically"), default=False)
    auto_apply_only_specified_states = models.JSONField(_("only in states"), null=True, help_text=WHERE)
    auto_apply_only_specified_zips = models.JSONField(_("only in postcodes"), null=True, help_text=WHERE)
    configuration = models.JSONField(
        _("configuration"), null=True, help_text=_("OpenSolar's configuration_json, decoded; null if it is no object.")
    )

    class Meta:
        abstract = True


class PricingScheme(AppliedRecord):
    """OpenSolar's pricing scheme (document 000, Pricing Schemes)."""

    pricing_formula = models.TextField(_("formula"), default="")

    class Meta:
        verbose_name = _("pricing scheme")
        verbose_name_plural = _("pricing schemes")
        constraints = [models.UniqueConstraint(fields=["connection", "opensolar_id"], name="one_scheme_a_number")]
        indexes = [models.Index(fields=["organisation", "id"], name="schemes_of_organisation")]


class PaymentOption(AppliedRecord):
    """OpenSolar's payment option (document 000, Payment Options)."""

    payment_type = models.TextField(_("kind of payment"), default="")
    description = models.TextField(_("description"), default="")
    integration_external_reference = models.TextField(_("reference at the financier"), default="")
    contract_template = models.TextField(_("contract template"), default="")
    use_highest_standard_system_price = models.BooleanField(_("uses the highest standard price"), default=False)
    auto_discount = models.BooleanField(_("automatic discount"), default=False)
    utility_tariff_override = models.BigIntegerField(_("utility tariff"), null=True)

    class Meta:
        verbose_name = _("payment option")
        verbose_name_plural = _("payment options")
        constraints = [models.UniqueConstraint(fields=["connection", "opensolar_id"], name="one_payment_a_number")]
        indexes = [models.Index(fields=["organisation", "id"], name="payments_of_organisation")]


class Costing(PriceRecord):
    """OpenSolar's costing (document 000, Costing): internal figures of the company, never a customer's."""

    description = models.TextField(_("description"), default="")
    priority = models.BooleanField(_("has priority"), default=False)
    figures = models.JSONField(
        _("figures"),
        default=dict,
        help_text=_("By OpenSolar's keys: per system, panel or watt in the account's currency, slopes in degrees."),
    )
    roof_types = models.JSONField(
        _("roof types"), default=dict, help_text=_("OpenSolar's roof type of each roof type adder.")
    )

    class Meta:
        verbose_name = _("costing")
        verbose_name_plural = _("costings")
        constraints = [models.UniqueConstraint(fields=["connection", "opensolar_id"], name="one_costing_a_number")]
        indexes = [models.Index(fields=["organisation", "id"], name="costings_of_organisation")]
