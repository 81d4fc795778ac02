"""System checks of the portal's own: configuration that works but should not be used as it is."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from portal.map_tiles import trouble_with
from portal.oidc.configuration import trouble


@register(Tags.security, deploy=True)
def public_address(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """portal.W001, portal.W002: the public address is missing, or is not https."""
    if not settings.PORTAL_BASE_URL:
        return [
            Warning(
                "PORTAL_BASE_URL is not set: vendors cannot report changes and links in mails lead nowhere.",
                hint="Set it to the portal's public address, for example https://portal.example.com.",
                id="portal.W001",
            )
        ]
    parts = urlsplit(settings.PORTAL_BASE_URL)
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        return [Warning("PORTAL_BASE_URL is not https: cookies and tokens travel in clear.", id="portal.W002")]
    return []


@register(Tags.security, deploy=True)
def visitors_addresses(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """portal.W005: https, which the portal does not speak itself, and yet no proxy to take visitors' addresses from."""
    if urlsplit(settings.PORTAL_BASE_URL).scheme != "https" or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return []
    return [
        Warning(
            "TRUSTED_PROXIES is 0 while PORTAL_BASE_URL is https: behind a proxy all visitors share its address, so "
            "that one who guesses passwords locks everybody out of signing in.",
            hint="Set it to the number of proxies before the portal; leave it only where gunicorn itself ends TLS.",
            id="portal.W005",
        )
    ]


@register(Tags.database, deploy=True)
def embedded_parts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """portal.W003: the embedded broker loses running messages when a worker is killed (work itself is kept)."""
    if settings.CELERY_BROKER_URL.startswith("sqla+"):
        return [
            Warning(
                "The embedded broker is in use: fine for a small team, Redis or RabbitMQ is faster.", id="portal.W003"
            )
        ]
    return []


@register(Tags.security)
def signing_in_elsewhere(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """portal.W004: the issuer for signing in (OIDC_…) is half configured or cannot be trusted, so it is not offered."""
    sentence = trouble()
    if not sentence:
        return []
    hint = "Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or none of them; OIDC_NAME is the button's text."
    return [Warning(sentence, hint=hint, id="portal.W004")]


@register(Tags.security)
def tiles_of_maps(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """portal.E002: MAP_TILES_URL cannot work, so maps stay without tiles."""
    sentence = trouble_with(settings.MAP_TILES_URL)
    if not sentence:
        return []
    hint = "Write it like https://tiles.example.com/{z}/{x}/{y}.png, or leave it empty: maps work without tiles."
    return [Error(f"MAP_TILES_URL cannot be used: {sentence}.", hint=hint, id="portal.E002")]
