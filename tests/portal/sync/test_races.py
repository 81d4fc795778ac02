"""Runs, fetches and people who act at the same time: each piece of work is done once, and the later word counts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.models import Connection, ConnectionState, Cursor, Lease, PendingFetch, Rank, RunState, SyncRun
from portal.services.syncing import ENDED_WITHOUT_WORD, ask_for_sync, run_now, run_queued
from portal.sync.gate import Gate
from portal.sync.lease import LEASE_SECONDS, LeaseTaken, acquire
from portal.sync.pending import drain, switch_off, switch_on, want
from projects.models import Project, ProjectContact, System
from tests.portal.sync.evidence import pages_asked
from tests.world import API, World, connection, last_run

pytestmark = pytest.mark.usefixtures("unscoped")


class Killed(BaseException):
    """The process is gone."""


def at_page(resource: str, page: int, act: Callable[[], object]) -> Callable[[dict[str, Any]], None]:
    """A listener of a run that acts once, when that page has come."""
    done = []

    def listen(progress: dict[str, Any]) -> None:
        if not done and (progress["resource"], progress["page"]) == (resource, page):
            done.append(act())

    return listen


def die() -> None:
    raise Killed


@pytest.mark.parametrize(("resource", "page"), [("roles", 0), ("contacts", 2), ("projects", 1), ("projects", 4)])
@pytest.mark.parametrize("in_flight", [1, 3])
def test_a_run_stopped_anywhere_goes_on_from_there(hamlet: World, resource: str, page: int, in_flight: int) -> None:
    hamlet.connect()
    Connection.objects.update(page_size=3, requests_at_once=in_flight)
    with pytest.raises(Killed):
        run_now(connection(), full=False, wait=0, listener=at_page(resource, page, die))
    assert last_run().state == RunState.FAILED
    assert "goes on from its page" in last_run().message
    assert not Lease.objects.exists()
    reached = Cursor.objects.get(resource=resource).page
    assert reached == page
    hamlet.log(clear=True)
    assert hamlet.sync().code == 0
    assert pages_asked(hamlet, resource)[0] == max(page, 1)
    assert list(Project.objects.order_by("opensolar_id").values_list("opensolar_id", flat=True)) == [
        *range(400_001, 400_011)
    ]
    assert not Project.objects.exclude(removed_at=None).exists()
    assert not System.objects.filter(details_at=None).exists()
    assert ProjectContact.objects.values("project_ref").distinct().count() == 10


def test_a_stopped_listing_still_finds_what_was_deleted(connected: World) -> None:
    Connection.objects.update(page_size=10, requests_at_once=1)
    connected.sync()
    connected.delete("projects", 400_003)
    connected.delete("projects", 400_033)
    with pytest.raises(Killed):
        run_now(connection(), full=False, wait=0, listener=at_page("projects", 2, die))
    assert connected.sync().code == 0
    gone = Project.objects.exclude(removed_at=None).order_by("opensolar_id")
    assert list(gone.values_list("opensolar_id", flat=True)) == [400_003, 400_033]


def test_a_listing_interrupted_long_ago_begins_anew(connected: World) -> None:
    Connection.objects.update(page_size=10, requests_at_once=1)
    with pytest.raises(Killed):
        run_now(connection(), full=False, wait=0, listener=at_page("projects", 2, die))
    Cursor.objects.update(begun_at=timezone.now() - timedelta(hours=7))
    connected.log(clear=True)
    assert connected.sync().code == 0
    assert pages_asked(connected, "projects")[0] == 1


def test_other_page_sizes_begin_anew(connected: World) -> None:
    Connection.objects.update(page_size=10, requests_at_once=1)
    with pytest.raises(Killed):
        run_now(connection(), full=False, wait=0, listener=at_page("projects", 2, die))
    Connection.objects.update(page_size=7)
    connected.log(clear=True)
    assert connected.sync().code == 0
    assert pages_asked(connected, "projects")[0] == 1
    assert Project.objects.count() == 40


def test_a_run_that_was_taken_over_writes_no_more(hamlet: World) -> None:
    hamlet.connect()
    Connection.objects.update(page_size=3, requests_at_once=1)

    def take_over() -> None:
        Lease.objects.update(holder=uuid.uuid4(), until=timezone.now() + timedelta(seconds=20))

    run = run_now(connection(), full=False, wait=0, listener=at_page("projects", 2, take_over))
    assert run.state == RunState.FAILED
    assert "Another run took over" in run.message
    assert Project.objects.count() == 6
    # The lease is the other's now and stays.
    assert Lease.objects.count() == 1


def test_a_second_run_does_not_start_while_one_goes(hamlet: World) -> None:
    hamlet.connect()
    refused = []

    def second() -> None:
        with pytest.raises(LeaseTaken):
            run_now(connection(), full=False, wait=0)
        refused.append(SyncRun.objects.count())

    run = run_now(connection(), full=False, wait=0, listener=at_page("projects", 1, second))
    assert run.state == RunState.SUCCESS
    assert refused == [1]


def test_a_queued_run_is_carried_out_once(hamlet: World) -> None:
    hamlet.connect()
    queued = ask_for_sync(connection())
    assert ask_for_sync(connection()).pk == queued.pk
    run = run_queued(queued.pk)
    assert run is not None
    assert run.state == RunState.SUCCESS
    hamlet.log(clear=True)
    assert run_queued(queued.pk) is None
    assert run_queued(queued.pk + 1) is None
    assert hamlet.log() == []


def test_a_queued_run_waits_while_another_goes(hamlet: World) -> None:
    hamlet.connect()
    queued = ask_for_sync(connection())
    held = acquire(connection())
    assert run_queued(queued.pk) is None
    assert SyncRun.objects.get(pk=queued.pk).state == RunState.QUEUED
    assert hamlet.log()[1:] == hamlet.log()[1:2]
    held.release()
    assert run_queued(queued.pk) is not None


def test_a_run_left_running_by_a_dead_worker_is_closed_by_the_next(mirrored: World) -> None:
    dead = SyncRun.objects.create(connection=connection(), state=RunState.RUNNING)
    Lease.objects.create(
        connection=connection(), holder=uuid.uuid4(), until=timezone.now() + timedelta(seconds=LEASE_SECONDS)
    )
    with pytest.raises(LeaseTaken):
        run_now(connection(), full=False, wait=0)
    assert LEASE_SECONDS < 30
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert mirrored.sync().code == 0
    dead.refresh_from_db()
    assert (dead.state, dead.message) == (RunState.FAILED, ENDED_WITHOUT_WORD)
    assert dead.finished_at is not None
    assert last_run().state == RunState.SUCCESS


def test_pausing_during_a_run_holds(hamlet: World) -> None:
    hamlet.connect()

    def pause() -> None:
        Connection.objects.update(state=ConnectionState.PAUSED, message="Paused by Marie.")

    run = run_now(connection(), full=False, wait=0, listener=at_page("projects", 1, pause))
    assert run.state == RunState.SUCCESS
    assert (connection().state, connection().message) == (ConnectionState.PAUSED, "Paused by Marie.")


def test_what_is_asked_for_during_its_fetch_is_fetched_again(mirrored: World) -> None:
    row = connection()
    want(row, "system_details", [("400001", None)], Rank.OPEN)
    asked = []

    def somebody_asks() -> None:
        # Between the claim and the answer, which may be older than what made this person ask.
        if not asked:
            asked.append(1)
            want(row, "system_details", [("400001", None)], Rank.SOMEBODY_LOOKS)

    with Gate(row, heartbeat=somebody_asks) as gate:
        drain(gate, most=1)
    assert PendingFetch.objects.get().not_before is None
    with Gate(row) as gate:
        drain(gate)
    assert not PendingFetch.objects.exists()


def test_what_is_asked_for_while_the_vendor_throttles_waits_as_the_vendor_says(mirrored: World) -> None:
    row = connection()
    want(row, "system_details", [("400001", None)], Rank.OPEN)
    mirrored.fault("status", path=f"{API}/.*/details/", status=429, retry_after=300, times=None)
    with Gate(row, heartbeat=lambda: want(row, "system_details", [("400001", None)], Rank.SOMEBODY_LOOKS)) as gate:
        drain(gate)
    waits = PendingFetch.objects.get()
    assert (waits.attempts, waits.rank) == (0, Rank.SOMEBODY_LOOKS)


def test_two_parts_found_missing_at_the_same_time_are_both_switched_off(mirrored: World) -> None:
    one, other = connection(), connection()
    switch_off(one, "webhooks", "Not in the plan.")
    switch_off(other, "proposals", "Not in the plan.")
    switch_on(one, "webhooks")
    assert connection().switched_off.keys() == {"proposals"}
    assert one.switched_off == connection().switched_off


def test_what_failed_before_is_asked_for_at_once_when_somebody_looks(mirrored: World) -> None:
    want(connection(), "system_details", [("400001", None)], Rank.OPEN)
    PendingFetch.objects.update(not_before=timezone.now() + timedelta(hours=1), attempts=7)
    want(connection(), "system_details", [("400001", None)], Rank.SOMEBODY_LOOKS)
    row = PendingFetch.objects.get()
    assert (row.not_before, row.attempts, row.rank) == (None, 0, Rank.SOMEBODY_LOOKS)


def test_two_workers_share_what_waits(mirrored: World) -> None:
    row = connection()
    numbers = sorted(set(System.objects.values_list("project_ref", flat=True)))
    want(row, "system_details", [(str(number), None) for number in numbers], Rank.OPEN)
    others = []

    def another_worker() -> None:
        if not others:
            others.append(1)
            with Gate(row) as other:
                drain(other, most=2)

    with Gate(row, heartbeat=another_worker) as gate:
        drain(gate)
    asked = [call["path"] for call in mirrored.log() if "details" in call["path"]]
    assert len(asked) == len(set(asked)) == len(numbers)
    assert not PendingFetch.objects.exists()
