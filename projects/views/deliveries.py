"""The page of OpenSolar's delivery log, beside what arrived; and the same as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.access import access_of, for_administrators, opens
from portal.models import Connection
from portal.services.spreadsheet import as_csv
from portal.views.connection_words import vendor_label
from portal.views.exports import csv_file, inside, note_taken
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
    connection, organisation = _found(pk), access_of(request).organisation
    asked = deliveries.read({**request.GET.dict(), "before": ""})
    note_taken(request, "deliveries.exported", str(connection), filters=asked.query() if asked.narrows else "")
    return csv_file("deliveries", organisation, as_csv(inside(organisation, deliveries.rows(connection, asked))))


def _found(pk: int) -> Connection:
    return get_object_or_404(Connection.objects.defer("credentials"), pk=pk)
