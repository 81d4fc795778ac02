"""Beat finds what is due and what a lost message forgot; nothing is forgotten, nothing is done twice."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.models import Connection, ConnectionState, Cursor, Lease, PendingFetch, Rank, RunState, SyncRun, User
from portal.services.syncing import ask_for_sync, run_queued, sweep
from portal.sync.pending import want
from portal.vendors.opensolar.resources import COMPONENTS, PRICES
from tests.portal.sync.evidence import pages_asked
from tests.world import World, connection

pytestmark = pytest.mark.usefixtures("unscoped")
LATER = timedelta(minutes=17)


def swept() -> tuple[list[int], list[int]]:
    """The runs and the connections that a sweep nudges workers for."""
    runs: list[int] = []
    fetches: list[int] = []
    sweep(runs.append, fetches.append)
    return runs, fetches


def test_a_new_connection_is_synced_by_itself(hamlet: World) -> None:
    hamlet.connect()
    (nudged,), fetches = swept()
    assert fetches == []
    run = run_queued(nudged)
    assert run is not None
    assert (run.state, run.asked_by) == (RunState.SUCCESS, None)
    assert swept() == ([], [])


def test_a_lost_message_is_sent_again_for_the_same_run(hamlet: World) -> None:
    hamlet.connect()
    first = swept()
    assert swept() == first
    assert SyncRun.objects.count() == 1


def test_next_times_are_jittered_by_a_tenth(hamlet: World) -> None:
    hamlet.connect()
    began = timezone.now()
    hamlet.sync()
    ended = timezone.now()
    often = Cursor.objects.exclude(resource__in=(*PRICES, *COMPONENTS))
    due = list(often.values_list("next_due_at", flat=True))
    assert len(due) == 4
    assert all(began + timedelta(minutes=13.5) <= at <= ended + timedelta(minutes=16.5) for at in due)
    assert max(due) - min(due) > timedelta(seconds=1)


def test_it_comes_back_when_it_is_due(mirrored: World) -> None:
    assert swept() == ([], [])
    with time_machine.travel(timezone.now() + LATER):
        runs, _ = swept()
        assert len(runs) == 1


@pytest.mark.parametrize("state", ConnectionState.values)
def test_stopped_connections_are_left_alone(mirrored: World, state: str) -> None:
    want(connection(), "system_details", [("400001", None)], Rank.OPEN)
    Connection.objects.update(state=state)
    Cursor.objects.update(next_due_at=None)
    runs, fetches = swept()
    stopped = state in ("credentials", "plan", "forbidden", "paused")
    assert (len(runs), len(fetches)) == ((0, 0) if stopped else (1, 1))


def test_a_person_may_sync_a_stopped_connection(mirrored: World) -> None:
    Connection.objects.update(state=ConnectionState.CREDENTIALS)
    queued = ask_for_sync(connection(), by=User.objects.create_user("ada@sunny.example"))
    assert swept() == ([queued.pk], [])
    assert run_queued(queued.pk) is not None
    assert connection().state == ConnectionState.WELL


def test_a_connection_with_a_run_under_way_is_left_alone(mirrored: World) -> None:
    want(connection(), "system_details", [("400001", None)], Rank.OPEN)
    Cursor.objects.update(next_due_at=None)
    lease = Lease.objects.create(
        connection=connection(), holder=uuid.uuid4(), until=timezone.now() + timedelta(seconds=20)
    )
    assert swept() == ([], [])
    assert not SyncRun.objects.filter(state=RunState.QUEUED).exists()
    lease.until = timezone.now() - timedelta(seconds=1)
    lease.save()
    runs, fetches = swept()
    assert (len(runs), fetches) == (1, [connection().pk])


def test_what_waits_to_be_fetched_is_not_forgotten(mirrored: World) -> None:
    want(connection(), "system_details", [("400001", None)], Rank.OPEN)
    PendingFetch.objects.update(not_before=timezone.now() + timedelta(minutes=5))
    assert swept() == ([], [])
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert swept() == ([], [connection().pk])


def test_a_scheduled_run_lists_what_is_due(mirrored: World) -> None:
    Cursor.objects.filter(resource="projects").update(next_due_at=timezone.now())
    (run,), _ = swept()
    run_queued(run)
    assert pages_asked(mirrored, "projects")
    assert not [r for r in ("roles", "contacts", "systems") if pages_asked(mirrored, r)]


def test_a_persons_run_lists_everything(mirrored: World) -> None:
    queued = ask_for_sync(connection(), by=User.objects.create_user("ada@sunny.example"))
    run_queued(queued.pk)
    assert all(pages_asked(mirrored, name) for name in ("roles", "contacts", "projects", "systems"))


def test_a_nudge_is_sent_after_the_commit(
    hamlet: World, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    hamlet.connect()
    nudged: list[int] = []
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        run = ask_for_sync(connection(), nudge=nudged.append)
        assert nudged == []
    assert nudged == [run.pk]
