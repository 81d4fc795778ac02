"""Where lists end, repeat and shift: nothing is lost, and nothing is removed by mistake."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from portal.models import Connection, RunState
from projects.models import Contact, Project, Role, System
from tests.portal.sync.evidence import calls, pages_asked
from tests.world import API, World, connection, last_run, open_problems

pytestmark = pytest.mark.usefixtures("unscoped", "lists_only")


def page_of(world: World, resource: str, number: int, size: int) -> Any:
    """A page as the vendor would give it."""
    headers = {"Authorization": f"Bearer {connection().credentials['token']}"}
    query = {"page": number, "limit": size}
    return requests.get(f"{world.base_url}/api/orgs/1/{resource}/", query, headers=headers, timeout=5).json()


@contextmanager
def meanwhile(world: World, resource: str, page: int, act: Callable[[], object]) -> Iterator[None]:
    """Somebody acts at the vendor after the page before this one was given and before this one is put together."""

    def wait_and_act() -> None:
        while not [n for n in pages_asked(world, resource) if n == page - 1]:
            time.sleep(0.005)
        act()
        world.heal()

    thread = threading.Thread(target=wait_and_act)
    # The page is refused until the change is made: the client asks again and again, as it does with a busy vendor.
    refusal = {"status": 429, "retry_after": 0.25, "times": None}
    world.fault("status", path=f"{API}/{resource}/", query={"page": str(page)}, **refusal)
    thread.start()
    try:
        yield
    finally:
        thread.join(timeout=5)
    assert not thread.is_alive()


@pytest.mark.parametrize("past_end", ["empty", "404", "500"])
def test_every_documented_end(connected: World, past_end: str) -> None:
    connected.settings(past_end=past_end)
    Connection.objects.update(page_size=15)
    for _ in range(2):
        outcome = connected.sync()
        assert (outcome.code, outcome.err) == (0, "")
    assert outcome.counts["projects"]["unchanged"] == 40
    assert Project.objects.filter(removed_at=None).count() == 40


@pytest.mark.parametrize("past_end", ["empty", "404"])
def test_a_list_that_ends_with_a_full_page(connected: World, past_end: str) -> None:
    connected.settings(past_end=past_end)
    Connection.objects.update(page_size=20)
    connected.sync()
    assert Project.objects.count() == 40
    assert last_run().counts["projects"]["failed"] == 0


def test_a_vendor_that_gives_fewer_rows_than_asked_for(connected: World) -> None:
    connected.settings(max_limit=7)
    outcome = connected.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert (Project.objects.count(), Contact.objects.count()) == (40, outcome.counts["contacts"]["created"])


def test_roles_in_pages(connected: World) -> None:
    connected.settings(paged_roles=True, default_limit=10)
    assert connected.sync().code == 0
    assert Role.objects.count() == 13


def test_a_page_that_repeats_stops_that_list(connected: World) -> None:
    Connection.objects.update(page_size=10, requests_at_once=1)
    connected.sync()
    first = page_of(connected, "projects", 1, 10)
    connected.fault("body", path=f"{API}/projects/", query={"page": "2"}, body=first, times=None)
    outcome = connected.sync()
    assert outcome.code == 1
    assert "the same page twice" in outcome.err
    assert last_run().state == RunState.PARTIAL
    assert outcome.counts["projects"]["removed"] == 0
    assert Project.objects.filter(removed_at=None).count() == 40
    connected.heal()
    assert connected.sync().code == 0


def test_a_record_given_twice_on_a_page_counts_once(mirrored: World) -> None:
    rows = page_of(mirrored, "projects", 1, 100)
    twice = [*rows, {**rows[0], "title": "The later one", "modified_date": "2027-01-01T00:00:00Z"}]
    mirrored.fault("body", path=f"{API}/projects/", query={"page": "1"}, body=twice)
    outcome = mirrored.sync()
    assert outcome.code == 0
    counts = outcome.counts["projects"]
    assert (counts["fetched"], counts["updated"], counts["unchanged"]) == (11, 1, 9)
    assert Project.objects.get(opensolar_id=rows[0]["id"]).title == "The later one"


def test_rows_that_move_down_while_paging(connected: World) -> None:
    Connection.objects.update(page_size=10, requests_at_once=1)
    connected.sync()
    connected.log(clear=True)
    with meanwhile(connected, "projects", 2, lambda: connected.add("projects", {"title": "Newest"}, "first")):
        outcome = connected.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.counts["projects"]["fetched"] == 41
    assert outcome.counts["projects"]["removed"] == 0
    connected.sync()
    assert Project.objects.filter(removed_at=None).count() == 41
    assert Project.objects.filter(title="Newest").exists()


def test_rows_that_move_up_while_paging(connected: World) -> None:
    Connection.objects.update(page_size=10, requests_at_once=1)
    connected.sync()
    connected.change("projects", 400_011, title="Slipped through")
    connected.log(clear=True)
    with meanwhile(connected, "projects", 2, lambda: connected.delete("projects", 400_001)):
        outcome = connected.sync()
    assert (outcome.code, outcome.err) == (0, "")
    # The eleventh moved to a page that had been read: looked up at its own address, it is taken in.
    assert len(calls(connected, f"{API}/projects/400011/")) == 1
    assert Project.objects.get(opensolar_id=400_011).title == "Slipped through"
    # The first was still listed when its page was given; the next sync finds it gone.
    connected.sync()
    assert list(Project.objects.exclude(removed_at=None).values_list("opensolar_id", flat=True)) == [400_001]


@pytest.mark.parametrize("body", [None, [], {"results": None}, {"results": []}])
def test_an_empty_answer_removes_nothing(mirrored: World, body: Any) -> None:
    before = {model: model.objects.count() for model in (Role, Contact, Project, System)}
    for resource in ("roles", "contacts", "projects", "systems"):
        mirrored.fault("body", path=f"{API}/{resource}/", body=body)
    mirrored.sync()
    for model, number in before.items():
        assert model.objects.filter(removed_at=None, withheld_at=None).count() == number
    assert mirrored.sync().code == 0
    assert open_problems() == []


def test_a_change_followed_by_deletion_and_return_is_shown_as_it_was(mirrored: World) -> None:
    """The vendor's date goes back when it restores an older state; what is listed is there all the same."""
    before = Project.objects.get(opensolar_id=400_004)
    mirrored.change("projects", 400_004, title="Changed in between")
    mirrored.sync()
    mirrored.delete("projects", 400_004)
    mirrored.sync()
    assert Project.objects.get(opensolar_id=400_004).removed_at is not None
    mirrored.restore("projects", 400_004)
    assert mirrored.sync().code == 0
    after = Project.objects.get(opensolar_id=400_004)
    assert (after.removed_at, after.title, after.modified_date) == (None, before.title, before.modified_date)
