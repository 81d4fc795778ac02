"""OpenSolar's delivery log over the API, for administrators."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django_filters import FilterSet
from rest_framework import serializers

from portal.access import Access
from portal.api.filters import Moment, Switch, WholeNumber, Words
from portal.api.records import Records, RecordSerializer
from projects.models import WebhookLog


class WebhookLogSerializer(RecordSerializer):
    """One attempt of OpenSolar's to deliver an event; `arrived` is null for another webhook's."""

    connection = serializers.IntegerField(source="connection_id", read_only=True, help_text="Id of a connection.")

    class Meta:
        model = WebhookLog
        fields = (
            *("id", "opensolar_id", "connection", "webhook_ref", "successful", "model_name", "model_pk", "event_id"),
            *("event_name", "event_timestamp", "notes", "created_date", "arrived", "read_at"),
        )


class WebhookLogFilters(FilterSet):
    """Filters of the delivery log."""

    connection = WholeNumber(field_name="connection_id", help_text="Id of a connection, see `org`.")
    successful = Switch(field_name="successful", help_text="Whether OpenSolar says that it was delivered.")
    arrived = Switch(field_name="arrived", help_text="Whether the portal has the event.")
    model_name = Words(field_name="model_name", lookup_expr="iexact", help_text="Project, Contact or Event.")
    model_pk = WholeNumber(field_name="model_pk", help_text="OpenSolar's number of the record.")
    delivered_since = Moment(field_name="created_date", lookup_expr="gte", help_text="Delivered at or after this time.")


def log_of(access: Access, *, removed: bool = False) -> QuerySet[WebhookLog]:
    """The whole log of the organisation; for all but administrators there is nothing here (404)."""
    if not access.is_administrator:
        raise Http404
    return WebhookLog.objects.all()


WEBHOOK_LOGS = Records(
    name="webhook-logs",
    about="OpenSolar's own log of its webhook deliveries, and whether they arrived; for administrators.",
    model=WebhookLog,
    serializer=WebhookLogSerializer,
    visible=log_of,
    filters=WebhookLogFilters,
)
