"""To the issuer and back."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import consume_or_429
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from portal.oidc.configuration import Issuer, issuer
from portal.oidc.people import refused
from portal.oidc.provider import IssuerAdapter


def _issuer() -> Issuer:
    found = issuer()
    if found is None:
        raise Http404
    return found


@login_not_required
@require_POST
def to_issuer(request: HttpRequest) -> HttpResponse:
    """Begins a sign-in. The way there is a page that moves on, not a redirect of this form: form-action forbids those
    to any address but ours, and an issuer may send people on to further ones that nobody can list."""
    adapter = IssuerAdapter(request, _issuer())
    if request.user.is_authenticated:
        return redirect("home")
    if slowed := consume_or_429(request, app="allauth.account", action="login", limit_get=True):
        return slowed
    nonce = secrets.token_urlsafe(24)
    try:
        answer = adapter.get_provider().redirect(
            request, AuthProcess.LOGIN, get_next_redirect_url(request), nonce=nonce, auth_params={"nonce": nonce}
        )
    except (OAuth2Error, RequestException, ValueError) as error:
        return refused(request, "silent", str(error)).response  # type: ignore[no-any-return]
    if not isinstance(answer, HttpResponseRedirect):
        return answer  # type: ignore[no-any-return]
    context = {"redirect_to": answer.url, "issuer_name": adapter.issuer.name}
    return render(request, "socialaccount/login_redirect.html", context)


@login_not_required
@require_GET
def from_issuer(request: HttpRequest) -> HttpResponse:
    """Ends a sign-in: by the second factor where the person has one, else in the portal."""
    adapter = IssuerAdapter(request, _issuer())
    if slowed := consume_or_429(request, app="allauth.account", action="login", limit_get=True):
        return slowed
    view: Any = OAuth2CallbackView.adapter_view(adapter)
    try:
        return view(request)  # type: ignore[no-any-return]
    except (OAuth2Error, RequestException, ValueError, KeyError) as error:
        return refused(request, "failed", str(error)).response  # type: ignore[no-any-return]
    except ImmediateHttpResponse as answered:
        return answered.response  # type: ignore[no-any-return]
