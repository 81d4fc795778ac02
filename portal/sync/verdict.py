"""What errors mean for the run, for the connection's state, and for the person who has to act."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from portal.lib.errors import CredentialsError, Forbidden, PlanError, TransientError, VendorError
from portal.models import Connection, ConnectionState

# These concern the whole account: asking for the next resource would only fail the same way.
OF_THE_ACCOUNT = (CredentialsError, PlanError)


def stops_all(error: VendorError) -> bool:
    """Whether other requests would only fail the same way: the whole account is refused, or nobody is there."""
    nobody_there = isinstance(error, TransientError) and error.status is None and not error.sent
    return nobody_there or isinstance(error, OF_THE_ACCOUNT)


def gravest(errors: Sequence[VendorError]) -> VendorError:
    """The error a person has to know of first: what concerns the whole account goes before what may pass."""
    return next((error for error in errors if isinstance(error, OF_THE_ACCOUNT)), errors[0])


def state_after(error: VendorError) -> ConnectionState:
    """Which state of the connection an error means."""
    if isinstance(error, CredentialsError):
        return ConnectionState.CREDENTIALS
    if isinstance(error, PlanError):
        return ConnectionState.PLAN
    if isinstance(error, Forbidden):
        return ConnectionState.FORBIDDEN
    return ConnectionState.UNREACHABLE


def tell(connection: Connection, state: ConnectionState, message: str) -> None:
    """Stores the state; `state_since` moves only when it changes. Paused stays paused: a person said so."""
    rows = Connection.objects.filter(pk=connection.pk).exclude(state=ConnectionState.PAUSED)
    rows.exclude(state=state).update(state_since=timezone.now())
    rows.update(state=state, message=message[:500])
    connection.refresh_from_db(fields=["state", "message"])


def in_words(failed: int, held: int) -> str:
    """What is left for a person after a run that reached its end."""
    parts = []
    if failed:
        parts.append(f"{_records(failed)} could not be taken in; see the problems below.")
    if held:
        wait = "is missing at the vendor and waits" if held == 1 else "are missing at the vendor and wait"
        parts.append(f"{_records(held)} {wait} for your decision.")
    return " ".join(parts)


def _records(number: int) -> str:
    return "1 record" if number == 1 else f"{number} records"
