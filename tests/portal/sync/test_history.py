"""What changed at the vendor is written down once, with before and after; what only we learnt is not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.db import connection as database

from portal.models import Change, ChangeSource, Connection, Organisation, Payload
from portal.registry import ChangeListener, registry
from portal.services.syncing import run_now
from portal.sync.upsert import mark_gone, upsert
from projects.models import Project, System
from tests.conftest import Company
from tests.portal.sync.test_races import Killed, at_page, die
from tests.world import World, connection, open_problems

pytestmark = pytest.mark.usefixtures("unscoped")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NUMBER = 400_005
SOURCE = registry.source("opensolar")

News = tuple[str, str, str, Any, Any]


def news(**which: Any) -> list[News]:
    """The history, oldest first: kind, id, field, before and after."""
    rows = Change.objects.filter(**which).order_by("pk")
    return [(row.resource, row.vendor_id, row.field, json.loads(row.before), json.loads(row.after)) for row in rows]


def event(what: str, number: int = NUMBER, resource: str = "projects") -> News:
    return (resource, str(number), "", None, what)


def arrives(company: Company, resource: str, record: Any, after: float = 0, shape: str | None = None) -> None:
    """An answer to a request sent so many seconds after noon."""
    sent = NOON + timedelta(seconds=after)
    upsert(company.connection, SOURCE.resource(resource), [record], requested_at=sent, shape=shape)


@pytest.fixture
def listeners() -> Iterator[list[ChangeListener]]:
    """Who is told of changes; those of this test are gone after it."""
    before = [*registry.changes]
    yield registry.changes
    registry.changes[:] = before


@pytest.mark.parametrize("whole", [True, False], ids=["whole lists", "short lists"])
def test_a_first_sync_is_no_news(connected: World, whole: bool) -> None:
    connected.settings(whole_lists=whole)
    assert connected.sync().code == 0
    assert Project.objects.exclude(identifier="").count() == 40
    assert System.objects.exclude(module_groups=[]).exists()
    assert news() == []
    connected.sync()
    assert news() == []


def test_each_field_that_changed_has_a_row(mirrored: World) -> None:
    old = Project.objects.get(opensolar_id=NUMBER)
    mirrored.change("projects", NUMBER, title="Solvay roof", stage=3, locality=None)
    assert mirrored.sync().code == 0
    project = Project.objects.get(opensolar_id=NUMBER)
    expected = {"title": (old.title, "Solvay roof"), "stage": (old.stage, 3), "locality": (old.locality, "")}
    if old.is_sold != project.is_sold:
        expected["is_sold"] = (old.is_sold, project.is_sold)
    assert {field: (before, after) for _, _, field, before, after in news()} == expected
    row = Change.objects.get(field="title")
    assert (row.organisation, row.connection, row.source) == (project.organisation, connection(), ChangeSource.VENDOR)
    assert (row.vendor_at, row.actor) == (project.modified_date, None)
    assert row.at >= project.requested_at
    mirrored.sync()
    mirrored.sync("--full")
    assert len(news()) == len(expected)


def test_prices_keep_all_their_digits(mirrored: World) -> None:
    system = System.objects.order_by("opensolar_id")[0]
    mirrored.change("systems", system.opensolar_id, price_including_tax=123456.70, kw_stc="6.5")
    mirrored.sync()
    amounts = {row.field: row.after for row in Change.objects.filter(resource="systems")}
    assert (amounts["price_including_tax"], amounts["kw_stc"]) == ("123456.70", "6.500")


def test_what_we_do_not_mirror_is_no_news(mirrored: World) -> None:
    mirrored.change("projects", NUMBER, custom={"colour": "amber"})
    assert mirrored.sync().counts["projects"]["updated"] == 1
    assert news() == []


def test_reading_the_same_record_again_is_no_news(mirrored: World) -> None:
    Project.objects.filter(opensolar_id=NUMBER).update(title="tampered")
    assert mirrored.sync("--full").counts["projects"]["updated"] == 10
    assert Project.objects.get(opensolar_id=NUMBER).title != "tampered"
    assert news() == []


def test_a_new_mapping_is_no_news_but_a_change_met_with_it_is(sunny: Company) -> None:
    contacts = SOURCE.resource("contacts")
    more = replace(contacts, mapping=contacts.mapping + 2)
    arrives(sunny, "contacts", {"id": 3, "display": "Hypatia"})
    arrives(sunny, "contacts", {"id": 4, "display": "Wu"})
    Project.objects.all().delete()
    contacts.model._default_manager.update(display="")
    records = [{"id": 3, "display": "Hypatia"}, {"id": 4, "display": "Chien-Shiung Wu"}]
    counts = upsert(sunny.connection, more, records, requested_at=NOON + timedelta(seconds=9))
    assert counts["updated"] == 2
    assert news() == [("contacts", "4", "display", "", "Chien-Shiung Wu")]


def test_an_older_state_that_comes_late_is_no_news(sunny: Company) -> None:
    arrives(sunny, "projects", {"id": 7, "title": "Now", "modified_date": "2026-11-20T11:00:00Z"})
    arrives(sunny, "projects", {"id": 7, "title": "Before", "modified_date": "2026-11-20T10:00:00Z"}, after=60)
    assert news() == []
    arrives(sunny, "projects", {"id": 7, "title": "Then", "modified_date": "2026-11-20T11:30:00Z"}, after=30)
    assert news() == [("projects", "7", "title", "Now", "Then")]


def test_what_comes_after_the_first_listing_is_new(mirrored: World) -> None:
    number = mirrored.add("projects", {"title": "Röntgen roof"})["id"]
    mirrored.sync()
    assert news() == [event("new", number)]
    mirrored.sync()
    assert news() == [event("new", number)]


def test_a_listing_that_was_stopped_is_still_the_first(hamlet: World) -> None:
    hamlet.connect()
    Connection.objects.update(page_size=3, requests_at_once=1)
    with pytest.raises(Killed):
        run_now(connection(), full=False, wait=0, listener=at_page("projects", 2, die))
    assert hamlet.sync().code == 0
    assert Project.objects.count() == 10
    assert news() == []


def test_a_stopped_run_tells_each_change_once(mirrored: World) -> None:
    Connection.objects.update(page_size=3, requests_at_once=1)
    for number in range(400_001, 400_011):
        mirrored.change("projects", number, title=f"Roof {number}")
    with pytest.raises(Killed):
        run_now(connection(), full=False, wait=0, listener=at_page("projects", 2, die))
    assert len(news(field="title")) == 6
    assert mirrored.sync().code == 0
    assert sorted(after for *_, after in news(field="title")) == [
        f"Roof {number}" for number in range(400_001, 400_011)
    ]


def test_gone_and_back(mirrored: World) -> None:
    mirrored.delete("projects", NUMBER)
    mirrored.sync()
    mirrored.sync()
    assert news(resource="projects") == [event("removed")]
    mirrored.restore("projects", NUMBER)
    mirrored.sync()
    mirrored.sync()
    assert news(resource="projects") == [event("removed"), event("back")]


def test_withheld_and_shown_again_with_another_name(mirrored: World) -> None:
    old = Project.objects.get(opensolar_id=NUMBER).title
    mirrored.forbid("projects", NUMBER)
    mirrored.sync()
    assert news(resource="projects") == [event("withheld")]
    mirrored.restore("projects", NUMBER)
    mirrored.change("projects", NUMBER, title="Renamed meanwhile")
    mirrored.sync()
    renamed = ("projects", str(NUMBER), "title", old, "Renamed meanwhile")
    assert news(resource="projects") == [event("withheld"), event("back"), renamed]


def test_who_is_gone_already_does_not_go_again(sunny: Company) -> None:
    arrives(sunny, "projects", {"id": 7, "title": "A"})
    for _ in range(2):
        mark_gone(sunny.connection, SOURCE.resource("projects"), 7, "removed_at")
    mark_gone(sunny.connection, SOURCE.resource("projects"), 8, "removed_at")
    assert news() == [event("removed", 7)]


def test_a_short_row_tells_only_what_it_carries(sunny: Company) -> None:
    full = {"id": 7, "title": "Full", "locality": "Ulm", "lat": 48.4, "assigned_role": "/roles/12/", "stage": 1}
    arrives(sunny, "projects", full, shape="detail")
    arrives(sunny, "projects", {"id": 7, "title": "Short", "stage": "1"}, after=10, shape="list")
    assert news() == [("projects", "7", "title", "Full", "Short")]
    # The same values in another form, and the details that the short row asked for.
    same = {**full, "title": "Short", "lat": "48.4", "assigned_role": 12, "locality": "Neu-Ulm"}
    arrives(sunny, "projects", same, after=20, shape="detail")
    assert news()[1:] == [("projects", "7", "locality", "Ulm", "Neu-Ulm")]


def test_details_that_come_for_the_first_time_are_learnt(sunny: Company) -> None:
    row = {"id": 5, "project": "/projects/7/", "kw_stc": 6.6}
    arrives(sunny, "systems", row)
    arrives(sunny, "systems", {"id": 5, "project": 7, "adders": [{"label": "Tilt"}]}, after=5, shape="details")
    assert news() == []
    again = {"id": 5, "project": 7, "adders": [{"label": "Tilt"}, {"label": "Storeys"}]}
    arrives(sunny, "systems", again, after=10, shape="details")
    tilt, storeys = {"label": "Tilt"}, {"label": "Storeys"}
    assert news() == [("systems", "5", "adders", [tilt], [tilt, storeys])]


def test_long_values_are_cut(sunny: Company) -> None:
    note = 'Höhe über "Grund". \\ ' * 9_000
    arrives(sunny, "projects", {"id": 7, "notes": "x" * 2_000})
    arrives(sunny, "projects", {"id": 7, "notes": note}, after=5)
    assert news() == [("projects", "7", "notes", "x" * 2_000, {"cut": note[:2_000]})]
    parts = [{"code": f"Panel {number}"} for number in range(500)]
    arrives(sunny, "systems", {"id": 5, "modules": [{"code": "A"}]})
    arrives(sunny, "systems", {"id": 5, "modules": parts}, after=5)
    *_, before, after = news(resource="systems")[0]
    assert (before, len(after["cut"]), after["cut"][:18]) == ([{"code": "A"}], 2_000, '[{"code":"Panel 0"')


def test_secrets_stay_out(sunny: Company) -> None:
    arrives(sunny, "systems", {"id": 5, "modules": [{"code": "A", "api_key": "amber-and-brass"}]})
    arrives(sunny, "systems", {"id": 5, "modules": [{"code": "B", "api_key": "amber-and-zinc"}]}, after=5)
    assert news() == [("systems", "5", "modules", [{"code": "A"}], [{"code": "B"}])]


def test_what_the_database_refuses_is_no_news(mirrored: World) -> None:
    """Where a number does not fit its column the record stays out, and its page goes in record by record."""
    roof = f"{mirrored.base_url}/api/roof_types/99999999999/"
    mirrored.change("projects", NUMBER, title="Refused", roof_type=roof)
    mirrored.change("projects", NUMBER + 1, title="Taken")
    mirrored.sync()
    refused = {problem.vendor_id for problem in open_problems()}
    assert refused == ({str(NUMBER)} if database.vendor == "postgresql" else set())
    told = {row.vendor_id for row in Change.objects.filter(resource="projects")}
    assert told == {str(NUMBER), str(NUMBER + 1)} - refused
    before = news()
    mirrored.sync()
    assert news() == before


def test_listeners_are_told_what_was_stored(mirrored: World, listeners: list[ChangeListener]) -> None:
    told: list[tuple[str, str, str, bool]] = []

    def listen(about: Connection, changes: Sequence[Change]) -> None:
        assert database.in_atomic_block
        stored = Change.objects.filter(connection=about)
        told.extend((c.resource, c.vendor_id, c.field, stored.filter(field=c.field, at=c.at).exists()) for c in changes)

    listeners.append(ChangeListener(listen))
    mirrored.sync()
    assert told == []
    mirrored.change("projects", NUMBER, title="Solvay roof")
    mirrored.sync()
    assert told == [("projects", str(NUMBER), "title", True)]
    mirrored.delete("projects", NUMBER)
    mirrored.sync()
    assert ("projects", str(NUMBER), "", True) in told[1:]


def test_a_listener_that_fails_costs_no_record_and_no_other(mirrored: World, listeners: list[ChangeListener]) -> None:
    told: list[str] = []

    def breaks(about: Connection, changes: Sequence[Change]) -> None:
        Organisation.objects.create(name="Half done", slug="half-done")
        Organisation.objects.create(name="Twice", slug=about.organisation.slug)

    hears = ChangeListener(lambda about, changes: told.extend(c.field for c in changes))
    listeners.extend([ChangeListener(breaks), hears])
    mirrored.change("projects", NUMBER, title="Solvay roof")
    assert mirrored.sync().code == 0
    assert Project.objects.get(opensolar_id=NUMBER).title == "Solvay roof"
    assert told == ["title"]
    assert not Organisation.objects.filter(slug="half-done").exists()


def test_a_page_that_is_rolled_back_leaves_no_news(sunny: Company, listeners: list[ChangeListener]) -> None:
    class Stopped(BaseException):
        pass

    def stop(about: Connection, changes: Sequence[Change]) -> None:
        raise Stopped

    arrives(sunny, "projects", {"id": 7, "title": "A"})
    listeners.append(ChangeListener(stop))
    with pytest.raises(Stopped):
        arrives(sunny, "projects", {"id": 7, "title": "B"}, after=5)
    assert (news(), Project.objects.get(opensolar_id=7).title) == ([], "A")
    assert '"A"' in Payload.objects.get(resource="projects").body


def test_two_accounts_have_two_histories(sunny: Company, kestrel: Company) -> None:
    for company in (sunny, kestrel):
        arrives(company, "projects", {"id": 7, "title": "A"})
    arrives(sunny, "projects", {"id": 7, "title": "B"}, after=5)
    (row,) = Change.objects.all()
    assert (row.organisation, row.connection) == (sunny.organisation, sunny.connection)
    with pytest.raises(IntegrityError):
        # Whose it is stands in every row.
        Change.objects.create(resource="projects", vendor_id="7", at=NOON)
