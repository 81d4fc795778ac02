"""OpenSolar's records arrive, stay as they are, change, go and come back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import Connection, ConnectionState, Payload, RunState, SyncProblem, User
from portal.vendors.opensolar.resources import COMPONENTS, PRICES
from projects.models import Contact, Project, ProjectContact, Role, System
from tests.world import World, connection, last_run, open_problems

WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")
MIRRORED = (
    *("projects_role", "projects_contact", "projects_project", "projects_system", "portal_payload"),
    *("projects_pricingscheme", "projects_paymentoption", "projects_costing", "projects_componentactivation"),
)


@pytest.fixture(autouse=True)
def everything_visible() -> Any:
    with scopes_disabled():
        yield


def numbers() -> list[int]:
    """Project numbers, oldest first."""
    return list(Project.objects.order_by("opensolar_id").values_list("opensolar_id", flat=True))


def test_first_sync_brings_everything(connected: World) -> None:
    outcome = connected.sync()
    assert outcome.code == 0, outcome.err
    counts = outcome.counts
    assert set(counts) == {"roles", "contacts", "projects", "systems", *PRICES, *COMPONENTS, "proposals"}
    assert counts["projects"] == {
        "fetched": 40,
        "created": 40,
        "updated": 0,
        "unchanged": 0,
        "removed": 0,
        "failed": 0,
        "deferred": 0,
    }
    assert Project.objects.count() == 40
    assert Role.objects.count() == counts["roles"]["created"] == 13
    assert System.objects.count() == counts["systems"]["created"] > 20
    assert Contact.objects.count() == counts["contacts"]["created"] > 40
    state = connection()
    assert state.state == ConnectionState.WELL
    assert state.last_success_at is not None
    assert last_run().state == RunState.SUCCESS


def test_records_are_linked_by_the_vendors_numbers(connected: World) -> None:
    connected.sync()
    project = Project.objects.filter(assigned_role_ref__isnull=False).select_related("assigned_role").first()
    assert project is not None
    assert project.assigned_role.opensolar_id == project.assigned_role_ref
    system = System.objects.select_related("project").first()
    assert system is not None
    assert system.project.opensolar_id == system.project_ref
    links = ProjectContact.objects.select_related("contact", "project")
    assert all(link.contact and link.project for link in links)
    assert links.count() >= 40
    # The pitfall of the vendor's samples: the role's number is the one in its address.
    differing = Role.objects.get(opensolar_id=57)
    assert differing.opensolar_object_id == 99


def test_system_details_are_fetched_for_every_project_with_systems(connected: World) -> None:
    connected.sync()
    assert not System.objects.filter(details_at=None).exists()
    assert System.objects.exclude(module_groups=[]).exists()
    asked = [call for call in connected.log() if call["path"].endswith("/systems/details/")]
    assert len(asked) == System.objects.values("project_ref").distinct().count()


def test_nothing_changed_writes_nothing(connected: World) -> None:
    connected.sync()
    connected.log(clear=True)
    with CaptureQueriesContext(database) as queries:
        outcome = connected.sync()
    assert outcome.counts["projects"]["unchanged"] == 40
    written = [q["sql"] for q in queries if q["sql"].startswith(WRITES) and any(t in q["sql"] for t in MIRRORED)]
    assert written == []
    assert not [call for call in connected.log() if "/details/" in call["path"]]


def test_one_change_writes_one_project(connected: World) -> None:
    connected.sync()
    number = numbers()[3]
    connected.change("projects", number, title="Solvay roof", locality=None)
    outcome = connected.sync()
    assert outcome.counts["projects"]["updated"] == 1
    assert outcome.counts["projects"]["unchanged"] == 39
    project = Project.objects.get(opensolar_id=number)
    assert (project.title, project.locality) == ("Solvay roof", "")
    assert "solvay roof" in project.search_text


def test_a_changed_system_asks_for_its_projects_details_again(connected: World) -> None:
    connected.sync()
    system = System.objects.order_by("opensolar_id").first()
    assert system is not None
    connected.log(clear=True)
    connected.change("systems", system.opensolar_id, name="Bigger")
    connected.sync()
    asked = [call["path"] for call in connected.log() if call["path"].endswith("/systems/details/")]
    assert asked == [f"/opensolar/api/orgs/1/projects/{system.project_ref}/systems/details/"]


def test_contacts_of_a_project_change(connected: World) -> None:
    connected.sync()
    number = numbers()[0]
    urls = [f"{connected.base_url}/api/orgs/1/contacts/{n}/" for n in contact_numbers()[:3]]
    connected.change("projects", number, contacts=urls)
    connected.sync()
    links = ProjectContact.objects.filter(project_ref=number).order_by("position")
    assert [link.contact_ref for link in links] == contact_numbers()[:3]
    connected.change("projects", number, contacts=[urls[2], urls[0]])
    connected.sync()
    links = ProjectContact.objects.filter(project_ref=number).order_by("position")
    assert [link.contact_ref for link in links] == [contact_numbers()[2], contact_numbers()[0]]


def contact_numbers() -> list[int]:
    return list(Contact.objects.order_by("opensolar_id").values_list("opensolar_id", flat=True))


def test_secrets_never_reach_the_database(connected: World) -> None:
    connected.sync()
    bodies = "\n".join(Payload.objects.values_list("body", flat=True))
    assert len(bodies) > 100_000
    for secret in ("api_key_chat", "share_link", "date_of_birth", "passport_number", "licence_number"):
        assert f'"{secret}"' not in bodies


def test_short_rows_bring_their_details_by_single_requests(connected: World) -> None:
    connected.settings(whole_lists=False)
    outcome = connected.sync()
    assert outcome.counts["projects"]["created"] == 40
    assert outcome.counts["projects"]["deferred"] == 0
    assert not Project.objects.filter(assigned_role_ref=None, identifier="").exists()
    details = [call for call in connected.log(clear=True) if is_detail(call["path"])]
    assert len(details) == 40
    connected.sync()
    assert not [call for call in connected.log(clear=True) if is_detail(call["path"])]
    number = numbers()[5]
    connected.change("projects", number, title="Changed", locality="Newtown")
    connected.sync()
    assert [call["path"] for call in connected.log() if is_detail(call["path"])] == [
        f"/opensolar/api/orgs/1/projects/{number}/"
    ]
    assert Project.objects.get(opensolar_id=number).locality == "Newtown"


def is_detail(path: str) -> bool:
    parts = path.strip("/").split("/")
    return len(parts) == 6 and parts[4] == "projects"


def test_sold_projects_get_their_details_first(connected: World) -> None:
    connected.sync()
    sold = set(Project.objects.filter(is_sold=True).values_list("opensolar_id", flat=True))
    calls = [c["path"] for c in connected.log() if c["path"].endswith("/systems/details/")]
    asked = [int(path.split("/")[-4]) for path in calls]
    first = asked[: len(sold & set(asked))]
    assert set(first) == sold & set(asked)


def test_a_deleted_project_is_hidden_after_proof(connected: World) -> None:
    connected.sync()
    number = numbers()[7]
    connected.delete("projects", number)
    connected.log(clear=True)
    outcome = connected.sync()
    assert outcome.code == 0, outcome.err
    assert outcome.counts["projects"]["removed"] == 1
    gone = Project.objects.get(opensolar_id=number)
    assert gone.removed_at is not None
    assert f"/opensolar/api/orgs/1/projects/{number}/" in [call["path"] for call in connected.log(clear=True)]
    connected.sync()
    assert Project.objects.get(opensolar_id=number).removed_at == gone.removed_at
    assert f"/opensolar/api/orgs/1/projects/{number}/" not in [call["path"] for call in connected.log()]


def test_what_comes_back_is_restored(connected: World) -> None:
    connected.sync()
    number = numbers()[7]
    connected.delete("projects", number)
    connected.sync()
    connected.restore("projects", number)
    outcome = connected.sync()
    assert outcome.counts["projects"]["updated"] == 1
    assert Project.objects.get(opensolar_id=number).removed_at is None


def test_a_record_that_may_no_longer_be_seen_is_withheld_and_said_so(connected: World) -> None:
    connected.sync()
    number = numbers()[2]
    connected.forbid("projects", number)
    connected.sync()
    project = Project.objects.get(opensolar_id=number)
    assert project.withheld_at is not None
    assert project.removed_at is None
    assert ("withheld", "projects", str(number)) in [(p.what, p.resource, p.vendor_id) for p in open_problems()]


@pytest.mark.usefixtures("lists_only")
def test_a_record_missing_from_the_list_that_still_exists_stays(connected: World) -> None:
    connected.sync()
    connected.fault("body", path="/opensolar/api/orgs/1/contacts/", body=[], times=1)
    before = Contact.objects.count()
    outcome = connected.sync()
    assert outcome.code == 1
    assert Contact.objects.filter(removed_at=None).count() == before


@pytest.mark.usefixtures("lists_only")
def test_many_removals_wait_for_a_person(connected: World) -> None:
    connected.sync()
    for number in numbers()[:25]:
        connected.delete("projects", number)
    connected.log(clear=True)
    outcome = connected.sync()
    assert outcome.code == 1
    assert outcome.counts["projects"]["removed"] == 0
    assert not Project.objects.exclude(removed_at=None).exists()
    (problem,) = [p for p in open_problems() if p.resource == "projects"]
    assert problem.what == "removals"
    assert "25 of 40 projects" in problem.reason
    assert last_run().state == RunState.PARTIAL
    person = User.objects.create_user("yes@sunny.example")
    SyncProblem.objects.filter(what="removals").update(approved_by=person)
    outcome = connected.sync()
    assert outcome.counts["projects"]["removed"] == 25
    assert Project.objects.filter(removed_at=None).count() == 15
    assert not [p for p in open_problems() if p.what == "removals" and p.resource == "projects"]


@pytest.mark.usefixtures("lists_only")
def test_a_yes_to_many_removals_is_none_to_more(connected: World) -> None:
    connected.sync()
    present = numbers()
    for number in present[:25]:
        connected.delete("projects", number)
    connected.sync()
    SyncProblem.objects.filter(what="removals").update(approved_by=User.objects.create_user("yes@sunny.example"))
    for number in present[25:30]:
        connected.delete("projects", number)
    assert connected.sync().counts["projects"]["removed"] == 0
    (problem,) = [p for p in open_problems() if p.what == "removals" and p.resource == "projects"]
    assert "30 of 40 projects" in problem.reason
    assert problem.approved_by is None


@pytest.mark.usefixtures("lists_only")
def test_full_reads_everything_again(connected: World) -> None:
    connected.sync()
    Project.objects.update(title="tampered")
    assert connected.sync().counts["projects"]["unchanged"] == 40
    outcome = connected.sync("--full")
    assert outcome.counts["projects"]["updated"] == 40
    assert not Project.objects.filter(title="tampered").exists()


@pytest.mark.usefixtures("lists_only")
def test_pages_of_ten(connected: World) -> None:
    Connection.objects.update(page_size=10)
    outcome = connected.sync()
    assert outcome.counts["projects"]["created"] == 40
    pages = [c["query"].get("page") for c in connected.log() if c["path"] == "/opensolar/api/orgs/1/projects/"]
    assert {"1", "2", "3", "4"} <= set(pages)
