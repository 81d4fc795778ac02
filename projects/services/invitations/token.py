"""The secret in an invitation's link: made anew for each mail, and only its digest is kept.

It could be derived from SECRET_KEY and the row's number instead, and would then be the same in every mail. But then
whoever has the key and the database can make every link; as it is, nobody can, and a row that waits to be sent opens
with no link at all. The price: a mail that is sent a second time, because nobody knows whether the first one left,
makes the link in the first one useless. Whoever opens that is told to take the newest mail.
"""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32


def fresh() -> tuple[str, str]:
    """A new token, and the digest to store."""
    token = secrets.token_urlsafe(BYTES)
    return token, digest_of(token)


def digest_of(token: str) -> str:
    """What stands in the row for a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
