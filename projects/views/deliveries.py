"""The page of OpenSolar's delivery log, beside what arrived; and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_scopes import scope

from portal.access import access_of, for_administrators, opens
from portal.models import Connection, Organisation
from portal.services.audit import note
from portal.services.spreadsheet import as_csv
from portal.views.connection_words import vendor_label
from projects.services import deliveries


@opens(Connection)
@for_administrators
@require_safe
def deliveries_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Newest first, narrowed by the address."""
    connection = _found(pk)
    asked = deliveries.read(request.GET.dict())
    page = deliveries.page_of(connection, asked)
    context = {
        "connection": connection,
        "vendor": vendor_label(connection.vendor),
        "asked": asked,
        "lines": page.lines,
        "earlier_url": page.earlier_url,
        "latest_url": asked.query() if asked.before else "",
        "export_query": asked.query(),
        "outcomes": deliveries.OUTCOMES.items(),
        "models": deliveries.models(connection),
    }
    return render(request, "projects/deliveries/log.html", context)


@opens(Connection)
@for_administrators
@require_safe
def deliveries_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same as CSV, all of it."""
    connection, access = _found(pk), access_of(request)
    organisation = access.organisation
    asked = deliveries.read({**request.GET.dict(), "before": ""})
    note(access, "deliveries.exported", str(connection), filters=asked.query() if asked.narrows else "")
    lines = as_csv(_inside(organisation, deliveries.rows(connection, asked)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"deliveries-{organisation.slug}-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _found(pk: int) -> Connection:
    return get_object_or_404(Connection.objects.defer("credentials"), pk=pk)


def _inside(organisation: Organisation, rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Takes each row inside the organisation: the answer is sent after the request has left it."""
    while True:
        with scope(organisation=organisation):
            row = next(rows, None)
        if row is None:
            return
        yield row
