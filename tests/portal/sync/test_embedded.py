"""Events and files arrive inside their projects, without a request of their own, and go as they came."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from django_scopes import scopes_disabled

from portal.models import Change, Payload
from portal.sync.gate import Gate
from portal.sync.pending import want
from projects.models import Event, PrivateFile, Project
from tests.portal.sync.evidence import calls
from tests.world import API, World, connection, open_problems

pytestmark = pytest.mark.usefixtures("unscoped")
NUMBER = 400_003
VISIT = {
    "id": 71,
    "event_type_id": 28,
    "title": "Visit",
    "notes": "Bring the ladder",
    "start": "2026-11-19 01:00:00.5+00:00",
    "end": None,
    "duration": 0,
    "is_complete": True,
    "is_archived": False,
    "task_status": 0,
    "action_id": 8,
    "project_id": NUMBER,
    "who": {"display": "Lise Meitner", "email": "lise@example.com", "portrait_image_public_url": None},
    "modified_date": "2026-11-19T01:00:00.000000Z",
}
SKETCH = {
    "id": 81,
    "title": "sketch.pdf",
    "filesize": 219730,
    "file_tags_data": [{"title": "Sales Proposal - Extra File", "id": 3}, {"title": None}, 7],
    "status": "created",
    "modified_date": "2026-11-19T01:00:00.000000Z",
}


def hold(world: World, number: int = NUMBER, **keys: Any) -> None:
    """Somebody changes what a project holds, and the portal hears of it."""
    world.change("projects", number, **keys)
    outcome = world.sync()
    assert outcome.code == 0, outcome.err


def test_the_first_sync_brings_what_the_projects_hold_and_asks_for_nothing_more(hamlet: World) -> None:
    hamlet.connect()
    hamlet.change("projects", NUMBER, events_data=[VISIT], private_files_data=[SKETCH])
    outcome = hamlet.sync()
    assert not {"events", "private_files"} & set(outcome.counts)
    asked = {call["path"].split("/")[5] for call in hamlet.log() if "/orgs/1/" in call["path"]}
    assert {"projects", "systems"} <= asked
    assert not {"events", "private_files"} & asked
    event = Event.objects.select_related("project").get(opensolar_id=71)
    assert (event.event_type_id, event.title, event.who, event.action_ref) == (28, "Visit", "Lise Meitner", 8)
    assert str(event.start) == "2026-11-19 01:00:00.500000+00:00"
    assert event.project.opensolar_id == NUMBER
    file = PrivateFile.objects.select_related("project").get(opensolar_id=81)
    assert (file.filesize, file.tags, file.tells_prices) == (219730, ["Sales Proposal - Extra File"], True)
    assert file.project.opensolar_id == NUMBER
    assert not Change.objects.filter(resource__in=["events", "files"]).exists()


def test_links_of_files_are_kept_nowhere_and_are_no_change(hamlet: World) -> None:
    """Every answer of the vendor holds other links; an unchanged project is written once all the same."""
    hamlet.connect()
    hamlet.change("projects", NUMBER, private_files_data=[SKETCH])
    hamlet.sync()
    listed = requests.get(f"{hamlet.base_url}/api/orgs/1/projects/", timeout=5, headers=_login())
    assert "Signature=" in listed.text
    assert not Payload.objects.filter(body__contains="Signature=").exists()
    assert not Payload.objects.filter(body__contains="file_contents").exists()
    Project.objects.update(synced_at="2020-01-01T00:00Z")
    hamlet.change("projects", NUMBER + 1, title="Another")
    outcome = hamlet.sync()
    assert (outcome.counts["projects"]["updated"], outcome.counts["projects"]["unchanged"]) == (1, 9)
    assert Project.objects.get(opensolar_id=NUMBER).synced_at.year == 2020


def _login() -> dict[str, str]:
    return {"Authorization": f"Bearer {connection().credentials['token']}"}


def test_changes_are_written_into_the_history(mirrored: World) -> None:
    hold(mirrored, events_data=[VISIT], private_files_data=[SKETCH])
    changed = {**VISIT, "title": "Second visit", "modified_date": "2026-11-19T02:00:00.000000Z"}
    hold(mirrored, events_data=[changed])
    assert Event.objects.get(opensolar_id=71).title == "Second visit"
    (change,) = Change.objects.filter(resource="events", vendor_id="71")
    assert (change.vendor_id, change.field, change.before, change.after) == ("71", "title", '"Visit"', '"Second visit"')


def test_what_vanished_from_its_project_is_removed_and_may_come_back(mirrored: World) -> None:
    hold(mirrored, events_data=[VISIT, {**VISIT, "id": 72}], private_files_data=[SKETCH])
    hold(mirrored, events_data=[VISIT], private_files_data=[])
    assert Event.objects.get(opensolar_id=71).removed_at is None
    assert Event.objects.get(opensolar_id=72).removed_at is not None
    assert PrivateFile.objects.get(opensolar_id=81).removed_at is not None
    said = Change.objects.filter(field="").values_list("resource", "vendor_id", "after")
    assert {("events", "72", '"removed"'), ("files", "81", '"removed"')} <= set(said)
    hold(mirrored, private_files_data=[SKETCH])
    assert PrivateFile.objects.get(opensolar_id=81).removed_at is None


def test_a_row_that_says_nothing_of_them_removes_nothing(mirrored: World) -> None:
    hold(mirrored, events_data=[VISIT], private_files_data=[SKETCH])
    hold(mirrored, events_data=None, private_files_data=None)
    hold(mirrored, events_data="none", private_files_data={})
    mirrored.settings(whole_lists=False)
    mirrored.fault("status", path=f"{API}/projects/{NUMBER}/", status=403, times=None)
    mirrored.change("projects", NUMBER, title="Short")
    mirrored.sync()
    assert Event.objects.get(opensolar_id=71).removed_at is None
    assert PrivateFile.objects.get(opensolar_id=81).removed_at is None


def test_one_that_moved_to_another_project_goes_along(mirrored: World) -> None:
    hold(mirrored, private_files_data=[SKETCH])
    mirrored.change("projects", NUMBER, private_files_data=[])
    hold(mirrored, NUMBER + 1, private_files_data=[{**SKETCH, "title": "moved.pdf"}])
    file = PrivateFile.objects.get(opensolar_id=81)
    assert (file.project_ref, file.removed_at, file.title) == (NUMBER + 1, None, "moved.pdf")


def test_one_bad_row_stops_no_other(mirrored: World) -> None:
    rows = [
        {**VISIT, "start": "the day after tomorrow"},
        {**VISIT, "id": "<event_id>"},
        None,
        7,
        {**VISIT, "id": 73, "event_type_id": 998, "who": "me", "surprise": {"a": 1}},
        {**VISIT, "id": 74, "title": "Numbered", "notes": 5},
    ]
    mirrored.change("projects", NUMBER, events_data=rows)
    mirrored.sync()
    events = {event.opensolar_id: event for event in Event.objects.filter(project_ref=NUMBER, removed_at=None)}
    assert set(events) == {73, 74}
    assert (events[73].event_type_id, events[73].who) == (998, "")
    assert (events[74].title, events[74].notes) == ("Numbered", "5")
    problems = {problem.vendor_id: problem.reason for problem in open_problems() if problem.resource == "events"}
    assert "start is not a time" in problems["71"]
    assert len(problems) >= 2
    hold(mirrored, events_data=[VISIT])
    assert "71" not in {problem.vendor_id for problem in open_problems()}


def test_an_account_mirrored_before_gets_them_without_a_change_at_the_vendor(mirrored: World) -> None:
    """What was read by an earlier version of the portal is read again, and that is no news."""
    hold(mirrored, events_data=[VISIT])
    Event.objects.all().delete()
    Payload.objects.filter(resource="events").delete()
    Payload.objects.filter(resource="projects").update(digest=b"of-earlier-times")
    Change.objects.all().delete()
    assert mirrored.sync().code == 0
    assert Event.objects.filter(opensolar_id=71).exists()


def test_single_ones_can_be_asked_for(mirrored: World) -> None:
    hold(mirrored, events_data=[VISIT], private_files_data=[SKETCH])
    Event.objects.update(title="tampered")
    Payload.objects.filter(resource="events").delete()
    mirrored.log(clear=True)
    want(connection(), "event_details", [("71", None)], 0)
    want(connection(), "file_details", [("81", None)], 0)
    assert mirrored.sync().code == 0
    assert len(calls(mirrored, f"{API}/events/71/")) == 1
    assert len(calls(mirrored, f"{API}/private_files/81/")) == 1
    assert Event.objects.get(opensolar_id=71).title == "Visit"
    with scopes_disabled():
        assert not Payload.objects.filter(resource="files", body__contains="file_contents").exists()


def test_every_part_brings_a_known_resource(mirrored: World) -> None:
    with Gate(connection()) as gate:
        for part in gate.source.parts:
            assert gate.source.resource(part.resource)
