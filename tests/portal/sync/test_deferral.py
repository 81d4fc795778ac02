"""What the vendor's throttle or our own budget does not allow now waits; that is no failure."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone

from portal.models import Connection, ConnectionState, Cursor, PendingFetch, Rank, RunState
from portal.services.syncing import due_connections, fetch_pending, sweep
from portal.sync.pending import want
from portal.vendors.opensolar.resources import RESOURCES
from projects.models import Project, System
from tests.portal.sync.evidence import calls, pages_asked
from tests.world import API, World, connection, last_run

pytestmark = pytest.mark.usefixtures("unscoped")


def details_asked(world: World) -> list[int]:
    """Projects whose system details were asked for and given, in order."""
    asked = [call["path"] for call in world.log() if call["path"].endswith("/systems/details/")]
    return [int(path.split("/")[-4]) for path in asked]


def test_a_short_pause_is_waited_for(mirrored: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.lib.backoff.THROTTLED_BASE", 8.0)
    Connection.objects.update(page_size=2, requests_at_once=2)
    mirrored.fault("status", path=f"{API}/projects/", query={"page": "2"}, status=429, retry_after=0.2)
    outcome = mirrored.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.counts["projects"]["fetched"] == 10
    refused = next(call for call in mirrored.log() if call["status"] == 429)
    again = [call for call in calls(mirrored, f"{API}/projects/") if call["query"]["page"] == "2"][1]
    # As long as the vendor says: our own guess would be eight seconds at least.
    assert 0.2 <= again["at"] - refused["at"] < 8


def test_after_a_429_one_page_at_a_time_is_asked_for(connected: World) -> None:
    Connection.objects.update(page_size=5, requests_at_once=4)
    connected.fault("status", path=f"{API}/projects/", query={"page": "2"}, status=429, retry_after=0)
    connected.fault("delay", path=f"{API}/.*/", delay=0.03, times=None)
    assert connected.sync().code == 0
    seen = connected.log()
    at = next(i for i, call in enumerate(seen) if call["status"] == 429)
    overlaps = [_together(call, other) for call, other in pairwise(seen[at + 5 :])]
    assert len(overlaps) > 10
    assert not any(overlaps)
    before = [call for call in seen[:at] if call["path"].endswith("/contacts/")]
    assert any(_together(call, other) for call, other in pairwise(before))


def _together(call: dict[str, float], other: dict[str, float]) -> bool:
    # The log's `seconds` leave the delay out, which comes before the answer is sent.
    return other["at"] < call["at"] + call["seconds"] + 0.03


@pytest.mark.parametrize("page", ["1", "2"])
def test_a_long_pause_is_respected_and_no_failure(mirrored: World, page: str) -> None:
    Connection.objects.update(page_size=3, requests_at_once=1)
    before = connection().last_success_at
    mirrored.fault("status", path=f"{API}/contacts/", query={"page": page}, status=429, retry_after=300, times=None)
    began = timezone.now()
    outcome = mirrored.sync()
    assert outcome.code == 0
    assert outcome.counts["contacts"]["deferred"] == 1
    assert outcome.counts["contacts"]["failed"] == 0
    assert last_run().state == RunState.SUCCESS
    assert "300 seconds" in last_run().message
    assert last_run().message in outcome.err
    assert connection().state == ConnectionState.WELL
    assert connection().message == last_run().message
    assert connection().last_success_at == before
    # Nothing else is asked for meanwhile: neither now …
    assert not calls(mirrored, f"{API}/projects/")
    # … nor by beat.
    due = Cursor.objects.exclude(resource="roles").values_list("next_due_at", flat=True)
    assert len(due) == len(RESOURCES) - 1
    assert all(began + timedelta(seconds=299) < at < began + timedelta(seconds=400) for at in due)
    assert not due_connections().exists()
    with time_machine.travel(timezone.now() + timedelta(seconds=420)):
        assert due_connections().exists()


def test_a_long_pause_holds_back_what_waits_to_be_fetched(mirrored: World) -> None:
    want(connection(), "system_details", [("400001", None), ("400002", None)], Rank.OPEN)
    mirrored.fault("status", path=f"{API}/contacts/", status=429, retry_after=300)
    outcome = mirrored.sync()
    assert outcome.counts["systems"]["deferred"] >= 2
    nudged: list[int] = []
    sweep(nudged.append, nudged.append)
    assert nudged == []
    fetch_pending(connection().pk)
    assert details_asked(mirrored) == []
    with time_machine.travel(timezone.now() + timedelta(seconds=301)):
        sweep(lambda run: None, nudged.append)
        assert nudged == [connection().pk]


def test_a_throttled_fetch_holds_back_the_others(mirrored: World) -> None:
    want(connection(), "system_details", [(str(number), None) for number in range(400_001, 400_006)], Rank.OPEN)
    mirrored.fault("status", path=".*/systems/details/", status=429, retry_after=300)
    outcome = mirrored.sync()
    assert outcome.code == 0
    assert outcome.counts["systems"]["deferred"] == 5
    fetch_pending(connection().pk)
    assert len(details_asked(mirrored)) == 1
    assert set(PendingFetch.objects.values_list("attempts", flat=True)) == {0}
    with time_machine.travel(timezone.now() + timedelta(seconds=310)):
        fetch_pending(connection().pk)
    assert not PendingFetch.objects.exists()


def test_a_login_that_is_throttled_is_deferred(mirrored: World) -> None:
    mirrored.expire_tokens()
    mirrored.fault("status", path="/opensolar/api-token-auth/", method="POST", status=429, retry_after=300)
    outcome = mirrored.sync()
    assert outcome.code == 0
    assert connection().state == ConnectionState.WELL
    listed = {name: counts["deferred"] for name, counts in outcome.counts.items() if name != "proposals"}
    assert set(listed.values()) == {1}


def test_spent_quota_defers_and_a_later_run_goes_on(connected: World, settings: LazySettings) -> None:
    settings.VENDOR_QUOTAS = True
    began = timezone.now()
    with time_machine.travel(began, tick=False):
        outcome = connected.sync()
        assert outcome.code == 0, outcome.err
        with_systems = set(System.objects.values_list("project_ref", flat=True))
        # 60 a minute: 36 at once, of which background work takes 70 %.
        assert outcome.counts["systems"]["deferred"] == len(with_systems) - 25 > 0
        assert PendingFetch.objects.filter(resource="system_details").count() == len(with_systems) - 25
        assert last_run().state == RunState.SUCCESS
        assert connection().last_success_at == began
        sold = set(Project.objects.filter(is_sold=True).values_list("opensolar_id", flat=True)) & with_systems
        first = details_asked(connected)
        assert len(first) == 25
        assert sold
        assert set(first[: len(sold)]) == sold
    with time_machine.travel(began + timedelta(minutes=1)):
        outcome = connected.sync()
    assert (outcome.code, outcome.counts["systems"]["deferred"]) == (0, 0)
    assert sorted(details_asked(connected)) == sorted(with_systems)
    assert not System.objects.filter(details_at=None).exists()


def test_what_somebody_looks_at_goes_before_the_rest_and_into_the_reserve(
    connected: World, settings: LazySettings
) -> None:
    settings.VENDOR_QUOTAS = True
    with time_machine.travel(timezone.now(), tick=False) as clock:
        connected.sync()
        waiting = list(PendingFetch.objects.order_by("rank", "-newest").values_list("vendor_id", flat=True))
        assert len(waiting) > 2
        connected.log(clear=True)
        want(connection(), "system_details", [(waiting[-1], None)], Rank.SOMEBODY_LOOKS)
        fetch_pending(connection().pk)
        # The reserve is for people: nothing of the background goes with it.
        assert details_asked(connected) == [int(waiting[-1])]
        clock.shift(60)
        fetch_pending(connection().pk)
    assert not PendingFetch.objects.exists()


def test_looking_again_moves_nobody_down(mirrored: World) -> None:
    want(connection(), "system_details", [("400001", None)], Rank.SOMEBODY_LOOKS)
    want(connection(), "system_details", [("400001", None)], Rank.REST)
    assert PendingFetch.objects.get().rank == Rank.SOMEBODY_LOOKS


def test_a_full_day_is_no_error(mirrored: World, settings: LazySettings) -> None:
    settings.VENDOR_QUOTAS = True
    mirrored.settings(whole_lists=False)
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(400_001, 400_011):
            mirrored.change("projects", number, title=f"Changed {number}")
        want(connection(), "project_details", [(str(number), None) for number in range(500_000, 500_100)], Rank.SOLD)
        outcome = mirrored.sync()
    assert outcome.code == 0
    # What a hundred others left of this minute's budget is nothing; the short rows came in all the same.
    assert outcome.counts["projects"]["updated"] == 10
    assert outcome.counts["projects"]["deferred"] > 10
    assert Project.objects.get(opensolar_id=400_003).title == "Changed 400003"
    assert pages_asked(mirrored, "projects")
