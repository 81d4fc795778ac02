"""Kept views of the list: opening one, a page of all, and the acts on them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import Access, access_of, opens
from projects.models import SavedView
from projects.services.lists import columns as chosen
from projects.services.lists import listing, saved_views
from projects.services.lists.criteria import Criteria
from projects.views.kept import kept_of
from projects.views.listing import address_of, read_query


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_list(request: HttpRequest) -> HttpResponseBase:
    """All views that this person may open, with their counts; a POST keeps the list that is open as a new one."""
    access = access_of(request)
    if not saved_views.keeps_views(access):
        raise Http404
    if request.method == "POST":
        return _keep(request, access)
    team, views = listing.team_of(access), saved_views.views_of(access)
    kept = kept_of(access, Criteria(), (), team, views, count_all=True)
    return render(request, "projects/saved_views.html", {"kept": kept})


@require_safe
@opens(SavedView)
def saved_view(request: HttpRequest, pk: int) -> HttpResponse:
    """A view's own address: leads to the list that it means today."""
    view = get_object_or_404(saved_views.visible_views(access_of(request)), pk=pk)
    return redirect(reverse("projects") + f"?{view.query}&view={view.pk}".replace("?&", "?"))


@opens(SavedView)
@require_POST
def change_saved_view(request: HttpRequest, pk: int) -> HttpResponse:
    """One act on a view (`act`); then back to the list, or (`back`) to the page of all views.

    Deleting is asked about first: without `confirmed` the answer is the question.
    """
    access = access_of(request)
    view = get_object_or_404(saved_views.visible_views(access).select_related("owner__user"), pk=pk)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    if act is _delete and saved_views.may_delete(access, view) and not request.POST.get("confirmed"):
        came = {name: request.POST.get(name, "") for name in ("back", "query", "layout")}
        return render(request, "projects/saved_view_delete.html", {"view": view, "came": came})
    try:
        messages.success(request, act(request, access, view))
    except saved_views.Refused as refused:
        messages.error(request, str(refused))
    return _back(request, access, view.pk or 0)


def _keep(request: HttpRequest, access: Access) -> HttpResponse:
    criteria = read_query(request.POST.get("query", ""), access)
    shared = bool(request.POST.get("shared"))
    try:
        view = saved_views.keep(access, request.POST.get("name", ""), _query(request, access), shared=shared)
        if request.POST.get("pinned"):
            saved_views.pin(access, view, True)
    except saved_views.Refused as refused:
        messages.error(request, str(refused))
        return redirect(_layout(request) + address_of(criteria.query()))
    messages.success(request, _("“%(name)s” is kept.") % {"name": view.name})
    return redirect(_layout(request) + criteria.query(view=view.pk))


def _query(request: HttpRequest, access: Access) -> str:
    """The list that is open, as a view keeps it."""
    criteria = read_query(request.POST.get("query", ""), access)
    columns = chosen.columns_for(access, criteria.columns)
    return saved_views.kept_query(criteria, [column.name for column in columns])


def _rename(request: HttpRequest, access: Access, view: SavedView) -> str:
    saved_views.rename(access, view, request.POST.get("name", ""))
    return _("The view is named “%(name)s” now.") % {"name": view.name}


def _update(request: HttpRequest, access: Access, view: SavedView) -> str:
    saved_views.update(access, view, _query(request, access))
    return _("“%(name)s” means this list now.") % {"name": view.name}


def _share(request: HttpRequest, access: Access, view: SavedView) -> str:
    saved_views.share(access, view, True)
    return _("“%(name)s” is shared with all who see the whole pipeline.") % {"name": view.name}


def _unshare(request: HttpRequest, access: Access, view: SavedView) -> str:
    saved_views.share(access, view, False)
    return _("“%(name)s” is yours alone again.") % {"name": view.name}


def _pin(request: HttpRequest, access: Access, view: SavedView) -> str:
    saved_views.pin(access, view, True)
    return _("“%(name)s” stands among your tabs now.") % {"name": view.name}


def _unpin(request: HttpRequest, access: Access, view: SavedView) -> str:
    saved_views.pin(access, view, False)
    return _("“%(name)s” is no longer among your tabs.") % {"name": view.name}


def _delete(request: HttpRequest, access: Access, view: SavedView) -> str:
    name = view.name
    saved_views.delete(access, view)
    return _("The view “%(name)s” is deleted.") % {"name": name}


ACTS: dict[str, Callable[[HttpRequest, Access, SavedView], str]] = {
    "rename": _rename,
    "update": _update,
    "share": _share,
    "unshare": _unshare,
    "pin": _pin,
    "unpin": _unpin,
    "delete": _delete,
}


def _back(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """To where the act was asked for; a view that is deleted is no longer open."""
    if request.POST.get("back") == "views":
        return redirect("saved_views")
    criteria = read_query(request.POST.get("query", ""), access)
    return redirect(_layout(request) + address_of(criteria.query(view=pk)))


def _layout(request: HttpRequest) -> str:
    """Where the form stood: on the board, or above the list."""
    return reverse("projects_board" if request.POST.get("layout") == "board" else "projects")
