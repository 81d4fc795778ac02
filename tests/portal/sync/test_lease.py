"""Two runs of one connection never overlap, and a dead one blocks nobody for long."""

from __future__ import annotations

import pytest
import time_machine
from django.utils import timezone
from django_scopes import scope

from portal.models import Lease
from portal.registry import registry
from portal.sync.lease import LEASE_SECONDS, Held, LeaseLost, LeaseTaken, acquire
from portal.sync.upsert import upsert
from projects.models import Contact
from tests.conftest import Company


def write(held: Held) -> None:
    """Stores a record under the lease; raises LeaseLost where another has it."""
    resource, record = registry.source("opensolar").resource("contacts"), {"id": 3, "display": "Hypatia"}
    upsert(held.connection, resource, [record], requested_at=timezone.now(), lease=held)
    assert Contact.objects.filter(connection=held.connection).exists()


def test_only_one_holds_it(sunny: Company) -> None:
    with scope(organisation=sunny.organisation):
        held = acquire(sunny.connection)
        with pytest.raises(LeaseTaken):
            acquire(sunny.connection)
        held.release()
        acquire(sunny.connection).release()


def test_one_connection_does_not_block_another(sunny: Company, kestrel: Company) -> None:
    with scope(organisation=[sunny.organisation, kestrel.organisation]):
        acquire(sunny.connection)
        acquire(kestrel.connection)
        assert Lease.objects.count() == 2


def test_a_dead_holder_is_replaced_within_thirty_seconds(sunny: Company) -> None:
    with scope(organisation=sunny.organisation), time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        dead = acquire(sunny.connection)
        clock.shift(LEASE_SECONDS - 1)
        with pytest.raises(LeaseTaken):
            acquire(sunny.connection)
        clock.shift(2)
        acquire(sunny.connection)
        with pytest.raises(LeaseLost):
            write(dead)
        assert not Contact.objects.exists()
    assert LEASE_SECONDS < 30


def test_renewing_keeps_it(sunny: Company) -> None:
    with scope(organisation=sunny.organisation), time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        held = acquire(sunny.connection)
        for _ in range(10):
            clock.shift(10)
            held.renew()
            with pytest.raises(LeaseTaken):
                acquire(sunny.connection)


def test_what_was_taken_over_cannot_be_renewed(sunny: Company) -> None:
    with scope(organisation=sunny.organisation), time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        slept = acquire(sunny.connection)
        clock.shift(LEASE_SECONDS + 1)
        new = acquire(sunny.connection)
        with pytest.raises(LeaseLost):
            slept.renew()
        slept.release()
        write(new)


def test_waiting_gets_it_when_the_other_ends(sunny: Company) -> None:
    with scope(organisation=sunny.organisation):
        first = acquire(sunny.connection)
        second = acquire(sunny.connection, wait=5, sleep=lambda seconds: first.release())
        assert second.holder != first.holder
        write(second)
        with pytest.raises(LeaseLost):
            write(first)
