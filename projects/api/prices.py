"""The price book over the API: pricing schemes and payment options for who sees prices, costings for who sees costs."""

from __future__ import annotations

from rest_framework import serializers

from portal.access import Access
from portal.api.filters import Switch, WholeNumber, Words
from portal.api.parameters import Wanted
from portal.api.records import MirroredSerializer, Records, Row, mirrored_columns
from projects.access import visible_costings, visible_payment_options, visible_pricing_schemes
from projects.api.filters import OpenSolarFilters
from projects.models import Costing, PaymentOption, PricingScheme
from projects.services.money_inside import without_money

DECODED = "OpenSolar's configuration_json, decoded; null if it is no JSON object. Internal figures only with costs."


class AppliedSerializer(MirroredSerializer):
    """What pricing schemes and payment options share."""

    configuration = serializers.DictField(read_only=True, allow_null=True, help_text=DECODED)


class PricingSchemeSerializer(AppliedSerializer):
    """How a price is made."""

    class Meta:
        model = PricingScheme
        fields = (*mirrored_columns(PricingScheme), "payload")


class PaymentOptionSerializer(AppliedSerializer):
    """How a customer may pay."""

    class Meta:
        model = PaymentOption
        fields = (*mirrored_columns(PaymentOption), "payload")


class CostingSerializer(MirroredSerializer):
    """What work costs the company."""

    figures = serializers.DictField(
        child=serializers.FloatField(),
        read_only=True,
        help_text="By OpenSolar's keys: per system, panel or watt; slopes in degrees.",
    )
    roof_types = serializers.DictField(
        child=serializers.IntegerField(),
        read_only=True,
        help_text="OpenSolar's roof type of each roof type adder, by the adder's number.",
    )

    class Meta:
        model = Costing
        fields = (*mirrored_columns(Costing), "payload")


class AppliedFilters(OpenSolarFilters):
    """Filters that both share; the names are those of document 000."""

    priority = WholeNumber(field_name="priority", help_text="OpenSolar's priority.")
    auto_apply_enabled = Switch(field_name="auto_apply_enabled", help_text="Whether OpenSolar applies it by itself.")


class PricingSchemeFilters(AppliedFilters):
    """Filters of pricing schemes."""

    pricing_formula = Words(
        field_name="pricing_formula",
        help_text="As OpenSolar writes it: Markup Percentage, Price Per Watt, Price Per Watt By Size, Fixed Price, …",
    )


class PaymentOptionFilters(AppliedFilters):
    """Filters of payment options."""

    payment_type = Words(
        field_name="payment_type",
        help_text="As OpenSolar writes it: cash, loan, loan_advanced, ppa, regular_payment, lease, …",
    )


class CostingFilters(OpenSolarFilters):
    """Filters of costings."""

    priority = Switch(field_name="priority", help_text="Whether it has priority.")


def complete(rows: list[Row], access: Access, wanted: Wanted) -> None:
    """Takes internal figures out of the configuration for who may not see costs; their keys are then absent."""
    for row in rows:
        row["configuration"] = without_money(row["configuration"], access)


PRICING_SCHEMES = Records(
    name="pricing-schemes",
    about="How prices are made, for people who see prices. Amounts in the account's currency.",
    model=PricingScheme,
    serializer=PricingSchemeSerializer,
    visible=visible_pricing_schemes,
    filters=PricingSchemeFilters,
    complete=complete,
    resources=("pricing_schemes",),
)
PAYMENT_OPTIONS = Records(
    name="payment-options",
    about="How customers may pay, for people who see prices. Amounts in the account's currency.",
    model=PaymentOption,
    serializer=PaymentOptionSerializer,
    visible=visible_payment_options,
    filters=PaymentOptionFilters,
    complete=complete,
    resources=("payment_options",),
)
COSTINGS = Records(
    name="costings",
    about="What work costs the company, for people who see costs. Amounts in the account's currency.",
    model=Costing,
    serializer=CostingSerializer,
    visible=visible_costings,
    filters=CostingFilters,
)
