"""The audit log: what administrators did, as a page and as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.access import access_of, for_administrators
from portal.services import audit_log
from portal.services.audit_words import ACTS
from portal.services.spreadsheet import as_csv
from portal.views.exports import csv_file, inside, note_taken


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
    organisation = access_of(request).organisation
    asked = audit_log.read({**request.GET.dict(), "before": ""})
    note_taken(request, "audit.exported", filters=asked.query() if asked.narrows else "")
    return csv_file("audit", organisation, as_csv(inside(organisation, audit_log.rows(asked))))
