"""The timeline of a project, as a part of its page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.access import access_of, opens
from projects.models import Project
from projects.services.people import links_of
from projects.services.story import record as story
from projects.services.story import vendor_events as events
from projects.services.story.carried import carried_by
from projects.services.timeline.entries import read_wish
from projects.services.timeline.whole import timeline_of
from projects.views.story import heading


@require_safe
@opens(Project)
def project_timeline(request: HttpRequest, pk: int) -> HttpResponseBase:
    """For htmx: anew for another filter, or the entries before a moment, to be put below the others.

    Opened by itself it leads to the same place on the project's page.
    """
    access = access_of(request)
    project = get_object_or_404(story.openable(access), pk=pk)
    wish = read_wish(request.GET)
    if not request.htmx:  # type: ignore[attr-defined]
        before = wish.before.isoformat() if wish.before else ""
        return redirect(f"{reverse('project', args=[pk])}{wish.address(before=before)}#timeline")
    noted = events.events_of(project, carried_by(project).events)
    shown = timeline_of(access, project, wish, noted, links_of(project))
    context = {**heading(project), "timeline": shown, "added": wish.before is not None}
    part = "entries" if wish.before else "timeline"
    return render(request, f"projects/story/{part}.html", context)
