"""Acts on selected rows of the project list; each row is looked up again with the rights of who asks."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access import Access, access_of
from projects.services.lists import selection
from projects.services.lists.criteria import Criteria
from projects.services.lists.picked import MOST_PICKED
from projects.views.listing import address_of, file_of, read_query

ACTS = ("export", "emails", "open")


@require_POST
def selected(request: HttpRequest) -> HttpResponseBase:
    """One act (`act`) on the rows `ids`, or on `all` rows of the list `query`; says how many rows went meanwhile."""
    access = access_of(request)
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Http404
    criteria = replace(read_query(request.POST.get("query", ""), access), view=0, position=None)
    whole = bool(request.POST.get("all"))
    if whole and act == "export":
        return file_of(request, criteria)
    try:
        chosen = _chosen(request, access, criteria, whole)
    except selection.TooMany as too_many:
        return _refused(request, criteria, str(too_many))
    if not chosen.ids:
        return _refused(request, criteria, chosen.told or _("No project is selected."))
    if chosen.told:
        messages.warning(request, chosen.told)
    if act == "export":
        return file_of(request, Criteria(ids=chosen.ids, sort=criteria.sort, columns=criteria.columns))
    if act == "emails":
        context = {"addresses": selection.addresses_of(access, chosen), "back_url": _list(criteria)}
        return render(request, "projects/emails.html", {**context, "count": len(chosen.ids)})
    return _opened(request, criteria, chosen, whole)


def _chosen(request: HttpRequest, access: Access, criteria: Criteria, whole: bool) -> selection.Selection:
    if not whole:
        return selection.picked(access, request.POST.getlist("ids"))
    expected = request.POST.get("expected", "")
    return selection.everything(access, criteria, int(expected) if expected.isdecimal() and len(expected) < 9 else 0)


def _opened(request: HttpRequest, criteria: Criteria, chosen: selection.Selection, whole: bool) -> HttpResponse:
    """The selected rows as a list of their own; all rows of a list are that list."""
    if whole:
        return redirect(_list(criteria))
    if len(chosen.ids) > MOST_PICKED:
        sentence = _("A list of its own holds at most %(most)s picked projects, and %(count)s are selected.")
        return _refused(request, criteria, sentence % {"most": MOST_PICKED, "count": len(chosen.ids)})
    return redirect(_list(Criteria(ids=chosen.ids, sort=criteria.sort, columns=criteria.columns)))


def _refused(request: HttpRequest, criteria: Criteria, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect(_list(criteria))


def _list(criteria: Criteria) -> str:
    return reverse("projects") + address_of(criteria.query())
