"""Edits on their way over the API: administrators read all, others their own; writing on records answers with one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django_filters import ChoiceFilter, FilterSet
from rest_framework import serializers

from portal.access import Access
from portal.api.filters import Moment, WholeNumber, Words
from portal.api.paging import Window
from portal.api.parameters import Wanted
from portal.api.prepared import fetch
from portal.api.reading import routes
from portal.api.records import Records, RecordSerializer, Row
from portal.lib.redaction import strip_secrets
from portal.models import ChangeSource, Delivery, DeliveryState, Verb
from portal.services import deliveries


class DeliverySerializer(RecordSerializer):
    """An edit on its way to a vendor; `body` holds the wanted values by the vendor's names, dates of birth left out."""

    connection = serializers.IntegerField(source="connection_id", read_only=True)
    actor = serializers.EmailField(source="actor.email", read_only=True, allow_null=True)
    verb = serializers.ChoiceField(choices=Verb.choices, read_only=True)
    state = serializers.ChoiceField(choices=DeliveryState.choices, read_only=True)
    source = serializers.ChoiceField(choices=ChangeSource.choices, read_only=True)  # type: ignore[assignment]
    body = serializers.DictField(read_only=True)
    base = serializers.DictField(read_only=True, help_text="The values that the editor saw.")
    theirs = serializers.DictField(read_only=True, help_text="In a conflict: what stands at the vendor instead.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), read_only=True, help_text="By field, where refused."
    )

    class Meta:
        model = Delivery
        fields = (
            *("id", "connection", "resource", "vendor_id", "verb", "state", "about", "body", "base", "theirs"),
            *("errors", "message", "attempts", "actor", "source", "created_at", "changed_at", "next_due_at"),
        )


class DeliveryFilters(FilterSet):
    """Filters of deliveries."""

    connection = WholeNumber(field_name="connection_id", help_text="Id of a connection, see `org`.")
    resource = Words(field_name="resource", help_text="projects, contacts, pricing_schemes, costings, …")
    vendor_id = Words(field_name="vendor_id", help_text="The vendor's number of the record.")
    state = ChoiceFilter(choices=DeliveryState.choices)
    changed_since = Moment(field_name="changed_at", lookup_expr="gte", help_text="In its state since this time.")


class _Own(Records):
    """What is a person's own is asked for by who they are, not by their kind alone."""

    def page(self, access: Access, wanted: Wanted, window: Window) -> list[tuple[Any, ...]]:
        return fetch(window.cut(self.tuples(self.visible(access, removed=wanted.removed))))


def deliveries_of(access: Access, *, removed: bool = False) -> QuerySet[Delivery]:
    """Administrators' all, others' their own; nothing here (404) for people who cannot write."""
    if not deliveries.may_write(access):
        raise Http404
    return deliveries.visible(access)


def _without_secrets(rows: list[Row], access: Access, wanted: Wanted) -> None:
    for row in rows:
        row["body"] = strip_secrets(row["body"])


DELIVERIES = _Own(
    name="deliveries",
    about="Edits on their way to vendors: administrators see all, others their own.",
    model=Delivery,
    serializer=DeliverySerializer,
    visible=deliveries_of,
    filters=DeliveryFilters,
    complete=_without_secrets,
)


def shown(delivery: Delivery, access: Access) -> Row:
    """One delivery as the API shows it."""
    rows = DELIVERIES.tuples(Delivery.objects.filter(pk=delivery.pk))
    return DELIVERIES.shape(rows, access, Wanted())[0]


urlpatterns = routes(DELIVERIES)
