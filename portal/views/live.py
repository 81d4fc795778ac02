"""What a page that stays open asks once a minute: has the age of the data, or the number at the bell, changed?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.access import access_of
from portal.services.live import live_for


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The frame's moving parts, and the page's sentence about old data if it has one; 204 while all is as `seen`."""
    here = live_for(access_of(request))
    if request.GET.get("seen") == here.seen:
        return HttpResponse(status=204)
    context = {"data_age": here.age, "bell": here.bell, "seen": here.seen, "with_line": "line" in request.GET}
    # Without the request: the frame's own context (counts of the sidebar) is not asked for.
    return HttpResponse(render_to_string("portal/live.html", context))
