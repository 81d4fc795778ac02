"""The team's pages for administrators: everybody in one list, one of them, and inviting a local person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import Access, access_of, for_administrators, opens
from portal.models import Kind, Membership
from portal.second_factor import has_one
from projects.models import Invitation, Role
from projects.services.invitations import inviting as invitations
from projects.services.invitations.mails import can_be_written
from projects.services.team import members as team
from projects.services.team import rows as team_rows
from projects.services.team.errors import Refused
from projects.services.team.rows import Teammate
from projects.views.invitation_forms import PersonForm


@for_administrators
@require_safe
def team_list(request: HttpRequest) -> HttpResponse:
    """Everybody, narrowed and paged by the address."""
    access = access_of(request)
    asked = team.read(request.GET)
    page = team.keys_of(access, asked)
    context = {
        "asked": asked,
        "page": page,
        "total": page.paginator.count,
        "people": team_rows.teammates(page),
        "shown": _filters(access, asked),
        "previous_url": asked.query(page=page.previous_page_number()) if page.has_previous() else "",
        "next_url": asked.query(page=page.next_page_number()) if page.has_next() else "",
        "can_invite": can_be_written(),
    }
    return render(request, "projects/team/list.html", context)


@opens(Role)
@for_administrators
@require_safe
def role_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody whom OpenSolar knows, whether they sign in here or not."""
    role: Role = get_object_or_404(Role.objects.select_related("membership__user"), pk=pk)
    return _person(request, team_rows.of_role(role))


@opens(Membership)
@for_administrators
@require_safe
def member_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who signs in here, or did."""
    membership: Membership = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    return _person(request, team_rows.of_membership(membership))


@opens(Invitation)
@for_administrators
@require_safe
def invitation_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who was invited without a role at OpenSolar."""
    return _person(request, team_rows.of_invitation(get_object_or_404(Invitation, pk=pk)))


@for_administrators
@require_http_methods(["GET", "POST"])
def invite_person(request: HttpRequest) -> HttpResponse:
    """Invites somebody whom OpenSolar does not know."""
    form = PersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = invitations.invite_person(access_of(request), given["email"], given["name"], given["kind"])
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("%(person)s is invited.") % {"person": made.name})
            return redirect("team")
    context = {"form": form, "can_invite": can_be_written()}
    return render(request, "projects/team/invite.html", context, status=422 if form.errors else 200)


def _person(request: HttpRequest, person: Teammate) -> HttpResponse:
    membership = person.membership
    context: dict[str, Any] = {
        "person": person,
        "kinds": [kind for kind in Kind if kind != Kind.UNASSIGNED],
        "can_invite": can_be_written(),
        "is_me": membership is not None and membership.pk == access_of(request).membership.pk,
        "has_factor": person.signs_in and membership is not None and has_one(membership.user),
        "may_see_money": person.kind in (Kind.ADMINISTRATOR, Kind.SALES),
    }
    return render(request, "projects/team/person.html", context)


def _filters(access: Access, asked: team.Asked) -> list[tuple[str, str, bool]]:
    """Label, address, whether it is the one shown; trouble is offered where there is any, or where one looks at it."""
    offered = dict(team.SHOWN)
    if asked.show != team.TROUBLE and not team.in_trouble().exists():
        del offered[team.TROUBLE]
    return [(str(label), asked.query(show=show, page=""), show == asked.show) for show, label in offered.items()]
