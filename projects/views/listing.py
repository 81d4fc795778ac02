"""The project list: a page for the browser, its table alone for htmx, the same rows as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html_join
from django.views.decorators.http import require_POST, require_safe

from portal.access import Access, access_of
from portal.services.deliveries import may_write
from portal.views.exports import csv_file, note_taken
from projects.services.lists import columns as chosen
from projects.services.lists import export, listing, saved_views
from projects.services.lists.criteria import STALLED_DAYS, Criteria, read
from projects.views.bar import bar_of
from projects.views.cells import lines_of
from projects.views.heads import heads_of
from projects.views.kept import settled


@require_safe
def project_list(request: HttpRequest) -> HttpResponseBase:
    """All projects that this person may see, narrowed, sorted and paged by the address."""
    access = access_of(request)
    team, views = listing.team_of(access), saved_views.views_of(access)
    criteria = settled(read(request.GET, team, prices=access.sees_prices), views)
    columns = chosen.columns_for(access, criteria.columns)
    page = listing.page_of(access, criteria, columns)
    swaps = request.htmx and request.htmx.target == "results"  # type: ignore[attr-defined]
    context = {
        **bar_of(access, criteria, team, views, columns=columns, page_url=reverse("projects")),
        "criteria": criteria,
        "page": page,
        "lines": lines_of(page.rows, columns),
        "heads": heads_of(criteria, columns),
        "previous_url": criteria.query(position=page.previous) if page.previous else "",
        "next_url": criteria.query(position=page.next) if page.next else "",
        "export_url": criteria.query(view=0),
        "current": "table",
        "may_edit": may_write(access),
        "stalled_days": STALLED_DAYS,
        "swaps": swaps,
    }
    response = render(request, "projects/parts/swap.html" if swaps else "projects/list.html", context)
    if swaps:
        response["HX-Push-Url"] = request.path + address_of(criteria.query(position=criteria.position))
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_safe
def project_export(request: HttpRequest) -> HttpResponseBase:
    """The list as CSV, row by row as the database gives them."""
    access = access_of(request)
    criteria = read(request.GET, listing.team_of(access), prices=access.sees_prices)
    return file_of(request, criteria)


@require_safe
def lead_sources(request: HttpRequest) -> HttpResponse:
    """What to type into the filter of lead sources, as options."""
    sources = listing.lead_sources_of(access_of(request))
    return HttpResponse(format_html_join("", '<option value="{}"></option>', ((source,) for source in sources)))


@require_POST
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Keeps which columns this person wants, and shows the list with them."""
    access = access_of(request)
    prices = access.sees_prices
    criteria = read_query(request.POST.get("query", ""), access)
    names = chosen.read_columns(",".join((chosen.ALWAYS, *request.POST.getlist("columns"))), prices, [])
    if request.POST.get("usual"):
        names = tuple(column.name for column in chosen.columns_for(access, chosen.DEFAULT))
    chosen.remember(access, names)
    return redirect(reverse("projects") + criteria.query(columns=names))


def file_of(request: HttpRequest, criteria: Criteria) -> StreamingHttpResponse:
    """The projects that fit as a file, in the columns of the list."""
    access = access_of(request)
    columns = chosen.columns_for(access, criteria.columns)
    note_taken(request, "projects.exported", **_narrowed(criteria))
    return csv_file("projects", access.organisation, export.lines(access, criteria, columns))


def _narrowed(criteria: Criteria) -> dict[str, Any]:
    """What the file was narrowed to, for the audit log: how many were picked, or the filters of the address."""
    if criteria.ids:
        return {"picked": len(criteria.ids)}
    return {"filters": address_of(criteria.query(position=None))}


def read_query(query: str, access: Access) -> Criteria:
    """The list that a form was sent from, as far as it makes sense."""
    return read(QueryDict(query.removeprefix("?")), listing.team_of(access), prices=access.sees_prices)


def address_of(query: str) -> str:
    """A query as part of an address; nothing at all for the plain list."""
    return "" if query == "?" else query
