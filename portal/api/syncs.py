"""Sync runs over the API: administrators read them and ask for one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.access import Access
from portal.api import parameters
from portal.api.filters import BIGGEST, Moment, WholeNumber
from portal.api.parameters import Wanted
from portal.api.reading import RecordList, routes
from portal.api.records import Records, RecordSerializer
from portal.api.schema import REFUSALS
from portal.models import Connection, RunState, SyncRun
from portal.services.audit import note
from portal.services.connection_acts import CannotDo, sync_now


class SyncSerializer(RecordSerializer):
    """A sync run; `counts` holds fetched, created, updated, unchanged, removed, failed and deferred a resource."""

    connection = serializers.IntegerField(source="connection_id", read_only=True)
    vendor = serializers.CharField(source="connection.vendor", read_only=True)
    state = serializers.ChoiceField(choices=RunState.choices, read_only=True)
    counts = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()), read_only=True)
    progress = serializers.DictField(read_only=True, help_text="Where it is now: resource, page, pages, records.")

    class Meta:
        model = SyncRun
        fields = (
            *("id", "connection", "vendor", "state", "full", "queued_at", "started_at", "finished_at"),
            *("counts", "progress", "requests", "message"),
        )


class SyncRequest(serializers.Serializer[Any]):
    """The wish for a sync."""

    connection = serializers.IntegerField(min_value=1, max_value=BIGGEST, help_text="Id of a connection, see `org`.")
    full = serializers.BooleanField(default=False, help_text="Read everything again, not only what is due.")

    def validate_connection(self, pk: int) -> Connection:
        """The connection itself; the token's organisation is the scope of the query."""
        connection = Connection.objects.filter(pk=pk).first()
        if connection is None:
            raise serializers.ValidationError(_("There is no such connection."))
        return connection


class SyncFilters(FilterSet):
    """Filters of sync runs."""

    connection = WholeNumber(field_name="connection_id", help_text="Id of a connection, see `org`.")
    state = ChoiceFilter(choices=RunState.choices)
    queued_since = Moment(field_name="queued_at", lookup_expr="gte", help_text="Runs asked for at or after this time.")


def runs_of(access: Access, *, removed: bool = False) -> QuerySet[SyncRun]:
    """All runs of the organisation; for all but administrators there is nothing here (404)."""
    if not access.is_administrator:
        raise Http404
    return SyncRun.objects.all()


SYNCS = Records(
    name="syncs",
    about="Sync runs of all connections, with counts a resource; for administrators.",
    model=SyncRun,
    serializer=SyncSerializer,
    visible=runs_of,
    filters=SyncFilters,
)


class SyncList(RecordList):
    """Sync runs, and a new one."""

    http_method_names = ["get", "post", "head", "options"]

    @extend_schema(summary="Ask for a sync", request=SyncRequest, responses={202: SyncSerializer, **REFUSALS})
    def post(self, request: Request) -> Response:
        """Answers with the queued run; one that waits already is given again. A worker carries it out."""
        parameters.check(request, ())
        runs = runs_of(self.access)
        asked = SyncRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        connection, full = asked.validated_data["connection"], asked.validated_data["full"]
        try:
            with transaction.atomic():
                run = sync_now(connection, self.access.user, full=full)
                note(self.access, "connection.synced", str(connection), over="API", full=full)
        except CannotDo as reason:
            raise serializers.ValidationError({"connection": [str(reason)]}) from reason
        row = self.records.tuples(runs.filter(pk=run.pk))
        return Response(self.records.shape(row, self.access, Wanted())[0], status=202)


urlpatterns = routes(SYNCS, SyncList)
