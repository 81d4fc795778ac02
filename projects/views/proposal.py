"""A project's proposal, and what was promised when it was sold."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import access_of, opens
from projects.models import Project, Proposal
from projects.services.proposals import held as proposals
from projects.services.proposals import promise
from projects.services.proposals import story as proposal_story
from projects.services.proposals.months import HEIGHT, WIDTH
from projects.services.story import record as story
from projects.views.story import heading


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Project)
def project_proposal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The proposal as OpenSolar last gave it; opening it asks for what is missing, a POST asks anew."""
    access = access_of(request)
    project = get_object_or_404(story.openable(access), pk=pk)
    asked = request.POST if request.method == "POST" else request.GET
    language = proposals.read_language(asked.get("language", ""))
    here = reverse("project_proposal", args=[pk]) + (f"?language={language}" if language else "")
    if request.method == "POST":
        messages.info(request, proposals.ask_again(project, language))
        return redirect(here)
    found = proposals.proposal_of(access, project, language)
    context = {
        **heading(project),
        "proposal": found,
        "story": proposal_story.story_of(access, project, found) if found else None,
        "standing": proposals.open_proposal(project, found, language),
        "language": language,
        "languages": proposals.LANGUAGES.items(),
        "promise": promise.promise_of(access, project),
        "expired": story.has_expired(project),
        "chart_width": WIDTH,
        "chart_height": HEIGHT,
    }
    return render(request, "projects/proposal.html", context)


@require_safe
@opens(Project)
def proposal_state(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Polled by a page that waits: 204 meanwhile, and then the word to load it anew."""
    access = access_of(request)
    project = get_object_or_404(story.openable(access), pk=pk)
    language = proposals.read_language(request.GET.get("language", ""))
    found: Proposal | None = proposals.proposal_of(access, project, language)
    answer = HttpResponse(status=204)
    if not proposals.how_it_stands(project, found, language).coming:
        answer["HX-Refresh"] = "true"
    return answer


@require_safe
@opens(Project)
def project_promise(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was sold and what has changed since, as a part of the project's page; empty where nothing was noted."""
    access = access_of(request)
    project = get_object_or_404(story.openable(access), pk=pk)
    context = {"project": project, "promise": promise.promise_of(access, project)}
    return render(request, "projects/proposal/promise.html", context)
