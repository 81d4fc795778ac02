"""One project's page, and the parts of it that follow OpenSolar's answers while it stays open."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access import Access, access_of, opens
from portal.templatetags.frame import phone_href
from projects.models import Project, System
from projects.services import people
from projects.services.components import datasheets
from projects.services.components import sheets as component_sheets
from projects.services.edits import panel as edits_panel
from projects.services.names import customer_of, place_of, subtitle_of
from projects.services.pictures import shown as pictures
from projects.services.roofs import roof_name
from projects.services.stages import stage_label, stage_tone, track_of
from projects.services.story import carried, comparison, details, files, freshness, site_map, system_options
from projects.services.story import record as story
from projects.services.story import vendor_events as events
from projects.services.timeline import entries as timeline
from projects.services.timeline import whole as timeline_whole
from projects.services.zones import offset_of, zone_of


@require_safe
@opens(Project)
def project_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What happened, what was offered and sold, whom to call. Opening it asks OpenSolar for what is missing."""
    access = access_of(request)
    project = get_object_or_404(story.openable(access), pk=pk)
    systems = system_options.systems_of(access, project)
    waiting = details.ask_for_details(project, systems)
    links = people.links_of(project)
    more = carried.carried_by(project)
    panel = edits_panel.panel_of(access, project, [link.contact_ref for link in links])
    customers = people.customers_of(links, panel["deliveries"])
    context = {
        **heading(project),
        **panel,
        **_systems(access, project, systems, waiting, more),
        "track": track_of(project),
        "freshness": freshness.freshness_of(project),
        "customers": customers,
        "call": next((person for person in customers if phone_href(person.phone)), None),
        "write": next((person for person in customers if person.email), None),
        "team": people.team_on(project),
        "map": site_map.map_of(project),
        "roof": roof_name(project.roof_type_id),
        "more": more,
        "files": files.files_of(access, project),
        "timeline": timeline_whole.timeline_of(
            access, project, timeline.read_wish(request.GET), events.events_of(project, more.events), links
        ),
    }
    return render(request, "projects/project.html", context)


@require_safe
@opens(Project)
def project_systems(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The systems alone, for a page that waits for their details; 204 while there is nothing new."""
    access = access_of(request)
    project = get_object_or_404(story.openable(access), pk=pk)
    systems = system_options.systems_of(access, project)
    waiting = details.how_details_stand(project, systems)
    if waiting.soon:
        return HttpResponse(status=204)
    more = carried.carried_by(project)
    context = {"project": project, **_systems(access, project, systems, waiting, more)}
    return render(request, "projects/parts/systems.html", context)


@opens(Project)
@require_POST
def project_refresh(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Asks OpenSolar for this project now, at most once a minute."""
    project = get_object_or_404(story.openable(access_of(request)), pk=pk)
    said = freshness.ask_again(project)
    if not request.htmx:  # type: ignore[attr-defined]
        messages.info(request, said)
        return redirect("project", pk=pk)
    context = {**heading(project), "freshness": freshness.freshness_of(project), "said": said}
    return render(request, "projects/story/freshness.html", context)


@require_safe
@opens(Project)
def project_freshness(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Polled while OpenSolar is asked: 204, and once the answer is there the event that lets the page read itself."""
    project = get_object_or_404(story.openable(access_of(request)), pk=pk)
    answer = HttpResponse(status=204)
    if not freshness.is_coming(project):
        answer["HX-Trigger"] = "project-came"
    return answer


def _systems(
    access: Access, project: Project, systems: list[System], waiting: details.Details, more: carried.Carried
) -> dict[str, Any]:
    options = system_options.options_of(access, project, systems)
    return {
        "options": options,
        "blocks": comparison.comparison_of(access, project, options, more.payment_option),
        "sheets": datasheets.sheets_of(options, component_sheets.known_parts(access, project, options)),
        "details": waiting,
        "pictures": pictures.ask_for_pictures(project, systems),
    }


def heading(project: Project) -> dict[str, Any]:
    """What names a project at the top of a page, and its clock."""
    zone = zone_of(project)
    known = offset_of(project) is not None
    clock = _("Times in the project's zone, %(zone)s") if known else _("Time zone unknown: times in %(zone)s")
    return {
        "project": project,
        "customer": customer_of(project),
        "subtitle": subtitle_of(project),
        "place": place_of(project),
        "stage": stage_label(project.stage),
        "stage_tone": stage_tone(project.stage),
        "gone": bool(project.removed_at or project.withheld_at),
        "expired": story.has_expired(project),
        "zone": zone,
        "clock": clock % {"zone": zone.tzname(None)},
    }
