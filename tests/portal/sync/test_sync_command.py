"""`manage.py sync` for scripts and people: exit codes, JSON alone on stdout, sentences on stderr."""

from __future__ import annotations

import json

import pytest

from portal.models import Connection, Organisation
from portal.sync.lease import acquire
from projects.models import Project
from tests.world import API, World, command, connection, last_run

pytestmark = pytest.mark.usefixtures("unscoped")
NAMES = ["fetched", "created", "updated", "unchanged", "removed", "failed", "deferred"]


def test_json_is_what_the_contract_says(hamlet: World) -> None:
    hamlet.connect()
    hamlet.log(clear=True)
    outcome = hamlet.sync()
    report = json.loads(outcome.out)
    assert list(report) == ["opensolar"]
    figures = report["opensolar"]
    assert sorted(figures) == ["requests", "resources", "seconds"]
    assert figures["requests"] == len(hamlet.log()) == last_run().requests
    assert isinstance(figures["seconds"], float)
    for counts in figures["resources"].values():
        assert list(counts) == NAMES
        assert all(isinstance(number, int) for number in counts.values())
        assert counts["fetched"] == counts["created"] + counts["updated"] + counts["unchanged"] + counts["failed"]
    assert outcome.err == ""


def test_without_json_it_speaks(hamlet: World) -> None:
    hamlet.connect()
    outcome = command("sync", "sunny-roofs", "opensolar")
    assert outcome.code == 0
    assert "projects: 10 fetched, 10 created" in outcome.out
    assert "opensolar:" in outcome.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody",), "There is no organisation nobody"),
        (("sunny-roofs", "solaredge"), "solaredge is no vendor; choose from"),
        (("empty",), "empty is not connected to any vendor"),
        (("empty", "opensolar"), "empty is not connected to opensolar"),
    ],
)
def test_usage_errors_exit_2(mirrored: World, words: tuple[str, ...], sentence: str) -> None:
    Organisation.objects.create(name="Empty", slug="empty")
    outcome = command("sync", *words, "--json")
    assert (outcome.code, outcome.out) == (2, "")
    assert sentence in outcome.err
    assert mirrored.log() == []


def test_a_failure_still_prints_its_json(mirrored: World) -> None:
    mirrored.fault("html", path=f"{API}/contacts/", times=None)
    outcome = mirrored.sync()
    assert outcome.code == 1
    assert outcome.counts["contacts"]["failed"] == 1
    assert "web page" in outcome.err
    assert "web page" not in outcome.out


def test_a_run_under_way_is_waited_for_and_then_told_of(mirrored: World) -> None:
    held = acquire(connection())
    outcome = mirrored.sync("--wait", "0")
    assert outcome.code == 1
    assert "still running" in outcome.err
    assert json.loads(outcome.out) == {"opensolar": {"resources": {}, "requests": 0, "seconds": 0.0}}
    assert mirrored.log() == []
    held.release()
    assert mirrored.sync("--wait", "0").code == 0


def test_one_account_that_fails_or_is_busy_does_not_stop_the_others(hamlet: World) -> None:
    both = {"OPENSOLAR_USERNAME": "ada.lovelace@example.com", "OPENSOLAR_PASSWORD": "both-roofs-demo"}
    assert hamlet.connect(**both).code == 0
    assert hamlet.connect(account="2", **both).code == 0
    first, second = Connection.objects.order_by("account_id")
    held = acquire(first)
    outcome = hamlet.sync("--wait", "0")
    assert outcome.code == 1
    assert "opensolar 1 is still running" in outcome.err
    assert outcome.counts["projects"]["created"] == Project.objects.filter(connection=second).count() > 0
    held.release()
    hamlet.fault("html", path="/opensolar/api/orgs/1/.*", times=None)
    outcome = hamlet.sync()
    assert outcome.code == 1
    assert outcome.err.startswith("opensolar 1: ")
    assert outcome.counts["projects"]["unchanged"] > 0
    hamlet.heal()
    assert hamlet.sync().code == 0
    assert Project.objects.filter(connection=first).count() == 10


def test_two_accounts_add_up(hamlet: World) -> None:
    both = {"OPENSOLAR_USERNAME": "ada.lovelace@example.com", "OPENSOLAR_PASSWORD": "both-roofs-demo"}
    hamlet.connect(**both)
    hamlet.connect(account="2", **both)
    outcome = command("sync", "sunny-roofs", "opensolar", "--json")
    assert outcome.counts["projects"]["created"] == Project.objects.count() == 13
    assert outcome.counts["roles"]["created"] == 18
