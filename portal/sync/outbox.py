"""The outbox: carries out deliveries one by one and settles each, whatever the vendor answers.

Killed at any point it goes on right: what may have left us is written down before it leaves (`posted_at`), what the
vendor accepted as soon as it said so (`accepted_at`). A create that nobody knows of is looked for, never sent again.
What was accepted is over even where the vendor does not show it; what cannot be looked for goes to a person in time.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from portal.lib.errors import (
    CredentialsError,
    PermanentError,
    QuotaSpent,
    Refused,
    ThrottledError,
    TooLarge,
    TransientError,
    VendorError,
)
from portal.models import Connection, Delivery, DeliveryState
from portal.sync.gate import Gate
from portal.sync.outbox_claim import Claim, ClaimLost
from portal.sync.outbox_verbs import Errand, Gone, Met, NotFoundYet
from portal.sync.quota import Lane

log = logging.getLogger("portal.sync")

FIRST_WAIT, LONGEST_WAIT = 10.0, 900.0
NEW_LOGIN_WAIT = 300.0
PAUSE = 60.0
# A create that was not found so often is a person's; between looks the vendor has 10 and 30 seconds to finish it.
LOOKS = 3
# Where looking itself fails so often, which is for more than an hour, it is a person's, too; what was accepted is over.
FAILED_LOOKS = 12
GONE = (
    "The vendor knows this record no more: it was deleted there, or merged into another. What you typed is kept here."
)
NOT_FOUND = (
    "The vendor did not answer in time, and what should have been made is not among its newest records. Look there "
    "yourself before you send it again."
)
NOT_LOOKED_FOR = (
    "The vendor did not answer in time, and it cannot be found out whether it was done. Look there yourself before you "
    "send it again."
)
NOT_SHOWN = "The vendor took it, but does not show the record now. What stands here comes with the next sync."


def deliver(connection: Connection, *, most: int = 100) -> int:
    """Carries out what is due, oldest first, until nothing is left or the vendor asks for a pause; how many.

    Raises CredentialsError: then nothing can be sent before somebody logs in again.
    """
    claim, done = Claim(), 0
    with Gate(connection, lane=Lane.INTERACTIVE, heartbeat=claim.renew) as gate:
        while done < most and (delivery := claim.take(connection)) is not None:
            done += 1
            try:
                if not _carry_out(gate, claim, delivery):
                    break
            except ClaimLost:
                log.warning("%s: another worker took over %s", connection, delivery)
    return done


def _carry_out(gate: Gate, claim: Claim, delivery: Delivery) -> bool:
    """One delivery, settled; whether to go on with others."""
    try:
        Errand(gate, claim, delivery).run()
    except Met:
        log.info("%s met somebody else's change; a person chooses", delivery)
    except Gone:
        claim.settle(DeliveryState.REFUSED, message=GONE, errors={"non_field_errors": [GONE]})
    except NotFoundYet:
        _look_again(claim, delivery)
    except VendorError as error:
        return _settle(gate.connection, claim, delivery, error)
    except ClaimLost:
        raise
    except Exception:
        log.exception("%s cannot be carried out", delivery)
        _try_later(claim, delivery, "The portal failed at this; it tries again.")
    return True


def _settle(connection: Connection, claim: Claim, delivery: Delivery, error: VendorError) -> bool:
    words: dict[str, Any] = {"message": error.sentence[:500], "answer": error.excerpt}
    if isinstance(error, QuotaSpent):
        claim.settle(DeliveryState.PENDING, due_at=_after(error.retry_after), attempts=delivery.attempts - 1)
        return True
    if isinstance(error, ThrottledError):
        claim.settle(DeliveryState.PENDING, due_at=_after(error.retry_after), **words)
        put_off(connection, error.retry_after)
        return False
    if isinstance(error, CredentialsError):
        claim.settle(DeliveryState.PENDING, due_at=_after(NEW_LOGIN_WAIT), **words)
        raise error
    if isinstance(error, PermanentError) and delivery.accepted_at:
        claim.settle(DeliveryState.SENT, message=NOT_SHOWN, answer=error.excerpt, errors={}, theirs={})
        return True
    final = isinstance(error, PermanentError) and not isinstance(error, TooLarge)
    if final and not delivery.posted_at:
        fields = error.fields if isinstance(error, Refused) else {}
        claim.settle(DeliveryState.REFUSED, errors=fields or {"non_field_errors": [error.sentence]}, **words)
        return True
    _try_later(claim, delivery, error.sentence, error)
    nobody_there = isinstance(error, TransientError) and error.status is None and not error.sent
    return not nobody_there


def put_off(connection: Connection, seconds: float | None) -> None:
    """The vendor asks for a pause: nothing of this connection is sent before its end."""
    Delivery.objects.filter(connection=connection, state=DeliveryState.PENDING).update(next_due_at=_after(seconds))


def _try_later(claim: Claim, delivery: Delivery, message: str, error: VendorError | None = None) -> None:
    answer = error.excerpt if error else ""
    if delivery.posted_at and not delivery.accepted_at and delivery.attempts >= FAILED_LOOKS:
        claim.settle(DeliveryState.UNKNOWN, message=f"{NOT_LOOKED_FOR} {message}"[:500], answer=answer)
        return
    if delivery.accepted_at and delivery.attempts >= FAILED_LOOKS:
        claim.settle(DeliveryState.SENT, message=f"{NOT_SHOWN} {message}"[:500], answer=answer, errors={}, theirs={})
        return
    wait = min(FIRST_WAIT * 2.0 ** min(delivery.attempts - 1, 10), LONGEST_WAIT)
    asked = error.retry_after if error else None
    claim.settle(DeliveryState.PENDING, due_at=_after(max(wait, asked or 0)), message=message[:500], answer=answer)


def _look_again(claim: Claim, delivery: Delivery) -> None:
    looks = delivery.looks + 1
    if looks >= LOOKS:
        claim.settle(DeliveryState.UNKNOWN, looks=looks, message=NOT_FOUND)
        return
    claim.settle(DeliveryState.PENDING, due_at=_after(FIRST_WAIT * 3 ** (looks - 1)), looks=looks)


def _after(seconds: float | None) -> datetime:
    return timezone.now() + timedelta(seconds=min(seconds or PAUSE, 3600.0))
