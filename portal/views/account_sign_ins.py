"""Signing out in other browsers, from this one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from portal.services.sign_ins import sign_out_elsewhere


@require_http_methods(["GET", "POST"])
def everywhere_else(request: HttpRequest) -> HttpResponse:
    """POST ends all sessions but this one; the list itself stands on the account's page."""
    if request.method == "POST":
        count = sign_out_elsewhere(request.user, request.session.session_key or "")  # type: ignore[arg-type]
        if count:
            said = ngettext("Signed out in %(count)d other browser.", "Signed out in %(count)d other browsers.", count)
            messages.success(request, said % {"count": count})
        else:
            messages.info(request, _("You were signed in nowhere else."))
    return redirect(reverse("your_account") + "#sign-ins")


@require_POST
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends one other session of mine; 404 for anybody else's, and for this one, which has its own button."""
    if not sign_out_elsewhere(request.user, request.session.session_key or "", only=pk):  # type: ignore[arg-type]
        raise Http404
    messages.success(request, _("Signed out there."))
    return redirect(reverse("your_account") + "#sign-ins")
