"""Tokens end: they are renewed once where that is possible, and otherwise a person is asked for a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from portal.models import Connection, ConnectionState, PendingFetch, Rank, RunState, SyncProblem
from portal.services.syncing import fetch_pending
from portal.sync.gate import Gate
from portal.sync.pending import drain, want
from projects.models import Project, Role
from tests.portal.sync.evidence import calls, logins, renewals
from tests.world import API, LOGIN, World, connection, last_run

pytestmark = pytest.mark.usefixtures("unscoped")
NEW_LOGIN = "/opensolar/api-token-auth/"


def expire_at(world: World, resource: str, page: int) -> None:
    """The vendor forgets the token in the middle of a list: that page answers 401, once for each request under way.

    It takes its time for that, so that pages that are asked for together are under way together."""
    world.fault("status", path=f"{API}/{resource}/", query={"page": str(page)}, status=401, delay=0.3)


@pytest.fixture
def by_token(hamlet: World) -> World:
    """Connected with a token that somebody pasted, where tokens are not renewed; synced once."""
    hamlet.settings(fetch_token=False)
    words = {"username": LOGIN["OPENSOLAR_USERNAME"], "password": LOGIN["OPENSOLAR_PASSWORD"]}
    token = requests.post(f"{hamlet.base_url}/api-token-auth/", json=words, timeout=5).json()["token"]
    assert hamlet.connect(OPENSOLAR_TOKEN=token).code == 0
    assert hamlet.sync().code == 0
    hamlet.log(clear=True)
    return hamlet


@pytest.mark.parametrize("in_flight", [1, 2, 4])
def test_a_token_that_ends_between_runs_is_renewed_once(mirrored: World, in_flight: int) -> None:
    Connection.objects.update(page_size=3, requests_at_once=in_flight)
    before = connection().credentials["token"]
    mirrored.expire_tokens()
    outcome = mirrored.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.counts["projects"]["unchanged"] == 10
    assert logins(mirrored) == 1
    assert connection().credentials["token"] != before


@pytest.mark.parametrize("in_flight", [1, 2])
def test_a_token_that_ends_in_the_middle_of_a_list_is_renewed_once(mirrored: World, in_flight: int) -> None:
    Connection.objects.update(page_size=3, requests_at_once=in_flight)
    expire_at(mirrored, "projects", 2)
    expire_at(mirrored, "projects", 3)
    outcome = mirrored.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.counts["projects"]["fetched"] == 10
    # Two pages under way together share one renewal; asked for one after the other each meets its own 401.
    assert logins(mirrored) == (1 if in_flight == 2 else 2)


def test_a_token_about_to_end_is_renewed_before(mirrored: World) -> None:
    row = connection()
    row.credentials = {**row.credentials, "token_ends": (timezone.now() + timedelta(hours=5)).isoformat()}
    row.save(update_fields=["credentials"])
    assert mirrored.sync().code == 0
    assert logins(mirrored) == 1
    assert all(call["status"] == 200 for call in mirrored.log())
    mirrored.log(clear=True)
    mirrored.sync()
    assert logins(mirrored) == 0


def test_a_login_that_gives_the_same_token_again_is_as_good(mirrored: World) -> None:
    row = connection()
    row.credentials = {**row.credentials, "token_ends": (timezone.now() + timedelta(hours=5)).isoformat()}
    row.save(update_fields=["credentials"])
    same = {"token": row.credentials["token"]}
    mirrored.fault("status", path=NEW_LOGIN, method="POST", status=200, body=same, times=None)
    for _run in range(2):
        outcome = mirrored.sync()
        assert (outcome.code, outcome.err) == (0, "")
    assert logins(mirrored) == 1


@pytest.mark.parametrize("machine_user", [False, True], ids=["person", "machine user"])
def test_a_login_may_give_the_very_token_that_was_refused(mirrored: World, machine_user: bool) -> None:
    row = connection()
    row.credentials = {**row.credentials, "is_machine_user": machine_user}
    row.save(update_fields=["credentials"])
    mirrored.fault("status", path=NEW_LOGIN, method="POST", status=200, body={"token": row.credentials["token"]})
    mirrored.fault("status", path=f"{API}/roles/", status=401)
    outcome = mirrored.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert connection().state == ConnectionState.WELL
    assert logins(mirrored) == 1


@pytest.mark.parametrize("status", [400, 503], ids=["refused", "down"])
def test_a_renewal_that_fails_early_does_not_stop_a_token_that_still_works(mirrored: World, status: int) -> None:
    row = connection()
    row.credentials = {**row.credentials, "token_ends": (timezone.now() + timedelta(hours=5)).isoformat()}
    row.save(update_fields=["credentials"])
    mirrored.fault("status", path=NEW_LOGIN, method="POST", status=status, retry_after=60, times=None)
    outcome = mirrored.sync()
    assert (outcome.code, outcome.err) == (0, "")
    # Tried once a run: many wrong passwords in a row lock a login.
    assert logins(mirrored) == 1


def test_a_password_that_was_changed_asks_for_a_new_login(mirrored: World) -> None:
    mirrored.expire_tokens()
    mirrored.fault("status", path=NEW_LOGIN, method="POST", status=400, times=None)
    outcome = mirrored.sync()
    assert outcome.code == 1
    assert "does not accept this e-mail address and password" in outcome.err
    assert connection().state == ConnectionState.CREDENTIALS
    assert last_run().state == RunState.FAILED
    assert logins(mirrored) == 1
    assert Project.objects.filter(removed_at=None).count() == 10


@pytest.mark.parametrize("offered", [True, False], ids=["renewable", "not renewable"])
def test_a_given_token_that_died_asks_for_a_new_one(by_token: World, offered: bool) -> None:
    by_token.settings(fetch_token=offered)
    by_token.expire_tokens()
    outcome = by_token.sync()
    assert outcome.code == 1
    state = connection()
    assert state.state == ConnectionState.CREDENTIALS
    assert "no longer accepts the token" in state.message
    assert "new one" in state.message
    assert state.message == last_run().message
    assert state.message in outcome.err
    assert (Project.objects.count(), Role.objects.count()) == (10, 13)
    assert not Project.objects.exclude(removed_at=None).exists()
    # Nothing else is asked for with a dead token.
    assert {call["path"] for call in by_token.log()} <= {f"{API}/roles/", "/opensolar/api/fetch_token/"}


def test_a_given_token_that_died_in_the_middle_of_a_list(by_token: World) -> None:
    Connection.objects.update(page_size=3, requests_at_once=1)
    by_token.change("contacts", 3_000_001, first_name="Changed")
    by_token.fault("status", path=f"{API}/contacts/", query={"page": "2"}, status=401, times=None)
    outcome = by_token.sync()
    assert outcome.code == 1
    assert connection().state == ConnectionState.CREDENTIALS
    assert last_run().state == RunState.PARTIAL
    assert outcome.counts["contacts"]["updated"] == 1
    assert not calls(by_token, f"{API}/projects/")


def test_a_given_token_is_renewed_while_it_lives(hamlet: World) -> None:
    words = {"username": LOGIN["OPENSOLAR_USERNAME"], "password": LOGIN["OPENSOLAR_PASSWORD"]}
    token = requests.post(f"{hamlet.base_url}/api-token-auth/", json=words, timeout=5).json()["token"]
    hamlet.connect(OPENSOLAR_TOKEN=token)
    row = connection()
    row.credentials = {**row.credentials, "token_ends": (timezone.now() + timedelta(hours=5)).isoformat()}
    row.save(update_fields=["credentials"])
    hamlet.log(clear=True)
    assert hamlet.sync().code == 0
    assert renewals(hamlet) == 1
    assert connection().credentials["token"] != row.credentials["token"]


def test_a_dead_token_costs_no_pending_fetch(by_token: World) -> None:
    wanted = [(str(number), None) for number in (400_001, 400_002, 400_003)]
    want(connection(), "system_details", wanted, Rank.SOLD)
    by_token.expire_tokens()
    fetch_pending(connection().pk)
    assert PendingFetch.objects.count() == 3
    assert not SyncProblem.objects.exists()
    assert connection().state == ConnectionState.CREDENTIALS
    assert len(by_token.log()) <= 2
    assert not [row for row in PendingFetch.objects.all() if row.attempts]


def test_a_renewal_lost_with_its_worker_blocks_nobody_for_long(mirrored: World) -> None:
    mirrored.expire_tokens()
    until = timezone.now() + timedelta(seconds=0.25)
    Connection.objects.update(token_claimed_until=until)
    outcome = mirrored.sync()
    assert (outcome.code, outcome.err) == (0, "")
    (login,) = calls(mirrored, NEW_LOGIN, "POST")
    # While the other may still be at it, nobody logs in beside it.
    assert login["at"] >= until.timestamp()


def test_another_workers_fresh_token_is_used(mirrored: World) -> None:
    words = {"username": LOGIN["OPENSOLAR_USERNAME"], "password": LOGIN["OPENSOLAR_PASSWORD"]}
    row = connection()
    want(row, "system_details", [("400001", None)], Rank.OPEN)
    with Gate(row) as gate:
        mirrored.expire_tokens()
        token = requests.post(f"{mirrored.base_url}/api-token-auth/", json=words, timeout=5).json()["token"]
        Connection.objects.update(credentials={**row.credentials, "token": token})
        mirrored.log(clear=True)
        drain(gate)
    assert [call["status"] for call in mirrored.log()] == [401, 200]
    assert not PendingFetch.objects.exists()
    assert connection().credentials["token"] == token
