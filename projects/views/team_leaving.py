"""Leaving the team: somebody is removed by an administrator, or leaves by themselves; both ask once more."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.access import SESSION_KEY, access_of, for_administrators, opens
from portal.models import Membership
from projects.services.team import acts as team_acts
from projects.services.team.errors import Refused
from projects.services.team.rows import of_membership


@opens(Membership)
@for_administrators
@require_http_methods(["GET", "POST"])
def remove_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then ends somebody's access. One's own leads out."""
    membership: Membership = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    access = access_of(request)
    if membership.pk == access.membership.pk:
        return redirect("team_leave")
    person = of_membership(membership)
    if request.method == "POST":
        try:
            team_acts.remove(access, membership)
        except Refused as reason:
            messages.error(request, str(reason))
        else:
            words = {"person": membership.user}
            messages.success(request, _("%(person)s cannot sign in here any more. What they did stays.") % words)
        return redirect(person.url)
    context = {"person": person, "reason": _why_not(membership)}
    return render(request, "projects/team/remove.html", context)


@require_http_methods(["GET", "POST"])
def leave_page(request: HttpRequest) -> HttpResponse:
    """Asks once more, then ends one's own access; whoever belongs nowhere else is signed out."""
    access = access_of(request)
    if request.method == "POST":
        try:
            team_acts.leave(access)
        except Refused as reason:
            messages.error(request, str(reason))
            return redirect("team_leave")
        return _out(request)
    return render(request, "projects/team/leave.html", {"reason": _why_not(access.membership)})


def _out(request: HttpRequest) -> HttpResponse:
    words = {"organisation": access_of(request).organisation.name}
    if len(request.memberships) > 1:  # type: ignore[attr-defined]
        request.session.pop(SESSION_KEY, None)
        messages.success(request, _("You left %(organisation)s.") % words)
        return redirect("home")
    logout(request)
    messages.success(request, _("You left %(organisation)s and are signed out.") % words)
    return redirect("account_login")


def _why_not(membership: Membership) -> str:
    with transaction.atomic():
        return team_acts.why_not_leave(membership)
