"""The component catalogue: a list by kind, and one component with its data sheet and the projects that use it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.access import access_of, opens
from portal.models import Kind
from portal.vendors.opensolar.resources import COMPONENTS
from projects.access import visible_components
from projects.models import ComponentActivation, ComponentKind
from projects.services.components import catalogue
from projects.services.components.uses import projects_with
from projects.services.lists.rows import rows_of
from projects.services.not_offered import refusals
from projects.services.prices.book import STATES
from projects.services.prices.panel import new_url, panel_of
from projects.services.prices.parts import PARTS

PROJECTS_A_PAGE = 25
RESOURCES = dict(zip(ComponentKind, COMPONENTS, strict=True))


@require_safe
def component_list(request: HttpRequest) -> HttpResponse:
    """The components of one kind, narrowed and paged by the address; a 404 for people who work on no projects."""
    access = access_of(request)
    if access.kind == Kind.UNASSIGNED:
        raise Http404
    asked = catalogue.read(request.GET.dict())
    page, counts = catalogue.page_of(access, asked), catalogue.counts(access, asked)
    context = {
        "asked": asked,
        "kinds": [
            (label, asked.query(kind=kind.value), counts.get(kind.value, 0), kind == asked.kind)
            for kind, label in catalogue.KINDS.items()
        ],
        "states": STATES.items(),
        "rows": catalogue.rows_of(access, asked, list(page)),
        "page": page,
        "total": page.paginator.count,
        "previous_url": asked.query(page=page.previous_page_number()) if page.has_previous() else "",
        "next_url": asked.query(page=page.next_page_number()) if page.has_next() else "",
        "all_url": f"?kind={asked.kind.value}&state=all",
        "refusals": refusals([RESOURCES[asked.kind]]),
        "part": PARTS[RESOURCES[asked.kind]],
        "new_url": new_url(access, PARTS[RESOURCES[asked.kind]]),
    }
    return render(request, "projects/catalogue/list.html", context)


@opens(ComponentActivation)
@require_safe
def component_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One component, one that OpenSolar has removed included: projects may still be built with it."""
    access = access_of(request)
    part: ComponentActivation = get_object_or_404(visible_components(access, removed=True), pk=pk)
    found = Paginator(projects_with(access, part), PROJECTS_A_PAGE).get_page(request.GET.get("page", ""))
    context = {
        **panel_of(access, part),
        "part": part,
        "list_url": f"{reverse('catalogue')}?kind={part.kind}",
        "sheet": catalogue.sheet_of(access, part),
        "rest": catalogue.rest_of(access, part),
        "rows": rows_of(access, list(found)),
        "page": found,
        "total": found.paginator.count,
        "previous_url": f"?page={found.previous_page_number()}" if found.has_previous() else "",
        "next_url": f"?page={found.next_page_number()}" if found.has_next() else "",
    }
    return render(request, "projects/catalogue/component.html", context)
