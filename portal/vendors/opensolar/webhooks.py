"""What OpenSolar reports by webhook: is it from OpenSolar, and what does it say (document 000, "Webhooks").

There is no signature. The headers given at registration come with every delivery and are all there is to check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from portal.lib.parsing import parse_json
from portal.vendors.opensolar.values import id_of

HEADER, SCHEME = "Authorization", "Token "
CREATE, UPDATE, DELETE = "CREATE", "UPDATE", "DELETE"
LATEST = 32_503_680_000  # Unix seconds, the year 3000: what is later is no time, and no clock of a zone could show it

# The defaults of document 000, written out: what an empty list means differs between the documents. Without usage and
# tariffs, of which the mirror shows nothing that a listing could not bring.
TRIGGER_FIELDS = (
    *("contact.*", "event.*"),
    *("project.address", "project.zip", "project.state", "project.lat", "project.lon", "project.country"),
    *("project.locality", "project.county", "project.contacts", "project.identifier", "project.notes"),
    *("project.systems.price_including_tax", "project.systems.output_annual_kwh", "project.systems.modules"),
    *("project.systems.inverters", "project.systems.others", "project.systems.batteries", "project.systems.kw_stc"),
    *("project.stage", "project.system_sold", "project.payment_option_sold", "project.sold_date"),
    *("project.installation_date", "project.system_installed", "project.assigned_installer_role"),
    *("project.assigned_role", "project.assigned_site_inspector_role", "project.events_data"),
)
# Enough to know which record it is and what else to ask for. A model that is missing here would come whole, secrets
# included, so each has its few.
PAYLOAD_FIELDS = (
    *("contact.id", "event.id", "event.event_type_id", "event.project"),
    *("project.id", "project.identifier", "project.modified_date", "project.stage"),
    *("project.systems.url", "project.systems.price_including_tax", "project.systems.output_annual_kwh"),
    *("project.systems.kw_stc", "project.systems.modules", "project.systems.inverters", "project.systems.others"),
    "project.systems.batteries",
)
# Named by newer pages alone, and not among their defaults: whoever wants to hear of stages asks for it.
EXTRAS = ("project.workflow",)


class NotAnEvent(ValueError):
    """The body is no envelope of OpenSolar's; the text is a sentence for an administrator."""


def fields(with_extras: bool) -> tuple[Sequence[str], Sequence[str]]:
    """`trigger_fields` and `payload_fields` to register."""
    extras = EXTRAS if with_extras else ()
    return (*TRIGGER_FIELDS, *extras), (*PAYLOAD_FIELDS, *extras)


@dataclass(frozen=True, slots=True)
class Event:
    """One envelope. `model` as sent (Project, Contact, Event, or one that is newer), `verb` in capitals.

    `at` is None where the timestamp says nothing. `fields` is None where the event carries none (a DELETE); it may
    hold only some of the record: a missing key was not sent, which does not mean that it is empty.
    """

    model: str
    model_id: int
    verb: str
    event_id: int | None
    at: datetime | None
    identifier: str
    fields: Mapping[str, Any] | None

    @property
    def fingerprint(self) -> str:
        """The same for the same event delivered twice: whether `event_id` alone would do is not known."""
        when = int(self.at.timestamp()) if self.at else ""
        return f"{self.model.lower()} {self.model_id} {self.verb} {self.event_id} {when}"

    @property
    def project_id(self) -> int | None:
        """The project that a project's contact or event belongs to, where its fields name one."""
        fields = self.fields or {}
        found = id_of(fields.get("project"))
        return id_of(fields.get("project_id")) if found is None else found


def header_for(secret: str) -> dict[str, str]:
    """The headers to register, in the form of document 000."""
    return {HEADER: f"{SCHEME}{secret}"}


def digest_of(secret: str) -> str:
    """What is stored to recognise a secret without holding it."""
    return sha256(secret.encode()).hexdigest()


def is_genuine(given: str, digest: str) -> bool:
    """Whether a delivery's header value carries the secret with this digest; takes the same time for every secret."""
    return compare_digest(digest_of(given.removeprefix(SCHEME)), digest)


def parse_event(body: bytes) -> Event:
    """The event in a delivery's body; NotAnEvent if it is none."""
    try:
        sent = parse_json(body)
    except ValueError:
        raise NotAnEvent("It is not JSON.") from None
    if not isinstance(sent, dict):
        raise NotAnEvent("It is JSON, but no object.")
    model, verb, fields = sent.get("model"), sent.get("event"), sent.get("fields")
    if not isinstance(model, str) or not model.strip():
        raise NotAnEvent("It does not say which kind of record it is about.")
    if not isinstance(verb, str) or verb.upper() not in (CREATE, UPDATE, DELETE):
        raise NotAnEvent("It says neither CREATE nor UPDATE nor DELETE.")
    if not isinstance(fields, dict):
        fields = None
    number = id_of(sent.get("model_id"))
    if number is None and fields is not None:
        number = id_of(fields)
    if number is None:
        raise NotAnEvent("It does not say which record it is about.")
    return Event(
        model=model.strip(),
        model_id=number,
        verb=verb.upper(),
        event_id=id_of(sent.get("event_id")),
        at=moment_of(sent.get("timestamp")),
        identifier=str(sent.get("identifier") or ""),
        fields=fields,
    )


def moment_of(value: Any) -> datetime | None:
    """A moment as OpenSolar writes it: Unix seconds (as a text, too), ISO 8601 with `Z`, or with a space and an offset.

    None for anything else.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _iso(value.strip())
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < LATEST else None


def _iso(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0.0
