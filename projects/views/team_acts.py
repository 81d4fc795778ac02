"""What the buttons of the team's pages do: each asks a service and goes back to the person with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access import access_of, for_administrators, opens
from portal.models import Membership
from projects.models import Invitation, Role
from projects.services.invitations import inviting as invitations
from projects.services.invitations.bulk import invite_team
from projects.services.team import acts as team_acts
from projects.services.team import members as team
from projects.services.team.errors import Refused
from projects.services.team.rows import of_invitation, of_membership

# Goes on at the address that the act returns, after saying what it says.
Act = Callable[[HttpRequest, int], tuple[str, str]]
View = Callable[..., HttpResponseBase]


def _button(model: type[Model], page: str) -> Callable[[Act], View]:
    """A POST by an administrator of the object's organisation; where it is refused, the reason stands on its `page`.

    Pressed in the list (`list` holds its address), it goes back there.
    """

    def decorate(act: Act) -> View:
        @opens(model)
        @for_administrators
        @require_POST
        @wraps(act)
        def pressed(request: HttpRequest, pk: int) -> HttpResponse:
            back = _list_of(request)
            try:
                url, said = act(request, pk)
            except Refused as reason:
                messages.error(request, str(reason))
                return redirect(back) if back else redirect(page, pk)
            messages.success(request, said)
            return redirect(back or url)

        return pressed

    return decorate


@for_administrators
@require_POST
def invite_all(request: HttpRequest) -> HttpResponse:
    """Invites everybody who can be invited, and says whom not and why."""
    try:
        outcome = invite_team(access_of(request))
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.add_message(request, messages.SUCCESS if outcome.invited else messages.INFO, outcome.sentence())
    return redirect("team")


@_button(Role, "team_role")
def invite_role(request: HttpRequest, pk: int) -> tuple[str, str]:
    """Invites a mirrored role, or once more."""
    made = invitations.invite_role(access_of(request), get_object_or_404(Role, pk=pk))
    return _person_of(made), _sent(made)


@_button(Invitation, "team_invitation")
def invite_again(request: HttpRequest, pk: int) -> tuple[str, str]:
    """A new link in place of the old one."""
    made = invitations.invite_again(access_of(request), _invitation(pk))
    return _person_of(made), _sent(made)


@_button(Invitation, "team_invitation")
def take_back(request: HttpRequest, pk: int) -> tuple[str, str]:
    """The link opens nothing any more."""
    found = _invitation(pk)
    invitations.revoke(access_of(request), found)
    url = _person_of(found) if found.role_id else "team"
    return url, _("Taken back. The link in the mail opens nothing any more.")


@_button(Membership, "team_member")
def set_kind(request: HttpRequest, pk: int) -> tuple[str, str]:
    """What a person is: given here, or as OpenSolar says."""
    found = _membership(pk)
    team_acts.set_kind(access_of(request), found, request.POST.get("kind", ""))
    found.refresh_from_db()
    words = {"person": found.user, "kind": found.get_kind_display()}
    return of_membership(found).url, _("%(person)s is here as: %(kind)s.") % words


@_button(Membership, "team_member")
def set_rights(request: HttpRequest, pk: int) -> tuple[str, str]:
    """Whether a person sees prices and costs."""
    found = _membership(pk)
    wanted = {name: name in request.POST for name in ("prices", "costs")}
    team_acts.set_rights(access_of(request), found, **wanted)
    return of_membership(found).url, _("Saved.")


@_button(Membership, "team_member")
def bring_back(request: HttpRequest, pk: int) -> tuple[str, str]:
    """Lets somebody in again."""
    found = _membership(pk)
    team_acts.bring_back(access_of(request), found)
    return of_membership(found).url, _("%(person)s can sign in again.") % {"person": found.user}


def _invitation(pk: int) -> Invitation:
    return get_object_or_404(Invitation.objects.select_related("role"), pk=pk)


def _membership(pk: int) -> Membership:
    return get_object_or_404(Membership.objects.select_related("user"), pk=pk)


def _list_of(request: HttpRequest) -> str:
    if "list" not in request.POST:
        return ""
    return reverse("team") + team.read(QueryDict(request.POST["list"].removeprefix("?"))).query()


def _person_of(invitation: Invitation) -> str:
    return of_invitation(invitation).url


def _sent(made: Invitation) -> str:
    return _("Invited. The mail goes to %(email)s.") % {"email": made.email}
