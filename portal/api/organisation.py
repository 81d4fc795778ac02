"""The organisation of the token: who asks there, and how its connections are."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import parameters
from portal.api.schema import MISTAKE, Refusal
from portal.api.scoped import OrganisationView
from portal.models import Connection, ConnectionState, Kind


class ConnectionSerializer(serializers.ModelSerializer[Connection]):
    """An account at a vendor that the organisation has connected."""

    state = serializers.ChoiceField(choices=ConnectionState.choices, read_only=True)
    message = serializers.CharField(read_only=True, help_text="What the vendor last said; for administrators.")

    class Meta:
        model = Connection
        fields = read_only_fields = ("id", "vendor", "account_id", "state", "message", "last_success_at")


class OrgSerializer(serializers.Serializer[Any]):
    """An organisation, and what the token's person is and may see in it."""

    id = serializers.IntegerField(read_only=True)
    slug = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(choices=Kind.choices, read_only=True, help_text="What the token's person is here.")
    sees_prices = serializers.BooleanField(read_only=True, help_text="What the customer pays.")
    sees_costs = serializers.BooleanField(read_only=True, help_text="What it costs the company, and its profit.")
    connections = ConnectionSerializer(many=True, read_only=True)


class OrgView(OrganisationView):
    """The organisation that the token belongs to, its connections, and the rights of the token's person."""

    http_method_names = ["get", "head", "options"]

    @extend_schema(
        operation_id="org",
        responses={200: OrgSerializer, 400: MISTAKE, 401: Refusal},
        summary="The token's organisation",
    )
    def get(self, request: Request) -> Response:
        parameters.check(request, ())
        organisation = self.access.organisation
        connections = list(Connection.objects.order_by("id").values(*ConnectionSerializer.Meta.fields))
        if not self.access.is_administrator:
            # What a vendor said is for who can act on it.
            connections = [{**connection, "message": ""} for connection in connections]
        return Response(
            {
                "id": organisation.pk,
                "slug": organisation.slug,
                "name": organisation.name,
                "kind": self.access.kind.value,
                "sees_prices": self.access.sees_prices,
                "sees_costs": self.access.sees_costs,
                "connections": connections,
            }
        )
