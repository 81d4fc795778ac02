"""One record that makes no sense costs no other, is shown with its reason, and is forgotten once it is repaired."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from portal.models import Connection, Payload, RunState, SyncProblem
from projects.models import Contact, Project, ProjectContact, Role, System
from tests.portal.sync.evidence import calls
from tests.portal.sync.forger import Forger
from tests.world import API, World, connection, last_run, open_problems

pytestmark = pytest.mark.usefixtures("unscoped")
NUMBER = 400_005


@pytest.fixture
def forged(hamlet: World) -> Iterator[Forger]:
    """Connected by way of somebody who forges answers; not synced yet."""
    with Forger(hamlet.base_url) as forger:
        assert hamlet.connect().code == 0
        Connection.objects.update(base_url=forger.base_url)
        yield forger


def whole(number: int = NUMBER) -> dict[str, Any]:
    """The project as the vendor last gave it."""
    body = Payload.objects.get(resource="projects", shape="detail", vendor_id=str(number)).body
    return dict(json.loads(body))


UNREADABLE: dict[int, tuple[dict[str, Any], str]] = {
    400_001: ({"stage": "soon"}, "stage is not a whole number"),
    400_002: ({"stage": 10**12}, "stage is out of range"),
    400_003: ({"stage": 1e30}, "stage"),
    400_004: ({"stage": {"a": None}}, "stage is not a whole number"),
    400_005: ({"title": ["a"]}, "title is not a text"),
    400_006: ({"lat": "north"}, "lat is not a number"),
    400_007: ({"modified_date": "yesterday"}, "modified_date is not a time"),
    400_008: ({"modified_date": "0001-01-01T00:00:00+11:00"}, "modified_date cannot be read"),
    400_009: ({"modified_date": "9999-12-31T23:59:59-11:00"}, "modified_date cannot be read"),
    400_010: ({"sold_date": "31.12.2026"}, "sold_date is not a date"),
    400_011: ({"contacts": "none"}, "contacts is not a list"),
    400_012: ({"contacts_data": 7}, "contacts_data"),
}


def test_values_of_the_wrong_kind(connected: World) -> None:
    connected.sync()
    before = list(Project.objects.order_by("pk").values())
    for number, (keys, _) in UNREADABLE.items():
        connected.change("projects", number, lead_source="Broken", **keys)
    connected.change("projects", 400_020, title="Their neighbour")
    for _ in range(2):
        outcome = connected.sync()
        assert outcome.code == 1
        assert outcome.counts["projects"]["failed"] == len(UNREADABLE)
        assert "12 records could not be taken in" in outcome.err
        assert last_run().state == RunState.PARTIAL
        found = {problem.vendor_id: problem for problem in open_problems()}
        assert len(found) == len(open_problems()) == len(UNREADABLE)
        for number, (keys, reason) in UNREADABLE.items():
            problem = found[str(number)]
            assert (problem.what, problem.resource, problem.run) == (SyncProblem.What.RECORD, "projects", last_run())
            assert reason in problem.reason
            assert json.loads(problem.payload)["lead_source"] == "Broken"
            assert next(iter(keys)) in problem.payload
            assert "api_key_chat" not in problem.payload
    assert Project.objects.get(opensolar_id=400_020).title == "Their neighbour"
    after = list(Project.objects.order_by("pk").values())
    assert [row for row in after if row["opensolar_id"] in UNREADABLE] == before[: len(UNREADABLE)]
    # Exactly as they were, byte for byte: nothing has to be written for it, and yet the problems are over.
    for number in UNREADABLE:
        connected.restore("projects", number)
    outcome = connected.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert open_problems() == []


def test_a_record_repaired_to_something_new_goes_in(mirrored: World) -> None:
    mirrored.change("projects", NUMBER, stage="soon")
    mirrored.sync()
    mirrored.change("projects", NUMBER, stage=2)
    outcome = mirrored.sync()
    assert (outcome.code, outcome.counts["projects"]["updated"]) == (0, 1)
    assert Project.objects.get(opensolar_id=NUMBER).stage == 2
    assert open_problems() == []


NO_RECORDS = [
    {"title": "Nobody's roof"},
    {"id": None, "url": ""},
    {"id": 1.5},
    {"id": 1e25},
    "a text",
    5,
    None,
    [],
    True,
]


def test_records_without_a_usable_id_and_things_that_are_no_records(mirrored: World) -> None:
    numbers = range(3_000_001, 3_000_001 + len(NO_RECORDS))
    for number, record in zip(numbers, NO_RECORDS, strict=True):
        address = f"{mirrored.sandbox.control_url}/opensolar/orgs/1/contacts/{number}"
        assert requests.put(address, json.dumps(record), headers={"Content-Type": "application/json"}, timeout=5).ok
    known = Contact.objects.count()
    for _ in range(2):
        outcome = mirrored.sync()
        assert outcome.code == 1
        assert outcome.counts["contacts"]["unchanged"] == known - len(NO_RECORDS)
        reasons = [problem.reason for problem in open_problems() if problem.what == SyncProblem.What.RECORD]
        assert sorted(set(reasons)) == ["It has no id, so it cannot be told from others.", "It is not a JSON object."]
        assert len(reasons) == len(NO_RECORDS)
        assert any(json.loads(problem.payload) == NO_RECORDS[0] for problem in open_problems() if problem.payload)
    # Each is missing from the list under its number and still answers there: none is taken for removed.
    assert Contact.objects.filter(removed_at=None, withheld_at=None).count() == known
    for number in numbers:
        mirrored.restore("contacts", number)
    assert mirrored.sync().code == 0
    assert open_problems() == []


def test_two_records_without_an_id_are_two_problems(mirrored: World) -> None:
    mirrored.replace("contacts", 3_000_003, {"display": "Hypatia"})
    mirrored.replace("contacts", 3_000_004, {"display": "Theon"})
    mirrored.sync()
    assert sorted(problem.vendor_id for problem in open_problems()) == ["? display Hypatia", "? display Theon"]


@pytest.mark.parametrize("resource", ["roles", "systems"])
def test_records_of_the_other_lists(mirrored: World, resource: str) -> None:
    number = {"roles": 53, "systems": 7_000_003}[resource]
    broken = {"roles": {"is_admin": "perhaps"}, "systems": {"price_including_tax": "10" * 20}}[resource]
    mirrored.change(resource, number, **broken)
    outcome = mirrored.sync()
    assert (outcome.code, outcome.counts[resource]["failed"]) == (1, 1)
    assert [(problem.resource, problem.vendor_id) for problem in open_problems()] == [(resource, str(number))]
    mirrored.restore(resource, number)
    assert mirrored.sync().code == 0
    assert open_problems() == []


def test_a_value_that_only_the_database_refuses_costs_no_other(connected: World) -> None:
    """On the first sync all rows go in together; one that does not fit stays out, or goes in where it does fit."""
    roof = f"{connected.base_url}/api/roof_types/99999999999/"
    connected.change("projects", NUMBER, roof_type=roof)
    connected.sync()
    refused = [problem.vendor_id for problem in open_problems()]
    assert refused in ([], [str(NUMBER)])
    assert Project.objects.count() == 40 - len(refused)
    assert ProjectContact.objects.values("project_ref").distinct().count() == 40 - len(refused)
    connected.restore("projects", NUMBER)
    assert connected.sync().code == 0
    assert (Project.objects.count(), open_problems()) == (40, [])


def test_system_details_that_make_no_sense(mirrored: World) -> None:
    system = System.objects.order_by("opensolar_id").first()
    assert system is not None
    project = str(system.project_ref)
    path = f"{API}/projects/{project}/systems/details/"
    row = {"id": system.opensolar_id, "adders": [{"label": "Tilt"}], "module_groups": "none"}
    mirrored.fault("body", path=path, body={"systems": [row, {"name": "without an id"}]}, times=None)
    mirrored.change("systems", system.opensolar_id, name="Larger")
    outcome = mirrored.sync()
    assert outcome.code == 1
    (problem,) = open_problems()
    # Under what a person can ask for again: the details of that project.
    assert (problem.what, problem.resource, problem.vendor_id) == (SyncProblem.What.FETCH, "system_details", project)
    # A sync of the lists alone does not make it better.
    mirrored.sync()
    assert len(open_problems()) == 1
    mirrored.heal()
    mirrored.change("systems", system.opensolar_id, name="Largest")
    assert mirrored.sync().code == 0
    assert open_problems() == []


@pytest.mark.parametrize("systems", [None, "none", {}])
def test_system_details_without_a_list(mirrored: World, systems: Any) -> None:
    system = System.objects.exclude(module_groups=[]).order_by("opensolar_id")[0]
    path = f"{API}/projects/{system.project_ref}/systems/details/"
    mirrored.fault("body", path=path, body={"systems": systems}, times=None)
    mirrored.change("systems", system.opensolar_id, name="Larger")
    outcome = mirrored.sync()
    assert outcome.code == (0 if systems is None else 1)
    after = System.objects.get(pk=system.pk)
    assert (after.name, after.module_groups, after.adders) == ("Larger", system.module_groups, system.adders)


def test_null_where_a_list_is_documented_keeps_what_was_there(mirrored: World) -> None:
    links = list(ProjectContact.objects.filter(project_ref=NUMBER).values_list("contact_ref", flat=True))
    system = System.objects.exclude(modules=[]).order_by("opensolar_id")[0]
    assert links
    mirrored.change("projects", NUMBER, contacts=None, contacts_data=None, systems=None, title="Nulls")
    mirrored.change("systems", system.opensolar_id, modules=None, inverters=None, batteries=None, others=None)
    outcome = mirrored.sync()
    assert (outcome.code, outcome.err) == (0, "")
    project = Project.objects.get(opensolar_id=NUMBER)
    assert project.title == "Nulls"
    assert "nulls" in project.search_text
    assert list(ProjectContact.objects.filter(project_ref=NUMBER).values_list("contact_ref", flat=True)) == links
    after = System.objects.get(pk=system.pk)
    assert (after.modules, after.inverters) == (system.modules, system.inverters)
    # An empty list is another matter: it says that there are none.
    mirrored.change("projects", NUMBER, contacts=[], contacts_data=[])
    mirrored.sync()
    assert not ProjectContact.objects.filter(project_ref=NUMBER).exists()


def test_a_new_record_full_of_nulls_goes_in(mirrored: World) -> None:
    keys = {key: None for key in whole() if key not in ("id", "url")}
    number = mirrored.add("projects", keys)["id"]
    mirrored.add("contacts", dict.fromkeys(("first_name", "family_name", "display", "email", "phone", "type")))
    outcome = mirrored.sync()
    assert (outcome.code, outcome.err) == (0, "")
    project = Project.objects.get(opensolar_id=number)
    assert (project.title, project.lat, project.stage, project.is_sold) == ("", None, None, False)


def test_a_note_of_three_megabytes(mirrored: World) -> None:
    note = "Höhe über Grund. " * 180_000
    mirrored.change("projects", NUMBER, notes=note)
    outcome = mirrored.sync()
    assert (outcome.code, outcome.counts["projects"]["updated"]) == (0, 1)
    assert Project.objects.get(opensolar_id=NUMBER).notes == note
    assert whole()["notes"] == note
    assert mirrored.sync().counts["projects"]["unchanged"] == 10


def test_an_address_with_markup_is_stored_as_it_is(mirrored: World) -> None:
    address = "1 <script>alert('1')</script> Way & Sons\"; DROP TABLE"
    mirrored.change("projects", NUMBER, address=address)
    assert mirrored.sync().code == 0
    assert Project.objects.get(opensolar_id=NUMBER).address == address
    assert whole()["address"] == address


def test_nul_characters_do_not_stop_a_page(mirrored: World) -> None:
    mirrored.change("projects", NUMBER, title="Half\u0000way", custom={"a\u0000": ["\u0000"]})
    mirrored.change("systems", 7_000_003, modules=[{"code": "X\u0000Y"}])
    outcome = mirrored.sync()
    assert (outcome.code, outcome.err) == (0, "")
    title = Project.objects.get(opensolar_id=NUMBER).title
    assert "\u0000" not in title
    assert title.startswith("Half")
    assert title.endswith("way")


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        (b'"\\ud800 lone"', "\ufffd lone"),
        (b'"ol\\udcffd"', "ol\ufffdd"),
        (b'"\xff\xfe"', "\ufffd\ufffd"),
    ],
)
def test_text_that_is_no_unicode_is_taken_in_as_far_as_it_goes(
    hamlet: World, forged: Forger, raw: bytes, title: str
) -> None:
    hamlet.change("projects", NUMBER, title="EXCHANGE")
    forged.exchange[b'"EXCHANGE"'] = raw
    outcome = hamlet.sync()
    assert (outcome.code, outcome.err) == (0, "")
    assert Project.objects.get(opensolar_id=NUMBER).title == title
    assert hamlet.sync().counts["projects"]["unchanged"] == 10


@pytest.mark.parametrize(
    "raw",
    [b"1" + b"0" * 30, b"NaN", b"-Infinity", b"1e400", b'[{"a":' * 60 + b"1" + b"}]" * 60, b"[" * 300 + b"]" * 300],
    ids=["thirty digits", "NaN", "-Infinity", "1e400", "nested", "nested deeply"],
)
def test_values_that_json_hardly_knows(hamlet: World, forged: Forger, raw: bytes) -> None:
    """NaN on the same page sends it through the lenient reader, where whole numbers keep all their digits."""
    hamlet.change("projects", NUMBER, custom="EXCHANGE", title="Odd")
    hamlet.change("projects", NUMBER + 1, custom="ALSO")
    forged.exchange = {b'"EXCHANGE"': raw, b'"ALSO"': b"NaN"}
    outcome = hamlet.sync()
    assert Project.objects.exclude(opensolar_id=NUMBER).count() == 9
    if Project.objects.filter(opensolar_id=NUMBER, title="Odd").exists():
        assert (outcome.code, open_problems()) == (0, [])
    else:
        (problem,) = open_problems()
        assert "number too large" in problem.reason
        assert outcome.code == 1
        assert raw.decode() in problem.payload
    forged.exchange = {}
    assert hamlet.sync().code == 0
    assert (Project.objects.count(), open_problems()) == (10, [])


def test_many_broken_records_do_not_stop_the_run(connected: World) -> None:
    for number in range(400_001, 400_031):
        connected.change("projects", number, stage="soon")
    outcome = connected.sync()
    assert (outcome.code, outcome.counts["projects"]["failed"], outcome.counts["projects"]["created"]) == (1, 30, 10)
    assert len(open_problems()) == 30
    assert len(calls(connected, f"{API}/systems/")) > 0
    assert Role.objects.count() == 13
    assert connection().last_success_at is not None
