"""Keeps two runs of one connection apart, over processes and machines, and outlives no dead holder by 30 s."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.models import Connection, Lease

LEASE_SECONDS = 28
# Every vendor request is bounded by a deadline (20 s) below the lease, and the lease is renewed before each.
RENEW_AFTER = timedelta(seconds=4)


class LeaseTaken(Exception):
    """Another run of this connection is under way."""


class LeaseLost(Exception):
    """Another run took over, because this one did not renew in time; it must not write any more."""


class Held:
    """A lease in our hands."""

    def __init__(self, connection: Connection, holder: uuid.UUID) -> None:
        self.connection, self.holder = connection, holder
        self._renewed = timezone.now()

    def renew(self) -> None:
        """Extends the lease when some seconds have gone by; raises LeaseLost when it is no longer ours."""
        now = timezone.now()
        if now - self._renewed < RENEW_AFTER:
            return
        if not self._mine().update(until=_until()):
            raise LeaseLost(str(self.connection))
        self._renewed = now

    def release(self) -> None:
        """Gives the lease back; harmless when it was lost."""
        self._mine().delete()

    def _mine(self) -> QuerySet[Lease]:
        return Lease.objects.filter(connection=self.connection, holder=self.holder)


def acquire(connection: Connection, wait: float = 0.0, sleep: Callable[[float], None] = time.sleep) -> Held:
    """The connection's lease, waiting up to `wait` seconds for a run under way; raises LeaseTaken after that."""
    holder, give_up = uuid.uuid4(), time.monotonic() + wait
    while not _try(connection, holder):
        if time.monotonic() >= give_up:
            raise LeaseTaken(str(connection))
        sleep(0.5)
    return Held(connection, holder)


def _try(connection: Connection, holder: uuid.UUID) -> bool:
    with transaction.atomic():
        Lease.objects.bulk_create([Lease(connection=connection, holder=holder, until=_never())], ignore_conflicts=True)
        free = Lease.objects.filter(connection=connection, until__lte=timezone.now())
        return bool(free.update(holder=holder, until=_until()))


def _until() -> datetime:
    return timezone.now() + timedelta(seconds=LEASE_SECONDS)


def _never() -> datetime:
    return datetime.fromtimestamp(0, tz=timezone.get_default_timezone())
