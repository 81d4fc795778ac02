"""Reads an ID token: signature by the issuer's published keys, issuer, audience, times and nonce."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

import jwt

# No shared secrets (HS…) and never "none": the token has to be signed with a key that only the issuer has.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
# Clocks differ.
LEEWAY_SECONDS = 60


class UntrustedToken(Exception):
    """The token does not prove what it says; the reason is for the log."""


def claims_of(token: str, keys: Any, *, issuer: str, client_id: str) -> dict[str, Any]:
    """What the issuer says about the person. `keys` is its JWKS document. Raises UntrustedToken."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key_for(token, keys),
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=client_id,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise UntrustedToken(str(error)) from error
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client_id:
        raise UntrustedToken("The token was issued for several audiences and to another one.")
    return claims


def _key_for(token: str, keys: Any) -> jwt.PyJWK:
    wanted = jwt.get_unverified_header(token).get("kid")
    known = jwt.PyJWKSet.from_dict(keys).keys if isinstance(keys, dict) else []
    fitting = [key for key in known if key.public_key_use in (None, "sig") and wanted in (None, key.key_id)]
    if len(fitting) != 1:
        raise UntrustedToken(f"{len(fitting)} of the issuer's keys fit the token's key {wanted!r}.")
    return fitting[0]


def check_nonce(claims: dict[str, Any], nonce: str) -> None:
    """The token answers the very sign-in that this browser began. Raises UntrustedToken."""
    said = claims.get("nonce")
    if not nonce or not isinstance(said, str) or not compare_digest(said.encode(), nonce.encode()):
        raise UntrustedToken("The nonce is not that of this sign-in.")
