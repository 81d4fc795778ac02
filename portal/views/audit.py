"""The audit log: what administrators did, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_scopes import scope

from portal.access import access_of, for_administrators
from portal.models import Organisation
from portal.services import audit_log
from portal.services.audit import note
from portal.services.audit_words import ACTS
from portal.services.spreadsheet import as_csv


@for_administrators
@require_safe
def audit_page(request: HttpRequest) -> HttpResponseBase:
    """Newest first, narrowed by the address."""
    asked = audit_log.read(request.GET.dict())
    page = audit_log.page_of(asked)
    context = {
        "asked": asked,
        "lines": [(entry, audit_log.what(entry.act), audit_log.details(entry)) for entry in page.entries],
        "earlier_url": page.earlier_url,
        "latest_url": asked.query() if asked.before else "",
        "export_query": asked.query(),
        "acts": ACTS.items(),
        "actors": audit_log.actors(),
    }
    return render(request, "portal/audit/log.html", context)


@for_administrators
@require_safe
def audit_export(request: HttpRequest) -> HttpResponseBase:
    """The same as CSV, all of it."""
    access = access_of(request)
    organisation = access.organisation
    asked = audit_log.read({**request.GET.dict(), "before": ""})
    if request.method == "GET":
        note(access, "audit.exported", filters=asked.query() if asked.narrows else "")
    lines = as_csv(_inside(organisation, audit_log.rows(asked)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"audit-{organisation.slug}-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _inside(organisation: Organisation, rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Takes each row inside the organisation: the answer is sent after the request has left it."""
    while True:
        with scope(organisation=organisation):
            row = next(rows, None)
        if row is None:
            return
        yield row
