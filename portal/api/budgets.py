"""What of the vendors' published limits is used, and when what waits will have been asked for; for administrators."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import parameters
from portal.api.schema import REFUSALS
from portal.api.scoped import OrganisationView
from portal.models import Connection
from portal.services.budget import Budget, budget_of


class LimitSerializer(serializers.Serializer[Any]):
    """A published limit, and what was used of it in its last `seconds`."""

    action = serializers.CharField(read_only=True, help_text="What is asked for.")
    scope = serializers.ChoiceField(["user", "account"], read_only=True, help_text="Whose: a login's, an account's.")
    count = serializers.IntegerField(read_only=True, help_text="Requests.")
    seconds = serializers.IntegerField(read_only=True)
    used_interactive = serializers.IntegerField(read_only=True, allow_null=True, help_text="Requests for people.")
    used_background = serializers.IntegerField(read_only=True, allow_null=True, help_text="Requests for the mirror.")


class WaitingSerializer(serializers.Serializer[Any]):
    """What still has to be asked for, record by record."""

    part = serializers.CharField(read_only=True)
    number = serializers.IntegerField(read_only=True)
    a_minute = serializers.FloatField(
        read_only=True, allow_null=True, help_text="Requests a minute; null where nothing is held back or asked for."
    )
    ends_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When the last is asked for, about; null where nobody knows."
    )


class BudgetSerializer(serializers.Serializer[Any]):
    """A connection's budget; `counted` is false where the portal's own budgets are switched off."""

    connection = serializers.IntegerField(read_only=True)
    vendor = serializers.CharField(read_only=True)
    counted = serializers.BooleanField(read_only=True)
    limits = LimitSerializer(many=True, read_only=True)
    waiting = WaitingSerializer(many=True, read_only=True)


class BudgetList(serializers.Serializer[Any]):
    """The budgets of all connections whose vendors publish limits."""

    results = BudgetSerializer(many=True, read_only=True)


class BudgetView(OrganisationView):
    """Every connection's budget; for all but administrators there is nothing here (404)."""

    http_method_names = ["get", "head", "options"]

    @extend_schema(
        operation_id="syncs_budget", summary="The vendors' limits, as used", responses={200: BudgetList, **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        if not self.access.is_administrator:
            raise Http404
        parameters.check(request, ())
        connections = Connection.objects.defer("credentials").order_by("pk")
        budgets = [(connection, budget_of(connection)) for connection in connections]
        return Response({"results": [_shown(connection, budget) for connection, budget in budgets if budget]})


def _shown(connection: Connection, budget: Budget) -> dict[str, Any]:
    limits = [
        {
            "action": use.action,
            "scope": use.limit.scope,
            "count": use.limit.count,
            "seconds": use.limit.seconds,
            "used_interactive": use.interactive if budget.counted else None,
            "used_background": use.background if budget.counted else None,
        }
        for use in budget.limits
    ]
    waiting = [
        {"part": one.name, "number": one.number, "a_minute": one.a_minute, "ends_at": one.ends_at}
        for one in budget.waiting
    ]
    about = {"connection": connection.pk, "vendor": connection.vendor, "counted": budget.counted}
    return {**about, "limits": limits, "waiting": waiting}


urlpatterns = [path("syncs/budget/", BudgetView.as_view(), name="api_syncs_budget")]
