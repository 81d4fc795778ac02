"""Where an invitation's link leads: looking changes nothing; a button accepts, with name and password for newcomers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from portal.access import SESSION_KEY
from portal.models import Membership, User
from projects.models import Invitation
from projects.services.invitations import accepting
from projects.views.invitation_forms import NewcomerForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CONFLICT, WRONG_INPUT = 409, 422


@login_not_required
@never_cache
@sensitive_variables("token")
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """The invitation of a link, or why it lets nobody in."""
    try:
        found = accepting.look(token)
        if request.method == "POST":
            return _accept(request, found, token)
        return _page(request, found, token)
    except accepting.Closed as reason:
        return render(request, "projects/invitations/closed.html", {"reason": reason}, status=reason.status)


@login_not_required
@require_POST
def sign_out(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever is signed in leaves, and the invitation is looked at again."""
    logout(request)
    return redirect("invitation", token)


def _accept(request: HttpRequest, found: Invitation, token: str) -> HttpResponseBase:
    try:
        if isinstance(request.user, User):
            return _welcome(request, accepting.accept(token, request.user), found)
        if accepting.has_account(found):
            return _page(request, found, token, status=CONFLICT)
        form = NewcomerForm(found, request.POST)
        if not form.is_valid():
            return _page(request, found, token, form=form, status=WRONG_INPUT)
        membership = accepting.accept(token, form.newcomer)
    except (accepting.SomebodyElse, accepting.AccountExists):
        return _page(request, found, token, status=CONFLICT)
    login(request, membership.user, backend=BACKEND)
    return _welcome(request, membership, found)


def _welcome(request: HttpRequest, membership: Membership, found: Invitation) -> HttpResponse:
    request.session[SESSION_KEY] = membership.organisation_id
    messages.success(request, _("Welcome to %(organisation)s.") % {"organisation": found.organisation.name})
    return redirect("home")


def _page(
    request: HttpRequest, found: Invitation, token: str, *, form: NewcomerForm | None = None, status: int = 200
) -> HttpResponse:
    """One of four: set name and password, sign in first, accept by one click, or you are somebody else."""
    context: dict[str, Any] = {"invitation": found, "token": token, "here": request.path}
    if isinstance(request.user, User):
        mine = request.user.email.lower() == found.email.lower()
        template = "one_click" if mine else "somebody_else"
    elif accepting.has_account(found):
        template = "sign_in"
    else:
        template, context["form"] = "newcomer", form or NewcomerForm(found)
    return render(request, f"projects/invitations/{template}.html", context, status=status)
