"""allauth's OpenID Connect, tied to the one issuer of the environment and stricter about what it believes."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest
from django.urls import reverse

from portal.oidc.configuration import Issuer
from portal.oidc.tokens import UntrustedToken, claims_of


class IssuerAdapter(OpenIDConnectOAuth2Adapter):
    """Talks to the issuer. Raises OAuth2Error, RequestException, or ValueError for what is no JSON."""

    def __init__(self, request: HttpRequest, issuer: Issuer) -> None:
        super().__init__(request, "oidc")
        self.issuer = issuer

    def get_provider(self) -> IssuerProvider:
        settings = {"server_url": self.issuer.url, "oauth_pkce_enabled": True}
        app = SocialApp(
            provider=OpenIDConnectProvider.id,
            provider_id=self.provider_id,
            name=self.issuer.name,
            client_id=self.issuer.client_id,
            secret=self.issuer.secret,
            settings=settings,
        )
        return IssuerProvider(self.request, app=app)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return str(build_absolute_uri(request, reverse("oidc_callback")))

    @property
    def openid_config(self) -> dict[str, Any]:
        """The issuer's own description; it has to call itself what the environment calls it."""
        try:
            config: Any = super().openid_config
        except AttributeError as error:
            raise OAuth2Error("The issuer's description is no JSON object.") from error
        if str(config.get("issuer", "")).rstrip("/") != self.issuer.url:
            raise OAuth2Error("The issuer calls itself by another name than OIDC_ISSUER.")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(config.get(name), str):
                raise OAuth2Error(f"The issuer does not say its {name}.")
        return dict(config)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        config = self.openid_config
        try:
            claims = claims_of(
                str(kwargs["response"].get("id_token", "")),
                self._fetch(config["jwks_uri"]),
                issuer=config["issuer"],
                client_id=self.issuer.client_id,
            )
        except UntrustedToken as error:
            raise OAuth2Error(str(error)) from error
        if "email" not in claims and "userinfo_endpoint" in config:
            claims = {**claims, **self._more_about(claims["sub"], token.token)}
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        return login

    def _more_about(self, subject: str, access_token: str) -> dict[str, Any]:
        more: Any = self._fetch_user_info(access_token)
        if not isinstance(more, dict) or more.get("sub") != subject:
            raise OAuth2Error("The issuer told about another person than the token's.")
        return {name: more[name] for name in ("email", "email_verified") if name in more}

    def _fetch(self, url: str) -> Any:
        with get_adapter().get_requests_session() as session:
            answer = session.get(url)
            answer.raise_for_status()
            return answer.json()


class IssuerProvider(OpenIDConnectProvider):
    """One sign-in at the issuer."""

    def get_oauth2_adapter(self, request: HttpRequest) -> IssuerAdapter:
        app = self.app
        return IssuerAdapter(request, Issuer(app.settings["server_url"], app.client_id, app.secret, app.name))
