"""What a vendor answered: the body of a success, or the error that a refusal means."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.lib.errors import (
    Conflict,
    CredentialsError,
    Forbidden,
    MalformedAnswer,
    MethodNotAllowed,
    NotFound,
    PermanentError,
    PlanError,
    Refused,
    ThrottledError,
    TransientError,
    VendorError,
)
from portal.lib.parsing import parse_json
from portal.lib.redaction import redact_text

EXCERPT_LENGTH = 300
_MESSAGE_LENGTH = 200
_MOST_FIELDS = 50
GENERAL = "non_field_errors"
_UNREAD = object()

_PERMANENT: dict[int, tuple[type[PermanentError], str]] = {
    401: (CredentialsError, "{vendor} does not accept the stored login (401). Connect again with a fresh one."),
    402: (PlanError, "The {vendor} plan of this organisation does not include this (402). Ask {vendor} to enable it."),
    403: (Forbidden, "{vendor} does not permit this to the connected login (403). Check its rights in {vendor}."),
    404: (NotFound, "{vendor} knows no such record (404). It may have been deleted there."),
    405: (MethodNotAllowed, "{vendor} does not offer this operation (405)."),
}
_TRANSIENT = {
    408: "{vendor} did not receive the request in time (408). Try again later.",
    500: "{vendor} reports an internal error (500). Try again later.",
    503: "{vendor} is down for maintenance (503). Try again later.",
    504: "{vendor} took too long to put the answer together (504). Try again later, or ask for less at a time.",
}


@dataclass(slots=True)
class Answer:
    """A 2xx answer. `body` is decompressed; `seconds` is the last attempt's time; `attempts` counts from 1."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str = field(repr=False)
    seconds: float
    attempts: int
    vendor: str = "The vendor"
    known: Collection[str] = field(default=(), repr=False)
    _parsed: Any = field(default=_UNREAD, init=False, repr=False, compare=False)

    def json(self) -> Any:
        """The parsed body, parsed once. MalformedAnswer if it is no JSON; it says when it was a web page."""
        if self._parsed is _UNREAD:
            self._parsed = self._parse()
        return self._parsed

    def _parse(self) -> Any:
        try:
            return parse_json(self.body)
        except ValueError:
            page = _is_web_page(self.headers, self.body)
        excerpt = excerpt_of(self.body, self.known)
        if page:
            sentence = f"{self.vendor} answered with a web page instead of data. Check the base address, or try later."
            raise MalformedAnswer(sentence, status=self.status, excerpt=excerpt, sent=True)
        sentence = f"{self.vendor} answered with broken data. Try again later."
        raise MalformedAnswer(sentence, status=self.status, excerpt=excerpt, sent=True, cut=True)


def _is_web_page(headers: Mapping[str, str], body: bytes) -> bool:
    return "html" in headers.get("Content-Type", "").lower() or body.lstrip()[:1] == b"<"


def excerpt_of(body: bytes, known: Collection[str] = ()) -> str:
    """The first 300 characters of a body, redacted before they are cut."""
    return redact_text(body.decode("utf-8", errors="replace"), known)[:EXCERPT_LENGTH]


def refusal(
    vendor: str, status: int, body: bytes, *, retry_after: float | None, max_wait: float, known: Collection[str] = ()
) -> VendorError:
    """The error that a status of 300 or more means. `known` are secrets that were sent and may be echoed.

    A 503 whose Retry-After passes `max_wait` counts as throttling: the vendor named the time to come back.
    """
    excerpt = excerpt_of(body, known)
    if status == 429 or (status == 503 and (retry_after or 0) > max_wait):
        wait = f"Wait {retry_after:.0f} seconds." if retry_after else "Try again later."
        sentence = f"{vendor} asks for fewer requests ({status}). {wait}"
        return ThrottledError(sentence, status=status, retry_after=retry_after, excerpt=excerpt)
    if status in (400, 422):
        return _refused(vendor, status, body, excerpt, known)
    if status == 409:
        sentence = f"{vendor} reports that another change is under way (409). Try again in a moment."
        return Conflict(sentence, status=status, retry_after=retry_after, excerpt=excerpt)
    if status in _TRANSIENT or status >= 500:
        sentence = _TRANSIENT.get(status, f"{{vendor}} failed with status {status}. Try again later.")
        return TransientError(
            sentence.format(vendor=vendor), status=status, retry_after=retry_after, excerpt=excerpt, sent=True
        )
    kind, sentence = _PERMANENT.get(status, (PermanentError, f"{{vendor}} refused the request with status {status}."))
    return kind(sentence.format(vendor=vendor), status=status, retry_after=retry_after, excerpt=excerpt)


def _refused(vendor: str, status: int, body: bytes, excerpt: str, known: Collection[str]) -> Refused:
    try:
        found = _messages(parse_json(body))
    except ValueError:
        found = {}
    fields = {
        name: [redact_text(message, known)[:_MESSAGE_LENGTH] for message in messages]
        for name, messages in list(found.items())[:_MOST_FIELDS]
    }
    spoken = "; ".join((f"{name}: " if name != GENERAL else "") + " ".join(texts) for name, texts in fields.items())
    reason = f": {spoken[:EXCERPT_LENGTH].rstrip('. ')}." if spoken else "."
    return Refused(f"{vendor} refused the request ({status}){reason}", status=status, excerpt=excerpt, fields=fields)


def _messages(value: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's shapes, flattened: `detail`, `non_field_errors`, lists a field, objects and lists of objects inside."""
    if isinstance(value, dict):
        found: dict[str, list[str]] = {}
        for key, item in value.items():
            below = path if key in ("detail", GENERAL) else f"{path}.{key}" if path else str(key)
            for name, texts in _messages(item, below).items():
                found.setdefault(name, []).extend(texts)
        return found
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return _messages({str(position): item for position, item in enumerate(value)}, path)
    texts = value if isinstance(value, list) else [value]
    kept = [str(text) for text in texts if text not in (None, "")]
    return {path or GENERAL: kept} if kept else {}
