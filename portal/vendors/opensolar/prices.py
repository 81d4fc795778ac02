"""OpenSolar's price book and component catalogue, read leniently into columns (document 000).

Unknown keys are ignored here: the whole body is kept elsewhere, the JSON texts inside it as they came.
"""

import re
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from portal.vendors.opensolar.inside import object_inside
from portal.vendors.opensolar.records import Record
from portal.vendors.opensolar.values import Moment, Number, Reference, Text, Whole, YesNo, blank_is_none, id_of, rounded

Inside = Annotated[dict[str, Any] | None, BeforeValidator(object_inside)]
Fine = Annotated[
    Annotated[Decimal, Field(gt=-(10**12), lt=10**12)] | None,
    BeforeValidator(blank_is_none),
    rounded(Decimal("0.0001")),
]
"""An amount of money that may be a share of a cent, as costs of single parts are."""

_FIGURE = re.compile(r"[a-z0-9_]+(_per_(system|panel|watt)|_percentage_of_\w+|_slope)")
_ROOF = re.compile(r"roof_type_adder_(\d+)_roof_type")


class _Dated(Record):
    title: Text = None
    is_archived: YesNo = None
    created_date: Moment = None
    modified_date: Moment = None


class _Applied(_Dated):
    """What OpenSolar may apply by itself: always, or in the states and postcodes named (null: everywhere)."""

    priority: Whole = None
    auto_apply_enabled: YesNo = None
    auto_apply_only_specified_states: Any = None
    auto_apply_only_specified_zips: Any = None
    configuration: Inside = Field(default=None, alias="configuration_json")


class PricingScheme(_Applied):
    """How a system's price is made; the keys of `configuration` depend on `pricing_formula`."""

    pricing_formula: Text = None


class PaymentOption(_Applied):
    """How a customer may pay: cash, loan, loan_advanced, ppa, regular_payment, lease, or what is newer."""

    payment_type: Text = None
    description: Text = None
    integration_external_reference: Text = None
    contract_template: Text = None
    use_highest_standard_system_price: YesNo = None
    auto_discount: YesNo = None
    utility_tariff_override: Reference = None


class Costing(_Dated):
    """What work costs the company: `figures` by OpenSolar's keys, each per system, panel or watt (slopes in degrees).

    `roof_types` holds the roof types that the five roof type adders stand for, by the adder's number.
    """

    description: Text = None
    priority: YesNo = None
    figures: dict[str, float] = Field(default={})
    roof_types: dict[str, int] = Field(default={})

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, record: Any) -> Any:
        if not isinstance(record, dict):
            return record
        own = {key: value for key, value in record.items() if key not in ("figures", "roof_types")}
        figures = {key: value for key, value in own.items() if _FIGURE.fullmatch(key) and value not in (None, "")}
        if figures:
            own["figures"] = figures
        adders = {found[1]: id_of(value) for key, value in own.items() if (found := _ROOF.fullmatch(key))}
        if adders:
            own["roof_types"] = {number: ref for number, ref in adders.items() if ref is not None}
        return own


class Activation(Record):
    """A component that the organisation uses. `data` is its data sheet; `cost` is the company's own.

    `component_ref` is the number of the public component, None where the organisation made the part itself.
    """

    _inner: ClassVar[frozenset[str]] = frozenset({"component"})

    component: Reference = Field(default=None, validation_alias=AliasChoices("module", "inverter", "battery", "other"))
    component_ref: Reference = Field(
        default=None, validation_alias=AliasChoices("module_id", "inverter_id", "battery_id", "other_id")
    )
    manufacturer_name: Text = None
    code: Text = None
    sku: Text = Field(default=None, alias="_sku")
    cost: Fine = None
    price_adjustment: Fine = None
    quantity: Number = None
    is_default: YesNo = None
    is_archived: YesNo = None
    product_warranty: Text = None
    performance_warranty: Text = None
    additional_parts_warranty: Text = None
    logo: Text = None
    data: Inside = None

    def columns(self) -> dict[str, Any]:
        """As above; the component's number also where only its address is given."""
        found = super().columns()
        if self.component_ref is None and self.component is not None:
            found["component_ref"] = self.component
        return found
