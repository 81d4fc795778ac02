"""The issuer as the environment names it: OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Issuer:
    """Where to sign in, as whom the portal asks, and what the button says."""

    url: str
    client_id: str
    secret: str
    name: str


def trouble() -> str:
    """A sentence why the configuration cannot work; empty where it can or where there is none."""
    given = settings.OIDC
    needed = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    missing = [name for name in needed if not given[name]]
    if missing == list(needed):
        return ""
    if missing:
        there = [name for name in needed if given[name]]
        return f"{' and '.join(there)} without {' and '.join(missing)}: signing in at the issuer is switched off."
    try:
        parts = urlsplit(given["OIDC_ISSUER"])
        usable = bool(parts.hostname) and parts.scheme in ("http", "https") and not parts.query and not parts.fragment
    except ValueError:
        usable = False
    if not usable:
        return f"OIDC_ISSUER is no web address: {given['OIDC_ISSUER']}"
    if parts.scheme == "http" and parts.hostname not in LOCAL:
        return f"OIDC_ISSUER is not https, so anybody on the way could sign in as anybody: {given['OIDC_ISSUER']}"
    return ""


def issuer() -> Issuer | None:
    """The issuer to sign in at; None where none is configured, or one that cannot work."""
    given = settings.OIDC
    if trouble() or not given["OIDC_ISSUER"]:
        return None
    name = given["OIDC_NAME"] or urlsplit(given["OIDC_ISSUER"]).hostname or ""
    return Issuer(given["OIDC_ISSUER"].rstrip("/"), given["OIDC_CLIENT_ID"], given["OIDC_CLIENT_SECRET"], name)
