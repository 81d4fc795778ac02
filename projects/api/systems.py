"""Systems over the API; prices and costs only for who may see them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import NumberFilter
from rest_framework import serializers

from portal.access import Access
from portal.api.filters import Switch, WholeNumber
from portal.api.parameters import Wanted
from portal.api.records import MirroredSerializer, Records, Row, mirrored_columns
from projects.access import visible_systems
from projects.api.filters import OpenSolarFilters, numbers_of
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


class SystemFilters(OpenSolarFilters):
    """Filters of systems."""

    project = WholeNumber(method="of_project", help_text="The portal's id of a project: its systems.")
    is_current = Switch(field_name="is_current", help_text="The option that counts.")
    kw_min = NumberFilter(lookup_expr="gte", help_text="At least this many kW DC.", **SIZE)
    kw_max = NumberFilter(lookup_expr="lte", help_text="At most this many kW DC.", **SIZE)

    def of_project(self, systems: QuerySet[System], name: str, pk: Any) -> QuerySet[System]:
        """None for a project that this person does not see."""
        numbers = numbers_of(self.request, pk)
        if numbers is None:
            return systems.none()
        return systems.filter(connection_id=numbers[0], project_ref=numbers[1])


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
