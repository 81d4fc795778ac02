"""A vendor that fails, refuses or talks nonsense is a state in words; nothing that was there before is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from portal.models import Connection, ConnectionState, Cursor, PendingFetch, Rank, RunState, SyncProblem
from portal.services.syncing import due_connections, fetch_pending
from portal.sync.pending import want
from portal.vendors.opensolar.resources import RESOURCES
from projects.models import Contact, Project, System
from tests.portal.sync.evidence import calls, pages_asked
from tests.world import API, Outcome, World, connection, last_run, open_problems

pytestmark = pytest.mark.usefixtures("unscoped")


def failed(world: World, outcome: Outcome, state: ConnectionState, *words: str, run: RunState) -> None:
    """Exit 1, the sentence on stderr, in the run and on the connection; JSON alone on stdout; every record kept."""
    assert outcome.code == 1
    assert set(outcome.counts) <= {*RESOURCES, "proposals"}
    message = last_run().message
    for word in words:
        assert word in message
    assert message in outcome.err
    assert len(outcome.err.splitlines()) == 1
    assert (connection().state, connection().message) == (state, message)
    assert connection().state_since is not None
    assert last_run().state == run
    assert last_run().finished_at is not None
    for model in (Project, Contact, System):
        assert model.objects.exists()
        assert not model.objects.exclude(removed_at=None, withheld_at=None).exists()


def recovers(world: World) -> None:
    """Once the vendor answers again, one sync puts everything right."""
    world.heal()
    outcome = world.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert (connection().state, connection().message) == (ConnectionState.WELL, "")
    assert open_problems() == []


def test_no_plan(mirrored: World) -> None:
    mirrored.settings(plan="none")
    outcome = mirrored.sync()
    failed(mirrored, outcome, ConnectionState.PLAN, "OpenSolar plan", "(402)", run=RunState.FAILED)
    # The whole account is concerned: nothing else is asked for, and nobody asks again by himself.
    assert len(mirrored.log()) == 1
    assert not due_connections().exists()
    mirrored.settings(plan="api")
    recovers(mirrored)


def test_a_plan_that_ends_in_the_middle_of_a_list(mirrored: World) -> None:
    Connection.objects.update(page_size=3, requests_at_once=1)
    mirrored.fault("status", path=f"{API}/contacts/", query={"page": "2"}, status=402, times=None)
    outcome = mirrored.sync()
    failed(mirrored, outcome, ConnectionState.PLAN, "contacts broke off at page 2", "(402)", run=RunState.PARTIAL)
    assert not calls(mirrored, f"{API}/projects/")
    recovers(mirrored)


def test_access_taken_away(mirrored: World) -> None:
    mirrored.fault("status", status=403, times=None)
    outcome = mirrored.sync()
    failed(mirrored, outcome, ConnectionState.FORBIDDEN, "does not show its roles", "(403)", run=RunState.FAILED)
    assert not due_connections().exists()
    recovers(mirrored)


def test_access_to_one_list_taken_away_stops_only_that_list(mirrored: World) -> None:
    mirrored.fault("status", path=f"{API}/contacts/", status=403, times=None)
    mirrored.change("projects", 400_002, title="Leyden roof")
    outcome = mirrored.sync()
    failed(mirrored, outcome, ConnectionState.WELL, "(403)", "contacts", run=RunState.PARTIAL)
    assert Project.objects.get(opensolar_id=400_002).title == "Leyden roof"
    # Later syncs of the other lists go on by themselves.
    Cursor.objects.update(next_due_at=None)
    assert due_connections().exists()
    recovers(mirrored)


@pytest.mark.parametrize(
    ("kind", "words", "times"),
    [
        ("html", "web page instead of data", None),
        ("invalid_json", "broken data", None),
        ("cut", "broke off", None),
        ("reset", "dropped the connection", None),
    ],
)
def test_answers_that_are_none(mirrored: World, kind: str, words: str, times: Any) -> None:
    mirrored.fault(kind, path=f"{API}/projects/", times=times)
    outcome = mirrored.sync()
    failed(mirrored, outcome, ConnectionState.UNREACHABLE, words, run=RunState.PARTIAL)
    assert outcome.counts["projects"]["failed"] == 1
    assert outcome.counts["systems"]["unchanged"] == System.objects.count()
    recovers(mirrored)


@pytest.mark.parametrize("kind", ["invalid_json", "cut", "reset"])
def test_one_broken_answer_is_asked_for_again(mirrored: World, kind: str) -> None:
    mirrored.fault(kind, path=f"{API}/projects/")
    outcome = mirrored.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.counts["projects"]["unchanged"] == 10


@pytest.mark.parametrize("body", ["text", 5, {"detail": "Later."}, {"results": {"a": 1}}])
def test_something_else_than_a_list(mirrored: World, body: Any) -> None:
    mirrored.fault("body", path=f"{API}/contacts/", body=body, times=None)
    outcome = mirrored.sync()
    failed(mirrored, outcome, ConnectionState.UNREACHABLE, "where a list was expected", run=RunState.PARTIAL)
    recovers(mirrored)


def test_vendor_down(mirrored: World) -> None:
    url = connection().base_url
    Connection.objects.update(base_url="http://127.0.0.1:9/opensolar")
    outcome = mirrored.sync()
    failed(mirrored, outcome, ConnectionState.UNREACHABLE, "OpenSolar could not be reached", run=RunState.FAILED)
    # One list is enough to know; all are tried again, soon but not at once.
    assert list(outcome.counts) == ["roles"]
    assert not due_connections().exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert due_connections().exists()
    Connection.objects.update(base_url=url)
    recovers(mirrored)


def test_a_vendor_that_was_never_reached_is_not_asked_again_at_once(hamlet: World) -> None:
    hamlet.connect()
    Connection.objects.update(base_url="http://127.0.0.1:9/opensolar")
    assert hamlet.sync().code == 1
    assert connection().state == ConnectionState.UNREACHABLE
    assert not due_connections().exists()


def test_a_failed_list_is_tried_again_soon(mirrored: World) -> None:
    mirrored.fault("html", path=f"{API}/contacts/", times=None)
    mirrored.sync()
    due = dict(Cursor.objects.values_list("resource", "next_due_at"))
    assert due["contacts"] < min(due[name] for name in ("roles", "projects", "systems"))


def test_a_list_that_breaks_off_goes_on_from_its_page(connected: World) -> None:
    Connection.objects.update(page_size=5, requests_at_once=1)
    connected.sync()
    connected.change("projects", 400_001, title="Before the break")
    connected.change("projects", 400_039, title="After the break")
    connected.fault("html", path=f"{API}/projects/", query={"page": "4"}, times=None)
    outcome = connected.sync()
    failed(connected, outcome, ConnectionState.UNREACHABLE, "projects broke off at page 4", run=RunState.PARTIAL)
    assert "Nothing was removed" in outcome.err
    assert Project.objects.get(opensolar_id=400_001).title == "Before the break"
    connected.log(clear=True)
    recovers(connected)
    assert pages_asked(connected, "projects")[0] == 3
    assert Project.objects.get(opensolar_id=400_039).title == "After the break"
    assert Project.objects.filter(removed_at=None).count() == 40


def test_500_after_a_full_page_is_a_failure_that_removes_nothing(connected: World) -> None:
    Connection.objects.update(page_size=20, requests_at_once=1)
    connected.sync()
    connected.fault("status", path=f"{API}/projects/", query={"page": "2"}, status=500, times=None)
    outcome = connected.sync()
    failed(connected, outcome, ConnectionState.UNREACHABLE, "broke off at page 2", "(500)", run=RunState.PARTIAL)
    assert outcome.counts["projects"]["failed"] == 1
    connected.log(clear=True)
    recovers(connected)
    assert pages_asked(connected, "projects")[0] == 1


def test_a_list_that_shrank_below_the_page_reached_begins_anew(connected: World) -> None:
    connected.settings(past_end="404")
    Connection.objects.update(page_size=5, requests_at_once=1)
    connected.sync()
    connected.fault("html", path=f"{API}/projects/", query={"page": "8"}, times=None)
    assert connected.sync().code == 1
    connected.heal()
    for number in range(400_031, 400_041):
        connected.delete("projects", number)
    assert connected.sync().err == ""
    assert Project.objects.filter(removed_at=None).count() == 30


@pytest.mark.parametrize("past_end", ["empty", "404", "500"])
def test_a_run_that_broke_while_it_looked_up_the_missing_ones(connected: World, past_end: str) -> None:
    connected.settings(past_end=past_end)
    connected.sync()
    connected.delete("projects", 400_007)
    connected.fault("status", path=f"{API}/projects/400007/", status=402)
    outcome = connected.sync()
    assert outcome.code == 1
    assert Project.objects.get(opensolar_id=400_007).removed_at is None
    recovers(connected)
    assert Project.objects.get(opensolar_id=400_007).removed_at is not None


@pytest.mark.parametrize("status", [500, 400])
def test_a_missing_record_that_cannot_be_looked_up_stays(mirrored: World, status: int) -> None:
    mirrored.delete("projects", 400_007)
    mirrored.delete("projects", 400_008)
    path = f"{API}/projects/400007/"
    mirrored.fault("status", path=path, status=status, times=None)
    outcome = mirrored.sync()
    assert outcome.code == 1
    assert Project.objects.get(opensolar_id=400_007).removed_at is None
    assert Project.objects.get(opensolar_id=400_008).removed_at is not None
    (problem,) = open_problems()
    assert (problem.what, problem.vendor_id) == (SyncProblem.What.FETCH, "400007")
    assert f"({status})" in problem.reason
    recovers(mirrored)
    assert Project.objects.get(opensolar_id=400_007).removed_at is not None


def test_a_record_withheld_and_shown_again_leaves_no_problem(mirrored: World) -> None:
    mirrored.forbid("contacts", 3_000_002)
    mirrored.sync()
    assert [problem.what for problem in open_problems()] == [SyncProblem.What.WITHHELD]
    mirrored.restore("contacts", 3_000_002)
    recovers(mirrored)
    assert Contact.objects.get(opensolar_id=3_000_002).withheld_at is None


@pytest.mark.parametrize("status", [504, 500])
def test_details_that_fail_are_a_problem_until_they_come(mirrored: World, status: int) -> None:
    system = System.objects.order_by("opensolar_id").first()
    assert system is not None
    path = f"{API}/projects/{system.project_ref}/systems/details/"
    mirrored.fault("status", path=path, status=status, times=None)
    mirrored.change("systems", system.opensolar_id, name="Larger")
    outcome = mirrored.sync()
    assert outcome.code == 1
    assert outcome.counts["systems"]["failed"] == 1
    assert last_run().state == RunState.PARTIAL
    (problem,) = open_problems()
    assert (problem.what, problem.resource, problem.vendor_id) == (
        SyncProblem.What.FETCH,
        "system_details",
        str(system.project_ref),
    )
    assert f"({status})" in problem.reason
    assert PendingFetch.objects.get().not_before is not None
    PendingFetch.objects.update(not_before=None)
    recovers(mirrored)


def test_details_that_are_refused_are_a_problem_and_stop_no_other(mirrored: World) -> None:
    refs = list(System.objects.order_by("project_ref").values_list("project_ref", flat=True).distinct())
    mirrored.fault("status", path=f"{API}/projects/{refs[0]}/systems/details/", status=403, times=None)
    want(connection(), "system_details", [(str(ref), None) for ref in refs], Rank.SOLD)
    outcome = mirrored.sync()
    (problem,) = open_problems()
    assert (problem.resource, problem.vendor_id) == ("system_details", str(refs[0]))
    assert "(403)" in problem.reason
    assert outcome.counts["systems"]["deferred"] == 0
    assert len([call for call in mirrored.log() if "details" in call["path"]]) == len(refs)
    assert not PendingFetch.objects.exists()


def test_details_outside_the_plan_are_switched_off(mirrored: World) -> None:
    mirrored.fault("status", path=".*/systems/details/", status=402, times=None)
    number = System.objects.order_by("opensolar_id").values_list("opensolar_id", flat=True)[0]
    mirrored.change("systems", number, name="Larger")
    assert mirrored.sync().code == 0
    assert "(402)" in connection().switched_off["system_details"]
    assert connection().state == ConnectionState.WELL
    mirrored.log(clear=True)
    mirrored.change("systems", number, name="Largest")
    assert mirrored.sync().code == 0
    assert not [call for call in mirrored.log() if "details" in call["path"]]


def test_a_worker_that_fetches_tells_the_connection_when_access_is_gone(mirrored: World) -> None:
    want(connection(), "system_details", [("400001", None)], Rank.SOMEBODY_LOOKS)
    mirrored.expire_tokens()
    mirrored.fault("status", path="/opensolar/api-token-auth/", method="POST", status=400, times=None)
    fetch_pending(connection().pk)
    assert connection().state == ConnectionState.CREDENTIALS
    assert "e-mail address and password" in connection().message
    assert PendingFetch.objects.count() == 1


def test_a_failing_vendor_is_not_asked_for_everything_that_waits(mirrored: World) -> None:
    want(connection(), "system_details", [(str(number), None) for number in range(400_001, 400_010)], Rank.SOLD)
    mirrored.fault("html", path=".*/systems/details/", times=None)
    outcome = mirrored.sync()
    assert outcome.code == 1
    assert len([call for call in mirrored.log() if "details" in call["path"]]) == 3
    assert PendingFetch.objects.count() == 9
    assert outcome.counts["systems"]["deferred"] == 9


def test_a_vendor_that_fails_on_every_look_up_is_left_in_peace(mirrored: World) -> None:
    for number in range(400_004, 400_010):
        mirrored.delete("projects", number)
    mirrored.fault("status", path=f"{API}/projects/[0-9]+/", status=501, times=None)
    outcome = mirrored.sync()
    assert outcome.code == 1
    counts = outcome.counts["projects"]
    assert (counts["removed"], counts["failed"], counts["deferred"]) == (0, 3, 3)
    assert len([call for call in mirrored.log() if call["status"] == 501]) == 3
    recovers(mirrored)
    assert Project.objects.filter(removed_at=None).count() == 4


def test_a_few_that_always_fail_do_not_hold_up_the_others(mirrored: World) -> None:
    for number in range(400_001, 400_010):
        mirrored.delete("projects", number)
    mirrored.fault("html", path=f"{API}/projects/40000[1-4]/", times=None)
    outcome = mirrored.sync()
    assert outcome.code == 1
    counts = outcome.counts["projects"]
    assert (counts["removed"], counts["failed"], counts["deferred"]) == (5, 4, 0)
    assert Project.objects.filter(removed_at=None).count() == 5
