"""Asks who somebody is, and puts each signed-in request into its organisation: else scoped queries refuse to run."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import MAX_URL_LENGTH, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal.access import SESSION_KEY, acting, memberships_of
from portal.models import Membership
from portal.second_factor import SecondFactorMissing, is_missing
from portal.services.seen import note_seen

WITHOUT_SESSION = ("/api/", "/healthz", "/readyz")


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends who is not signed in to the door, and whoever wanted to do something back to the page they did it from.

    The address of an act opens nothing by itself: after signing in, it would be an error of the browser's.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        if request.method in ("GET", "HEAD"):
            if len(request.get_full_path()) > MAX_URL_LENGTH:
                # Nothing longer is gone back to, and 16 kB of it would be no redirect at all.
                return redirect_to_login(request.path, settings.LOGIN_URL)
            return super().handle_no_permission(request, view_func)
        messages.warning(request, _("You were signed out meanwhile, so that was not done."))
        return redirect_to_login(_page_before(request), settings.LOGIN_URL)


class OrganisationMiddleware:
    """Sets `request.access` and `request.memberships` and activates the organisation's scope.

    An administrator who lacks the second factor that the organisation wants is held here: no access, no scope, and no
    page but those of their own account. Organisations of theirs that do not want it stay open.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = None  # type: ignore[attr-defined]
        request.memberships = []  # type: ignore[attr-defined]
        # The API is entered by token, not by session; asking for the user there would cost a query a request.
        # Health has to answer while the database, where sessions are, does not.
        if request.path_info.startswith(WITHOUT_SESSION) or not request.user.is_authenticated:
            return self.get_response(request)
        memberships = memberships_of(request.user)
        request.memberships = memberships  # type: ignore[attr-defined]
        if not memberships:
            return self.get_response(request)
        wanted = request.session.get(SESSION_KEY)
        current = next((m for m in memberships if m.organisation_id == wanted), memberships[0])
        if is_missing(current):
            return self._held(request, current)
        with acting(request, current):
            answer = self.get_response(request)
        if answer.status_code < 400 and _is_by_hand(request):
            note_seen(current)
        return answer

    def _held(self, request: HttpRequest, membership: Membership) -> HttpResponse:
        request.held = membership  # type: ignore[attr-defined]
        if request.path_info.startswith(("/accounts/", "/invitations/")) or request.path_info == reverse(
            "switch_organisation"
        ):
            return self.get_response(request)
        return _to_setting_up(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An object may open in another organisation of mine, which wants a second factor where this one does not."""
        if not isinstance(exception, SecondFactorMissing):
            return None
        organisation = exception.membership.organisation
        request.session[SESSION_KEY] = organisation.pk
        messages.info(request, _("This belongs to %(organisation)s.") % {"organisation": organisation})
        return _to_setting_up(request)


class NoPageMiddleware:
    """A person who opens the address of an act (from the history, by hand) reads what it is, instead of nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED or answer.get("Content-Length", "0") != "0":
            return answer
        if request.method != "GET" or "text/html" not in request.headers.get("Accept", ""):
            return answer
        page = render(request, "405.html", status=answer.status_code)
        page["Allow"] = answer["Allow"]
        return page


def _page_before(request: HttpRequest) -> str:
    """Where a form was sent from, if that was a page of ours; else home."""
    said = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}):
        return reverse("home")
    found = urlsplit(said)
    return urlunsplit(("", "", found.path or "/", found.query, ""))


def _is_by_hand(request: HttpRequest) -> bool:
    """A page left open asks for its parts by itself; that is not the person."""
    return not request.htmx and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"  # type: ignore[attr-defined]


def _to_setting_up(request: HttpRequest) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(reverse("second_factor_needed"))
    return redirect("second_factor_needed")
