"""The views behind every kind of record: a page of them, and one of them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import URLPattern, path
from django_filters import FilterSet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import parameters
from portal.api.paging import KeysetPages, Window
from portal.api.parameters import Wanted
from portal.api.prepared import fetch
from portal.api.records import Records, RecordSerializer
from portal.api.schema import RecordSchema
from portal.api.scoped import OrganisationView

PAGING = ("cursor", "page_size")


class RecordView(OrganisationView, GenericAPIView[Any]):
    """What lists and single records share; `records` comes from `routes`."""

    records: Records = None  # type: ignore[assignment]
    schema = RecordSchema()
    http_method_names = ["get", "head", "options"]

    def wanted(self, *names: str) -> Wanted:
        """Checks the parameters (400) and reads the switches of mirrored records."""
        if not self.records.is_mirrored:
            parameters.check(self.request, names)
            return Wanted()
        parameters.check(self.request, (*parameters.MIRRORED, *names))
        return parameters.wanted(self.request, self.access)

    def get_serializer_class(self) -> type[RecordSerializer]:
        return self.records.serializer

    def get_queryset(self) -> QuerySet[Any]:
        """No rows: tells the OpenAPI document which model this is."""
        return self.records.model._default_manager.none()


class RecordList(RecordView):
    """A page of records, narrowed by filters."""

    pagination_class = KeysetPages
    filter_backends = [DjangoFilterBackend]

    @property
    def filterset_class(self) -> type[FilterSet]:
        """Where django-filter and the OpenAPI document look for the filters."""
        return self.records.filters

    def window(self, request: Request) -> Window:
        """Which rows are on the page that is asked for; ParseError (400) for what cannot be one."""
        return Window.of(request)

    def get(self, request: Request) -> Response:
        filters = self.records.filters.base_filters.keys()
        wanted, window = self.wanted(*PAGING, *filters), self.window(request)
        if filters.isdisjoint(request.query_params):
            found = self.records.page(self.access, wanted, window)
        else:
            rows = self.filter_queryset(self.records.visible(self.access, removed=wanted.removed))
            found = fetch(window.cut(self.records.tuples(rows)))
        pages = KeysetPages()
        page = pages.turn(found, window, request)
        return pages.get_paginated_response(self.records.shape(page, self.access, wanted))


class RecordDetail(RecordView):
    """One record by the portal's id; what is not there for this person is a 404."""

    def get(self, request: Request, pk: int) -> Response:
        wanted = self.wanted()
        rows = self.records.visible(self.access, removed=wanted.removed).filter(pk=pk)
        found = fetch(self.records.tuples(rows)[:1])
        if not found:
            raise Http404
        return Response(self.records.shape(found, self.access, wanted)[0])


def routes(
    records: Records, listing: type[RecordList] = RecordList, detail: type[RecordDetail] = RecordDetail
) -> list[URLPattern]:
    """The two addresses of a kind of record: `projects/` and `projects/5/`."""
    return [
        path(f"{records.name}/", listing.as_view(records=records), name=f"api_{records.name}"),
        path(f"{records.name}/<int:pk>/", detail.as_view(records=records), name=f"api_{records.name}_one"),
    ]
