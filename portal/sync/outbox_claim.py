"""Which delivery is next, and that one worker alone carries it out: a claim of 28 s, renewed before every request."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.models import Connection, Delivery, DeliveryState
from portal.models.outbox import UNDER_WAY

# Longer than one request may take (20 s); renewed before each, so that only a dead worker's claim ends.
CLAIM = timedelta(seconds=28)
RENEW_AFTER = timedelta(seconds=4)


class ClaimLost(Exception):
    """Another worker took over, because this one had stopped for too long; it must not write any more."""


class Claim:
    """A delivery in our hands; between two of them `renew` does nothing."""

    def __init__(self) -> None:
        self.holder = uuid.uuid4()
        self.delivery: Delivery | None = None
        self._renewed = timezone.now()

    def take(self, connection: Connection) -> Delivery | None:
        """The next one that is due, ours from now on; None when there is none. Its row is read after the claim."""
        while True:
            pk = (
                due(connection)
                .order_by(F("next_due_at").asc(nulls_first=True), "pk")
                .values_list("pk", flat=True)
                .first()
            )
            if pk is None:
                self.delivery = None
                return None
            now = timezone.now()
            mine = due(connection).filter(pk=pk)
            if mine.update(
                state=DeliveryState.SENDING,
                claimed_by=self.holder,
                claimed_until=now + CLAIM,
                attempts=F("attempts") + 1,
            ):
                self._renewed = now
                self.delivery = Delivery.objects.select_related("actor").get(pk=pk)
                return self.delivery

    def renew(self) -> None:
        """Raises ClaimLost when it is no longer ours."""
        now = timezone.now()
        if self.delivery is None or now - self._renewed < RENEW_AFTER:
            return
        if not self._mine().update(claimed_until=now + CLAIM):
            raise ClaimLost(str(self.delivery))
        self._renewed = now

    def note(self, **columns: Any) -> None:
        """Writes what is known by now, without giving the delivery back."""
        if self.delivery is None or not self._mine().update(**columns):
            raise ClaimLost(str(self.delivery))
        for name, value in columns.items():
            setattr(self.delivery, name, value)

    def settle(self, state: str, *, due_at: datetime | None = None, **columns: Any) -> None:
        """Gives it back in this state."""
        self.note(
            state=state, next_due_at=due_at, claimed_by=None, claimed_until=None, changed_at=timezone.now(), **columns
        )
        self.delivery = None

    def _mine(self) -> QuerySet[Delivery]:
        if self.delivery is None:
            return Delivery.objects.none()
        return Delivery.objects.filter(pk=self.delivery.pk, state=DeliveryState.SENDING, claimed_by=self.holder)


def due(connection: Connection | None = None) -> QuerySet[Delivery]:
    """What may be sent now: pending and due, or left behind by a dead worker, with nothing older of the same record."""
    now = timezone.now()
    older = Delivery.objects.filter(
        connection=OuterRef("connection"),
        resource=OuterRef("resource"),
        vendor_id=OuterRef("vendor_id"),
        state__in=UNDER_WAY,
        pk__lt=OuterRef("pk"),
    )
    waiting = Q(state=DeliveryState.PENDING) & (Q(next_due_at=None) | Q(next_due_at__lte=now))
    left = Q(state=DeliveryState.SENDING, claimed_until__lt=now)
    rows = Delivery.objects.filter(waiting | left).filter(Q(vendor_id="") | ~Exists(older))
    return rows if connection is None else rows.filter(connection=connection)
