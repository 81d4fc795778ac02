"""Search: a page with all groups, and the same as the inside of the palette that opens over every page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.access import access_of
from portal.lib import search_words
from portal.services.search import search as look_for

IN_PALETTE, ON_PAGE = 5, 10
PALETTE = "palette-found"


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What `q` finds among all that this person may see; nothing of what was asked is kept."""
    access = access_of(request)
    asked = search_words.read(request.GET.get("q", ""))
    in_palette = request.htmx and request.htmx.target == PALETTE  # type: ignore[attr-defined]
    context = {
        "asked": asked,
        "longest": search_words.LONGEST,
        "most_words": search_words.MOST_WORDS,
        "result": look_for(access, asked, IN_PALETTE if in_palette else ON_PAGE),
    }
    response = render(request, "partials/search_found.html" if in_palette else "portal/search.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
