"""Whom an answer of the issuer signs in: somebody who is here already, by an address that the issuer has verified."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import render

from portal.models import User
from portal.oidc.configuration import issuer
from portal.oidc.provider import IssuerAdapter, IssuerProvider
from portal.oidc.tokens import UntrustedToken, check_nonce
from portal.registry import registry

log = logging.getLogger("portal.oidc")


class PortalSocialAccountAdapter(DefaultSocialAccountAdapter):
    """Matches by address at every sign-in and stores no link: whoever holds the address holds the account here.

    A password could be set by mail to it as well, so a link to the issuer's number would protect nothing, and it would
    let somebody in whose address the issuer has taken away.
    """

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        claims: dict[str, Any] = sociallogin.account.extra_data["id_token"]
        try:
            check_nonce(claims, sociallogin.state.get("nonce", ""))
        except UntrustedToken as error:
            raise refused(request, "failed", str(error)) from error
        email = str(claims.get("email") or "").strip().lower()
        verified = claims.get("email_verified")
        if not email or not (verified is True or verified == "true"):
            raise refused(request, "unverified", "The issuer has not verified the address.")
        user = User.objects.filter(email=email).first() or _invited(email, claims, sociallogin.state)
        if user is None:
            raise refused(request, "unknown", "Nobody here has the address.")
        sociallogin.user = user

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> IssuerProvider:
        """The one there is. Raises ValueError where it was switched off while somebody was at the second step."""
        found = issuer()
        if found is None:
            raise ValueError("No issuer is configured.")
        return IssuerAdapter(request, found).get_provider()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Every way to fail ends on one page of ours; the reason goes to the log."""
        raise refused(request, "cancelled" if error == "cancelled" else "failed", f"{error}: {exception}")


def _invited(email: str, claims: dict[str, Any], state: dict[str, Any]) -> User | None:
    """A login for somebody who began this sign-in at the link of their invitation; they accept it there afterwards.

    The address alone makes nobody: only whoever holds the link that was sent to it.
    """
    began_at = str(state.get("next") or "")
    if not any(invites(began_at, email) for invites in registry.invitations):
        return None
    names = {"first_name": claims.get("given_name"), "last_name": claims.get("family_name")}
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, **{name: str(said or "")[:150] for name, said in names.items()})
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    except IntegrityError:
        return User.objects.filter(email=email).first()
    return user


def refused(request: HttpRequest, why: str, reason: str) -> ImmediateHttpResponse:
    """The page that says what happened (`why` is failed, cancelled, unverified, unknown or silent), to be raised."""
    log.warning("Signing in at the issuer: %s", reason)
    found = issuer()
    context = {"why": why, "issuer_name": found.name if found else ""}
    return ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", context, status=403))
