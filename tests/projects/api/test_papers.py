"""Events and files over the API: fields, filters, and what people may not see."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Membership
from projects.models import Event, Project
from tests.conftest import Company, api
from tests.factories import make_event, make_file, make_project


@pytest.fixture
def project(sunny: Company) -> Project:
    """A project that names the inspector."""
    return make_project(sunny.connection, assigned_site_inspector_role_ref=13)


def rows(company: Company, address: str, who: str = "sales") -> list[dict[str, Any]]:
    answer = api(company.token(who)).get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_an_event_has_its_label_and_its_project(sunny: Company, project: Project) -> None:
    event = make_event(project, event_type_id=21, title="", opensolar_id=7, who="Lise Meitner")
    (row,) = rows(sunny, "events/")
    assert (row["id"], row["opensolar_id"], row["project"]) == (event.pk, 7, project.pk)
    assert (row["event_type_id"], row["event_type"]) == (21, "Call (outbound, no answer)")
    assert row["start"] == "2026-11-20T12:00:00Z"
    assert row["who"] == "Lise Meitner"


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        (0, "Email Invitation Sent"),
        (22, "Call (inbound)"),
        (42, "On-site Sales Visit"),
        (57, "Docusign SMS Authentication disabled"),
        (75, "Stipulation Cleared"),
        (998, "OpenSolar event type 998"),
        (None, ""),
    ],
)
def test_labels_are_the_documents_and_unknown_numbers_stay(
    sunny: Company, project: Project, kind: int | None, label: str
) -> None:
    make_event(project, event_type_id=kind)
    (row,) = rows(sunny, "events/")
    assert (row["event_type_id"], row["event_type"]) == (kind, label)


def test_events_are_found_by_what_one_asks_for(sunny: Company, project: Project) -> None:
    other = make_project(sunny.connection)
    visit = make_event(project, is_complete=True)
    call = make_event(other, event_type_id=20, is_archived=True, start="2026-11-01T00:00Z")
    for query, wanted in {
        f"project={project.pk}": [visit],
        f"project={other.pk}": [call],
        "project=987654": [],
        "event_type_id=20": [call],
        "is_complete=1": [visit],
        "is_archived=true": [call],
        "start_before=2026-11-02": [call],
        "start_after=2026-11-02": [visit],
        f"opensolar_id={visit.opensolar_id}": [visit],
    }.items():
        assert [row["id"] for row in rows(sunny, f"events/?{query}")] == [event.pk for event in wanted], query


def test_files_are_found_by_what_one_asks_for(sunny: Company, project: Project) -> None:
    other = make_project(sunny.connection)
    roof = make_file(project, tags=["Site - Photo"], status="created")
    lease = make_file(other, title="Lease.pdf", show_customer=True, temporary=True)
    for query, wanted in {
        f"project={project.pk}": [roof],
        "title=lease": [lease],
        "status=created": [roof],
        "show_customer=1": [lease],
        "temporary=0": [roof],
    }.items():
        assert [row["id"] for row in rows(sunny, f"files/?{query}")] == [file.pk for file in wanted], query
    (row,) = rows(sunny, f"files/?project={project.pk}")
    assert (row["title"], row["filesize"], row["tags"], row["project"]) == (
        "roof.jpg",
        219730,
        ["Site - Photo"],
        project.pk,
    )
    assert not {"file_contents", "link"} & row.keys()


@pytest.mark.parametrize("query", ["project=x", "project=", "start_after=yesterday", "is_complete=maybe", "kind=20"])
def test_nonsense_is_refused(sunny: Company, query: str) -> None:
    assert api(sunny.token("sales")).get(f"/api/v1/events/?{query}").status_code == 400


@pytest.mark.parametrize("kind", ["events", "files"])
def test_people_see_those_of_their_projects(sunny: Company, project: Project, kind: str) -> None:
    make = make_event if kind == "events" else make_file
    mine, theirs = make(project), make(make_project(sunny.connection))
    assert [row["id"] for row in rows(sunny, f"{kind}/", "inspector")] == [mine.pk]
    assert rows(sunny, f"{kind}/", "unassigned") == []
    client = api(sunny.token("inspector"))
    assert client.get(f"/api/v1/{kind}/{mine.pk}/").status_code == 200
    assert client.get(f"/api/v1/{kind}/{theirs.pk}/").status_code == 404


@pytest.mark.parametrize("kind", ["events", "files"])
def test_removed_ones_are_left_out_unless_asked_for(sunny: Company, project: Project, kind: str) -> None:
    make = make_event if kind == "events" else make_file
    make(project, removed_at=timezone.now())
    there = make(project)
    assert [row["id"] for row in rows(sunny, f"{kind}/")] == [there.pk]
    assert len(rows(sunny, f"{kind}/?removed=1")) == 2
    with scopes_disabled():
        Project.objects.update(removed_at=timezone.now())
    assert rows(sunny, f"{kind}/") == []
    assert len(rows(sunny, f"{kind}/?removed=1")) == 2


def test_what_a_payment_says_is_for_who_sees_prices(sunny: Company, project: Project) -> None:
    make_event(project, event_type_id=114, title="Payment of $5,432 received", notes="5432")
    assert rows(sunny, "events/")[0]["title"] == "Payment of $5,432 received"
    for row in rows(sunny, "events/", "inspector"):
        assert row["event_type"] == "Payment Received"
        assert not {"title", "notes"} & row.keys()
    with scopes_disabled():
        Membership.objects.filter(user=sunny.people["sales"]).update(prices=False)
    assert "title" not in rows(sunny, "events/")[0]


@pytest.mark.parametrize(("who", "queries"), [("administrator", 2), ("inspector", 3)])
def test_queries_do_not_grow(
    sunny: Company, project: Project, django_assert_num_queries: Any, who: str, queries: int
) -> None:
    client = api(sunny.token(who))
    for _ in range(30):
        make_event(project)
        make_file(project)
    for kind in ("events", "files"):
        with django_assert_num_queries(queries):
            assert len(client.get(f"/api/v1/{kind}/").json()["results"]) == 30
    with scopes_disabled():
        assert Event.objects.count() == 30
