"""Opening a project's files, and the pictures of its systems."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.access import access_of, opens
from projects.access import visible_files
from projects.models import PrivateFile, Project, System
from projects.services.pictures import shown as pictures
from projects.services.story import files, system_options
from projects.services.story import record as story

PICTURE_LIFE = 86_400
"""Seconds that a browser keeps a picture; the address of another design's picture is another one."""


@require_safe
@never_cache
@opens(PrivateFile)
def project_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Leads to the file's contents at OpenSolar, by a link that was made for this click; else back, with the reason."""
    access = access_of(request)
    shown = visible_files(access, removed=True).select_related("connection")
    file = get_object_or_404(shown, pk=pk, temporary=False)
    if not files.may_open(access, file):
        raise Http404
    try:
        answer = HttpResponseRedirect(files.fresh_link(file))
    except files.NoLink as reason:
        messages.error(request, f"{file}: {reason}")
        page = get_object_or_404(story.openable(access), connection=file.connection_id, opensolar_id=file.project_ref)
        return redirect("project", pk=page.pk)
    # The link is a secret of an hour: the page that it leads to is not told where it was clicked.
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_safe
@opens(System)
def system_picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The picture of a system, `?size=small` or large, for whoever may see its project."""
    content = pictures.picture_file(access_of(request), pk, request.GET.get("size", "large"))
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["Cache-Control"] = f"private, max-age={PICTURE_LIFE}"
    return answer


@require_safe
@opens(Project)
def project_pictures(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The pictures alone, for a page that waits for them; 204 while there is nothing new."""
    access = access_of(request)
    project = get_object_or_404(story.openable(access), pk=pk)
    shown = pictures.how_pictures_stand(project, system_options.systems_of(access, project))
    if shown.coming:
        return HttpResponse(status=204)
    return render(request, "projects/story/pictures.html", {"project": project, "pictures": shown})
