"""The price book: pricing schemes, payment options and costings, as OpenSolar keeps them."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.access import access_of
from projects.services.not_offered import refusals
from projects.services.prices import book as pricebook
from projects.services.prices.costing_figures import UNITS
from projects.services.prices.panel import marks_on, new_url
from projects.services.prices.parts import PARTS, key_of

# The engine's name of each part of the book.
RESOURCES = {
    pricebook.SCHEMES: "pricing_schemes",
    pricebook.PAYMENTS: "payment_options",
    pricebook.COSTINGS: "costings",
}


@require_safe
def price_book(request: HttpRequest) -> HttpResponse:
    """One part of the book, narrowed and paged by the address; a 404 for people who see neither prices nor costs."""
    access = access_of(request)
    parts = pricebook.parts_for(access)
    if not parts:
        raise Http404
    asked = pricebook.read(request.GET.dict(), parts)
    page = pricebook.page_of(access, asked)
    part = PARTS[RESOURCES[asked.show]]
    marks = marks_on(access, part, page)
    cards = pricebook.cards(access, asked, page)
    context = {
        "asked": asked,
        "parts": [(pricebook.LABELS[name], f"?show={name}", name == asked.show) for name in parts],
        "kinds": pricebook.kinds_for(access, asked),
        "priorities": pricebook.priorities_for(access, asked),
        "states": pricebook.STATES.items(),
        "cards": [replace(card, url=part.url("", card.record), mark=marks.get(key_of(card.record))) for card in cards],
        "units": UNITS.values(),
        "page": page,
        "total": page.paginator.count,
        "previous_url": asked.query(page=page.previous_page_number()) if page.has_previous() else "",
        "next_url": asked.query(page=page.next_page_number()) if page.has_next() else "",
        "all_url": f"?show={asked.show}&state=all",
        "refusals": refusals([RESOURCES[asked.show]]),
        "part": part,
        "new_url": new_url(access, part),
    }
    return render(request, "projects/pricebook/page.html", context)
