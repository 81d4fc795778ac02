"""Links that open a file to whoever knows them, for an hour: signed by this process, so that none can be guessed."""

import hmac
import secrets
import time
from urllib.parse import urlencode

from portal.sandbox.settings import Settings
from portal.sandbox.wire import Refusal, Request

HOUR = 3600
_KEY = secrets.token_bytes(16)


def signed(base: str, path: str, **query: int) -> str:
    """The address of `path` below the room's `base`, good for an hour from now."""
    values = {**{name: str(value) for name, value in query.items()}, "Expires": str(int(time.time()) + HOUR)}
    return f"{base}{path}?{urlencode({**values, 'Signature': _signature(path, values)})}"


def require_signed(request: Request, settings: Settings) -> None:
    """403 for a link that was changed or has expired (`file_link_ttl` seconds after it was given out)."""
    values = {name: value for name, value in request.query.items() if name != "Signature"}
    given = request.query.get("Signature", "")
    if not hmac.compare_digest(given.encode(), _signature(request.path, values).encode()):
        raise Refusal(403, {"detail": "The signature of this link is wrong."})
    if time.time() >= int(values["Expires"]) - HOUR + settings.file_link_ttl:
        raise Refusal(403, {"detail": "This link has expired."})


def _signature(path: str, values: dict[str, str]) -> str:
    said = path + urlencode(sorted(values.items()))
    return hmac.new(_KEY, said.encode(), "sha256").hexdigest()[:32]
