"""What an event leads to: a record asked for once, and nothing at all where there is no news."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import requests
import time_machine
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Connection, Cursor, InboxEvent, PendingFetch
from portal.registry import registry
from portal.sync.reported import Report
from projects.models import Contact, Event, Project, System
from tests.portal.sync.evidence import calls
from tests.portal.webhooks.conftest import Reported, a_contact, a_project, envelope
from tests.world import API, open_problems

UNSEEN = 987_654


def title(number: int) -> str:
    return a_project(opensolar_id=number).title


def whole(reported: Reported, number: int) -> dict[str, Any]:
    """The project as OpenSolar has it now."""
    login = {"username": "marie.curie@example.com", "password": "sunny-roofs-demo"}
    token = requests.post(f"{reported.world.base_url}/api-token-auth/", json=login, timeout=5).json()["token"]
    address = f"{reported.world.base_url}/api/orgs/1/projects/{number}/"
    record: dict[str, Any] = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=5).json()
    reported.world.log(clear=True)
    return record


def test_a_change_is_shown_after_one_request(reported: Reported) -> None:
    number = a_project().opensolar_id
    reported.world.change("projects", number, title="Changed at OpenSolar")
    reported.deliver(envelope("Project", number, fields={"id": number, "systems": whole(reported, number)["systems"]}))
    assert title(number) == "Changed at OpenSolar"
    asked = [call["path"] for call in reported.world.log() if "/user_logins/" not in call["path"]]
    assert asked == [f"{API}/projects/{number}/"]
    (event,) = reported.events()
    assert (event.state, event.model, event.vendor_id, event.verb) == ("done", "Project", str(number), "UPDATE")
    assert reported.row.last_arrival_at == event.received_at


def test_a_burst_of_a_thousand_asks_for_each_record_once(reported: Reported) -> None:
    with scopes_disabled():
        numbers = list(Project.objects.values_list("opensolar_id", flat=True))
    for number in numbers:
        reported.world.change("projects", number, title=f"Changed {number}")
    reported.world.log(clear=True)
    events = [envelope("Project", number) for number in numbers * 100]
    random.Random(1).shuffle(events)
    reported.deliver(*events)
    assert len(events) == 1000
    assert reported.states() == ["done"] * 1000
    assert {title(number) for number in numbers} == {f"Changed {number}" for number in numbers}
    assert all(reported.asked("projects", number) == 1 for number in numbers)
    assert len(calls(reported.world, f"{API}/systems/")) == len(numbers)


def test_the_same_event_twice_is_followed_once(reported: Reported) -> None:
    event = envelope("Project", a_project().opensolar_id)
    reported.deliver(event)
    before = len(reported.world.log())
    reported.deliver(event, event)
    assert reported.states() == ["done", "duplicate", "duplicate"]
    assert len(reported.world.log()) == before


def test_replayed_much_later_it_changes_nothing(reported: Reported) -> None:
    number = a_project().opensolar_id
    event = envelope("Project", number)
    reported.deliver(event)
    with scopes_disabled():
        InboxEvent.objects.all().delete()
    with time_machine.travel(timezone.now() + timedelta(days=100)):
        reported.world.change("projects", number, title="Later")
        reported.world.sync("--full")
        reported.world.log(clear=True)
        reported.deliver(event)
        assert len(calls(reported.world, f"{API}/projects/{number}/")) == 1
        assert title(number) == "Later"


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "CREATE"])
def test_of_an_ancient_one_the_time_is_not_believed(reported: Reported, verb: str) -> None:
    """It is a hint like any other: the record is read again, and what the event carries is not taken."""
    number = a_project().opensolar_id
    reported.world.change("projects", number, title="As it is now")
    record = (
        None if verb == "DELETE" else whole(reported, number) | {"title": "Long ago", "modified_date": "2001-01-01"}
    )
    reported.deliver(envelope("Project", number, verb, timestamp="1000000000", fields=record))
    assert reported.states() == ["done"]
    assert reported.asked("projects", number) == 1
    assert a_project(opensolar_id=number).title == "As it is now"


DEEP = {"[deep]": "[" * 900 + "]" * 900, "{deep}": '{"url":' * 900 + "1" + "}" * 900}


@pytest.mark.parametrize(
    "odd",
    [
        {"timestamp": "253402299999"},
        {"timestamp": "9999-12-31T23:59:59Z"},
        {"timestamp": "0001-01-01T00:00:00+14:00"},
        {"more": "[deep]"},
        {"model_id": "{deep}"},
        {"fields": {"id": 1, "systems": [{"id": 2, "modules": "[deep]"}]}},
    ],
    ids=["far", "end of time", "before time", "deep", "deep number", "deep fields"],
)
def test_an_odd_one_stands_in_nobodys_way(reported: Reported, odd: dict[str, str]) -> None:
    number = a_project().opensolar_id
    body = json.dumps(envelope("Project", number) | odd)
    for word, nested in DEEP.items():
        body = body.replace(f'"{word}"', nested)
    assert reported.post(body.encode()) == 200
    reported.world.change("projects", number, title="After it")
    reported.deliver(envelope("Project", number))
    assert reported.states()[1] == "done"
    assert "new" not in reported.states()
    assert title(number) == "After it"


def test_what_nobody_could_think_of_costs_that_event_alone(
    reported: Reported, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    source = registry.source("opensolar")
    assert source.hooks is not None
    follow, odd, number = source.hooks.follow, a_contact().opensolar_id, a_project().opensolar_id

    def fails_at_one(found: Connection, reports: Sequence[Report]) -> None:
        assert not any(report.vendor_id == str(odd) for report in reports)
        follow(found, reports)

    monkeypatch.setitem(
        registry.sources, "opensolar", replace(source, hooks=replace(source.hooks, follow=fails_at_one))
    )
    reported.world.change("projects", number, title="Followed")
    told = envelope("Contact", odd)
    reported.deliver(told, envelope("Project", number))
    assert reported.states() == ["unreadable", "done"]
    assert "The next listing brings" in reported.events()[0].message
    assert reported.events()[0].digest == sha256(json.dumps(told).encode()).hexdigest()
    assert title(number) == "Followed"
    assert "cannot be followed" in caplog.text


def test_late_and_read_since_it_brings_nothing(reported: Reported) -> None:
    number, an_hour_ago = a_project().opensolar_id, int(time.time()) - 3600
    reported.deliver(envelope("Project", number, timestamp=str(an_hour_ago)))
    assert reported.states() == ["old"]
    assert reported.world.log() == []


def test_in_the_wrong_order_the_end_is_the_same(reported: Reported) -> None:
    number, now = a_project().opensolar_id, int(time.time())
    reported.world.change("projects", number, title="Second")
    first = envelope("Project", number, timestamp=str(now - 20), fields={"title": "First"})
    second = envelope("Project", number, timestamp=str(now - 10), fields={"title": "Second"})
    reported.deliver(second, first)
    reported.deliver(envelope("Project", number, "CREATE", timestamp=str(now - 30), fields={"title": "Zeroth"}))
    assert title(number) == "Second"


def test_partial_fields_blank_nothing(reported: Reported) -> None:
    project = a_project()
    reported.world.fault("status", path=f"{API}/projects/.*", status=503, times=None)
    reported.deliver(envelope("Project", project.opensolar_id, fields={"id": project.opensolar_id, "title": "Cut"}))
    assert title(project.opensolar_id) == project.title
    with scopes_disabled():
        assert PendingFetch.objects.filter(vendor_id=str(project.opensolar_id)).exists()


def test_whole_and_newer_is_taken_without_asking(reported: Reported) -> None:
    number = a_project().opensolar_id
    reported.world.change("projects", number, title="Whole")
    reported.deliver(envelope("Project", number, fields=whole(reported, number)))
    assert title(number) == "Whole"
    assert reported.asked("projects", number) == 0


@pytest.mark.parametrize("change", [{"modified_date": "2020-01-01T00:00:00Z"}, {"modified_date": None}])
def test_whole_but_not_newer_is_asked_for(reported: Reported, change: dict[str, Any]) -> None:
    number = a_project().opensolar_id
    before = title(number)
    record = whole(reported, number) | {"title": "Old"} | change
    reported.deliver(envelope("Project", number, fields=record))
    assert title(number) == before
    assert reported.asked("projects", number) == 1


def test_a_body_that_lacks_what_we_keep_is_asked_for(reported: Reported) -> None:
    number = a_project().opensolar_id
    reported.world.change("projects", number, title="Newer")
    record = whole(reported, number)
    del record["notes"]
    reported.deliver(envelope("Project", number, fields=record | {"title": "Cut"}))
    assert (title(number), reported.asked("projects", number)) == ("Newer", 1)


def test_a_deletion_is_proven_at_its_own_address(reported: Reported) -> None:
    number = a_project().opensolar_id
    reported.world.delete("projects", number)
    reported.deliver(envelope("Project", number, "DELETE"))
    with scopes_disabled():
        assert Project.objects.get(opensolar_id=number).removed_at
    assert reported.asked("projects", number) == 1


def test_a_deletion_that_is_not_true_removes_nothing(reported: Reported) -> None:
    number = a_project().opensolar_id
    reported.world.change("projects", number, title="Alive")
    reported.deliver(envelope("Project", number, "DELETE"))
    assert title(number) == "Alive"


def test_a_deletion_while_the_vendor_fails_waits_for_its_proof(reported: Reported) -> None:
    number = a_contact().opensolar_id
    reported.world.delete("contacts", number)
    reported.world.fault("status", path=f"{API}/contacts/.*", status=503, times=None)
    reported.deliver(envelope("Contact", number, "DELETE"))
    assert a_contact().removed_at is None
    reported.world.heal()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        reported.deliver(envelope("Project", UNSEEN))
        assert a_contact().removed_at is not None


def test_many_deletions_at_once_wait_for_a_person(reported: Reported) -> None:
    from tests.factories import make_contact
    from tests.world import connection

    numbers = [make_contact(connection()).opensolar_id for _ in range(22)]
    reported.deliver(*(envelope("Contact", number, "DELETE") for number in numbers))
    with scopes_disabled():
        assert not Contact.objects.exclude(removed_at=None).exists()
        assert not PendingFetch.objects.exists()
        assert Cursor.objects.get(resource="contacts").next_due_at <= timezone.now()
    reported.world.sync()
    assert [problem.what for problem in open_problems()] == ["removals"]


def test_a_contact_is_asked_for(reported: Reported) -> None:
    number = a_contact().opensolar_id
    reported.world.change("contacts", number, phone="0491 570 999")
    fields = {"id": number, "url": f"/api/orgs/1/contacts/{number}/", "phone": "from the event"}
    reported.deliver(envelope("Contact", number, fields=fields))
    assert a_contact().phone == "0491 570 999"
    assert reported.asked("contacts", number) == 1


def test_a_systems_change_brings_the_system(reported: Reported) -> None:
    with scopes_disabled():
        system = System.objects.order_by("opensolar_id")[0]
    reported.world.change("systems", system.opensolar_id, price_including_tax=12345.0)
    project = int(system.project_ref or 0)
    reported.deliver(
        envelope("Project", project, fields={"id": project, "systems": whole(reported, project)["systems"]})
    )
    with scopes_disabled():
        assert System.objects.get(pk=system.pk).price_including_tax == 12345
    (call,) = calls(reported.world, f"{API}/systems/")
    assert call["query"] == {"fieldset": "list", "project": str(project)}


def test_an_event_brings_its_project(reported: Reported) -> None:
    number = a_project().opensolar_id
    fields = {"id": 5, "project": f"/api/orgs/1/projects/{number}/", "event_type_id": 29}
    reported.deliver(envelope("Event", 5, fields=fields))
    assert reported.asked("projects", number) == 1


def test_an_event_that_names_no_project_brings_that_of_ours(reported: Reported) -> None:
    number = a_project().opensolar_id
    reported.world.change("projects", number, events_data=[{"id": 5, "title": "Call", "event_type_id": 31}])
    reported.deliver(envelope("Project", number))
    reported.world.change("projects", number, events_data=[])
    reported.world.log(clear=True)
    reported.deliver(envelope("Event", 5, "DELETE"))
    assert reported.asked("projects", number) == 1
    with scopes_disabled():
        assert Event.objects.get(opensolar_id=5).removed_at is not None


def test_a_project_never_seen_is_fetched(reported: Reported) -> None:
    reported.world.add("projects", {"id": UNSEEN, "title": "New here"})
    reported.deliver(envelope("Project", UNSEEN, "CREATE"))
    assert title(UNSEEN) == "New here"


def test_records_that_do_not_exist_are_harmless(reported: Reported) -> None:
    for model in ("Project", "Contact"):
        for verb in ("CREATE", "UPDATE", "DELETE"):
            reported.deliver(envelope(model, UNSEEN, verb))
    assert set(reported.states()) == {"done"}
    assert open_problems() == []
    with scopes_disabled():
        assert not PendingFetch.objects.exists()
        assert not Project.objects.filter(opensolar_id=UNSEEN).exists()


def test_a_model_that_nobody_knows_is_noted(reported: Reported) -> None:
    reported.deliver(envelope("Quote", 5), envelope("Event", 6, "DELETE"))
    assert reported.states() == ["unknown", "done"]
    assert reported.events()[0].message == "The portal has no use for Quote events."
    assert reported.world.log() == []


def test_secrets_are_taken_out_of_what_is_kept(reported: Reported) -> None:
    number = a_project().opensolar_id
    fields = {"id": number, "share_link": "https://s.example/1", "contacts_data": [{"passport_number": "P1", "id": 2}]}
    reported.deliver(envelope("Project", number, fields=fields))
    (event,) = reported.events()
    kept = json.loads(bytes(event.body))
    assert kept["fields"] == {"id": number, "contacts_data": [{"id": 2}]}
    assert len(event.digest) == 64


def test_a_stopped_connection_keeps_what_arrives_and_asks_for_nothing(reported: Reported) -> None:
    from portal.models import Connection

    with scopes_disabled():
        Connection.objects.update(state="paused")
    reported.deliver(envelope("Project", a_project().opensolar_id))
    assert reported.states() == ["done"]
    assert reported.world.log() == []
    with scopes_disabled():
        assert PendingFetch.objects.exists()
