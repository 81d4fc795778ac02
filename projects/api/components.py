"""The component catalogue over the API: modules, inverters, batteries and other parts in one list."""

from __future__ import annotations

from django_filters import ChoiceFilter
from rest_framework import serializers

from portal.access import Access
from portal.api.filters import Switch, Words
from portal.api.parameters import Wanted
from portal.api.records import MirroredSerializer, Records, Row, mirrored_columns
from portal.vendors.opensolar.resources import COMPONENTS as RESOURCES
from projects.access import visible_components
from projects.api.filters import OpenSolarFilters
from projects.models import ComponentActivation, ComponentKind
from projects.services.money_inside import without_money


class ComponentSerializer(MirroredSerializer):
    """A part that the installer uses."""

    kind = serializers.ChoiceField(choices=ComponentKind.choices, read_only=True)
    data = serializers.DictField(  # type: ignore[assignment]
        read_only=True, allow_null=True, help_text="OpenSolar's data sheet, decoded; null if it is no JSON object."
    )

    class Meta:
        model = ComponentActivation
        fields = ("id", *mirrored_columns(ComponentActivation)[2:], "payload")
        may_be_missing = ("cost", "price_adjustment")


class ComponentFilters(OpenSolarFilters):
    """Filters of components."""

    kind = ChoiceFilter(choices=ComponentKind.choices, help_text="module, inverter, battery or other.")
    code = Words(field_name="code", lookup_expr="iexact", help_text="The whole code, any case.")
    is_archived = Switch(field_name="is_archived", help_text="Archived in OpenSolar; listed unless filtered out.")


def complete(rows: list[Row], access: Access, wanted: Wanted) -> None:
    """Takes out what the person may not see; the keys are then absent."""
    for row in rows:
        if not access.sees_costs:
            row.pop("cost", None)
        if not access.sees_prices:
            row.pop("price_adjustment", None)
        row["data"] = without_money(row["data"], access)


COMPONENTS = Records(
    name="component-activations",
    about=(
        "OpenSolar's component catalogue. `opensolar_id` is unique among components of a `kind`. `cost` only for people"
        " who see costs, `price_adjustment` for people who see prices, both in the account's currency. In `data`"
        " `kw_stc` and `max_power_rating` are in kW, `height` and `width` in m."
    ),
    model=ComponentActivation,
    serializer=ComponentSerializer,
    visible=visible_components,
    filters=ComponentFilters,
    complete=complete,
    resources=RESOURCES,
    vendor_id_of=lambda row: f"{row['kind']}:{row['opensolar_id']}",
)
