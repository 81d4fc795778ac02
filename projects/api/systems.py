"""Systems over the API; prices and costs only for who may see them."""

from __future__ import annotations

from typing import Any

from django_filters import NumberFilter
from rest_framework import serializers

from portal.access import Access
from portal.api.filters import Switch
from portal.api.parameters import Wanted
from portal.api.records import MirroredSerializer, Records, Row, mirrored_columns
from projects.access import visible_systems
from projects.api.filters import ProjectPartFilters
from projects.models import System
from projects.services.money_inside import part_without_money
from projects.services.story.system_options import COSTS, KINDS, PRICES

PARTS = (*KINDS, "adders", "module_groups", "incentives")
SIZE: dict[str, Any] = {"field_name": "kw_stc", "min_value": 0, "max_value": 999_999_999, "decimal_places": 3}


class Things(serializers.ListField):
    """OpenSolar's objects with all their keys but those of money that the person may not see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.DictField(), read_only=True, **kwargs)


class SystemSerializer(MirroredSerializer):
    """One system option of a project."""

    project = serializers.IntegerField(
        source="project.id", read_only=True, allow_null=True, help_text="The portal's id of its project."
    )
    modules = Things(help_text="manufacturer_name, code, quantity")
    inverters = Things(help_text="manufacturer_name, code, quantity")
    batteries = Things(help_text="manufacturer_name, code, quantity")
    others = Things(help_text="manufacturer_name, code, quantity")
    adders = Things(help_text="label, quantity, …; total_value with prices, total_cost with costs")
    module_groups = Things(help_text="module_quantity, azimuth (degrees), slope (degrees), layout")
    incentives = Things(help_text="title, paid_to_customer, …; value with prices")

    class Meta:
        model = System
        fields = (*mirrored_columns(System), "project", "payload")
        may_be_missing = (*PRICES, *COSTS)


class SystemFilters(ProjectPartFilters):
    """Filters of systems."""

    is_current = Switch(field_name="is_current", help_text="The option that counts.")
    kw_min = NumberFilter(lookup_expr="gte", help_text="At least this many kW DC.", **SIZE)
    kw_max = NumberFilter(lookup_expr="lte", help_text="At most this many kW DC.", **SIZE)


def complete(rows: list[Row], access: Access, wanted: Wanted) -> None:
    """Takes out what the person may not see; the keys are then absent."""
    if access.sees_all_money:
        return
    hidden = [*(() if access.sees_prices else PRICES), *(() if access.sees_costs else COSTS)]
    for row in rows:
        for key in hidden:
            row.pop(key, None)
        for part in PARTS:
            row[part] = part_without_money(part, row[part], access)


SYSTEMS = Records(
    name="systems",
    about=(
        "System options of projects. Amounts in the account's currency, absent for who may not see them; "
        "`kw_stc` in kW DC, energies in kWh, `co2_tons_lifetime` in tonnes."
    ),
    model=System,
    serializer=SystemSerializer,
    visible=visible_systems,
    filters=SystemFilters,
    complete=complete,
    shapes=("list", "details"),
)
