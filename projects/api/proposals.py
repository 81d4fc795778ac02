"""Proposals in figures over the API; prices and costs only for who may see them."""

from __future__ import annotations

from rest_framework import serializers

from portal.access import Access
from portal.api.filters import Switch, Words
from portal.api.parameters import Wanted
from portal.api.records import MirroredSerializer, Records, Row, mirrored_columns
from projects.access import visible_proposals
from projects.api.filters import ProjectPartFilters
from projects.models import Proposal

PRICES = ("price", "payback_years", "npv", "irr", "roi")
COSTS = ("cost",)
# The figures of each option are text for pages; the columns say what they come to.
INTERNAL = ("options", "option_place")


class ProposalSerializer(MirroredSerializer):
    """The proposal of one project in one language."""

    project = serializers.IntegerField(
        source="project.id", read_only=True, allow_null=True, help_text="The portal's id of its project."
    )
    calculation_errors = serializers.ListField(child=serializers.CharField(), read_only=True)
    unreadable = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Parts of the payload that could not be unpacked."
    )

    class Meta:
        model = Proposal
        fields = (*mirrored_columns(Proposal, without=INTERNAL), "project", "payload")
        may_be_missing = (*PRICES, *COSTS)


class ProposalFilters(ProjectPartFilters):
    """Filters of proposals."""

    project_column = "opensolar_id"

    currency = Words(field_name="currency", lookup_expr="iexact", help_text="ISO 4217, any case.")
    language_asked = Words(field_name="language_asked", lookup_expr="iexact", help_text="A language code, any case.")
    is_sold = Switch(field_name="project__is_sold", help_text="Whether a system of the project was sold.")


def complete(rows: list[Row], access: Access, wanted: Wanted) -> None:
    """Takes out what the person may not see; the keys are then absent."""
    hidden = [*(() if access.sees_prices else PRICES), *(() if access.sees_costs else COSTS)]
    for row in rows:
        for key in hidden:
            row.pop(key, None)


PROPOSALS = Records(
    name="proposals",
    about=(
        "OpenSolar's proposals of sold projects and of those somebody opened, in figures; `opensolar_id` is the "
        "project's number. Amounts in `currency` (empty where it is not known), absent for who may not see them; "
        "`irr` and `roi` in per cent, `payback_years` in years, `kw_stc` in kW DC, `output_annual_kwh` in kWh."
    ),
    model=Proposal,
    serializer=ProposalSerializer,
    visible=visible_proposals,
    filters=ProposalFilters,
    complete=complete,
)
