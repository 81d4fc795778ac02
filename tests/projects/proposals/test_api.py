"""Proposals over the API: figures as numbers, money by right, the payload for administrators."""

from __future__ import annotations

import pytest
from django_scopes import scopes_disabled

from portal.models import Payload
from projects.models import Project
from tests.conftest import Company, api
from tests.factories import NOON, make_project, make_proposal

MONEY = {"price", "payback_years", "npv", "irr", "roi"}


@pytest.fixture
def project(sunny: Company) -> Project:
    found = make_project(sunny.connection, opensolar_id=5001, is_sold=True, assigned_site_inspector_role_ref=13)
    make_proposal(found, calculation_errors=["No tariff."])
    make_proposal(found, language_asked="fr")
    make_proposal(make_project(sunny.connection), currency="EUR")
    with scopes_disabled():
        Payload.objects.create(
            connection=sunny.connection,
            resource="proposals",
            vendor_id="5001",
            shape="detail",
            digest=b"x" * 16,
            requested_at=NOON,
            body='{"id":5001,"proposal_data":{"strange":1}}',
        )
    return found


def test_figures_are_numbers(sunny: Company, project: Project) -> None:
    client = api(sunny.token("sales"))
    row = client.get("/api/v1/proposals/?opensolar_id=5001").json()["results"][0]
    assert client.get(f"/api/v1/proposals/{row['id']}/").json() == row
    assert (row["opensolar_id"], row["proposal_key"], row["project"]) == (5001, "5001", project.pk)
    assert (row["price"], row["cost"], row["irr"], row["kw_stc"]) == (24900, 18536.36, 12.3, 8.4)
    assert (row["currency"], row["output_annual_kwh"], row["calculation_errors"]) == ("AUD", 11230, ["No tariff."])
    assert row["changed_at"] == "2026-11-20T12:00:00Z"


@pytest.mark.parametrize(
    ("query", "count"),
    [("currency=eur", 1), ("language_asked=fr", 1), ("is_sold=1", 2), ("is_sold=0", 1), ("opensolar_id=1", 0)],
)
def test_filters(sunny: Company, project: Project, query: str, count: int) -> None:
    client = api(sunny.token("sales"))
    assert len(client.get(f"/api/v1/proposals/?{query}").json()["results"]) == count
    assert len(client.get(f"/api/v1/proposals/?project={project.pk}").json()["results"]) == 2
    assert client.get("/api/v1/proposals/?nonsense=1").status_code == 400


def test_the_crew_sees_kwh_and_no_money(sunny: Company, project: Project) -> None:
    rows = api(sunny.token("inspector")).get("/api/v1/proposals/").json()["results"]
    assert len(rows) == 2
    assert not rows[0].keys() & (MONEY | {"cost"})
    assert rows[0]["output_annual_kwh"] == 11230
    membership = sunny.membership("sales")
    membership.costs = False
    membership.save()
    row = api(sunny.token("sales")).get("/api/v1/proposals/").json()["results"][0]
    assert row.keys() >= MONEY
    assert "cost" not in row


def test_the_payload_is_the_project_as_it_came(sunny: Company, project: Project) -> None:
    client = api(sunny.token("administrator"))
    row = client.get("/api/v1/proposals/?payload=1&opensolar_id=5001").json()["results"][0]
    assert row["payload"] == {"id": 5001, "proposal_data": {"strange": 1}}
    assert api(sunny.token("inspector")).get("/api/v1/proposals/?payload=1").status_code == 403


def test_with_a_project_that_is_gone_its_proposals_go(sunny: Company, project: Project) -> None:
    with scopes_disabled():
        Project.objects.filter(pk=project.pk).update(removed_at=NOON)
    client = api(sunny.token("sales"))
    assert len(client.get("/api/v1/proposals/").json()["results"]) == 1
    assert len(client.get("/api/v1/proposals/?removed=1").json()["results"]) == 3
