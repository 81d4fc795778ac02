"""One connection's page: what is wrong and what to do, its problems with their records, its runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Connection, ConnectionState, Membership, RunState, SyncProblem, SyncRun
from tests.conftest import Company
from tests.portal.pages.reading import buttons, words


@pytest.fixture
def address(sunny: Company) -> str:
    return f"/connections/{sunny.connection.pk}/"


def make_problem(company: Company, **columns: Any) -> SyncProblem:
    given = {"resource": "projects", "vendor_id": "3001", "reason": "It has no date.", "seen_at": timezone.now()}
    return SyncProblem.objects.create(connection=company.connection, **{**given, **columns})


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ConnectionState.CREDENTIALS, "The vendor refuses our login OpenSolar answered 401. Nothing is lost"),
        (ConnectionState.PLAN, "Not in the vendor's plan OpenSolar answered 401. Nothing is lost"),
        (ConnectionState.FORBIDDEN, "Access refused OpenSolar answered 401. Nothing is lost"),
        (ConnectionState.UNREACHABLE, "OpenSolar answered 401. Nothing is lost, and nothing has to be done"),
        (ConnectionState.PAUSED, "Nothing is asked of the vendor until somebody resumes"),
    ],
)
def test_trouble_says_what_happened_what_is_lost_and_what_to_do(
    sunny: Company, client: Client, address: str, state: str, said: str
) -> None:
    with scopes_disabled():
        Connection.objects.update(state=state, message="OpenSolar answered 401.")
    assert said in words(client.get(address))


def test_problem_shows_record_reason_and_times(sunny: Company, client: Client, address: str) -> None:
    problem = make_problem(sunny, payload='{"title": "<b>4 Main St</b>"}', seen_at=timezone.now() - timedelta(hours=2))
    with scopes_disabled():
        SyncProblem.objects.filter(pk=problem.pk).update(created_at=timezone.now() - timedelta(days=3))
    answer = client.get(address)
    assert "Record not taken in project 3001 seen 2 h ago · first 3 d ago It has no date." in words(answer)
    assert "{&quot;title&quot;: &quot;&lt;b&gt;4 Main St&lt;/b&gt;&quot;}" in answer.content.decode()
    assert f"/connections/problems/{problem.pk}/retry/" in buttons(answer)


def test_long_record_is_cut_and_has_an_address_of_its_own(sunny: Company, client: Client, address: str) -> None:
    problem = make_problem(sunny, payload="x" * 50_000 + "the end")
    answer = client.get(address)
    assert len(answer.content) < 40_000
    assert "the end" not in answer.content.decode()
    whole = client.get(f"/connections/problems/{problem.pk}/payload/")
    assert whole.content.decode() == "x" * 50_000 + "the end"
    assert whole.headers["content-type"] == "text/plain; charset=utf-8"
    assert whole.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("right", ["prices", "costs"])
def test_a_record_with_money_is_only_for_who_sees_all_of_it(
    sunny: Company, client: Client, address: str, right: str
) -> None:
    problem = make_problem(sunny, payload='{"net_profit": 91919, "price_including_tax": 81818}')
    make_problem(sunny, what="fetch", vendor_id="3002")
    with scopes_disabled():
        Membership.objects.filter(user=sunny.people["administrator"]).update(**{right: False})
    said = "The record as it came may hold prices and costs, which you may not see."
    page = client.get(address)
    assert "91919" not in page.content.decode()
    assert "81818" not in page.content.decode()
    assert words(page).count(said) == 1
    assert "It has no date." in words(page)
    whole = client.get(f"/connections/problems/{problem.pk}/payload/")
    assert (whole.status_code, whole.content.decode()) == (403, said)
    assert whole.headers["content-type"] == "text/plain; charset=utf-8"


def test_decisions_come_first_and_the_rest_by_pages(sunny: Company, client: Client, address: str) -> None:
    for number in range(24):
        make_problem(sunny, vendor_id=str(number), seen_at=timezone.now() - timedelta(minutes=number))
    make_problem(sunny, what="removals", vendor_id="", seen_at=timezone.now() - timedelta(days=1))
    first, second = words(client.get(address)), words(client.get(address + "?problems=2&runs=7"))
    assert first.index("Many removals wait for your decision projects") < first.index("project 0 seen")
    assert "1–10 of 25" in first
    assert "project 8 seen" in first
    assert "project 9 seen" not in first
    assert "11–20 of 25" in second
    assert "project 9 seen" in second


def test_solved_problem_is_not_shown(sunny: Company, client: Client, address: str) -> None:
    make_problem(sunny, resolved_at=timezone.now())
    assert "Every record that came could be taken in." in words(client.get(address))


def test_runs_by_pages_with_who_asked(sunny: Company, client: Client, address: str) -> None:
    now = timezone.now()
    SyncRun.objects.bulk_create(
        SyncRun(connection=sunny.connection, state=RunState.SUCCESS, started_at=now, finished_at=now, requests=number)
        for number in range(12)
    )
    SyncRun.objects.create(
        connection=sunny.connection,
        state=RunState.FAILED,
        asked_by=sunny.people["sales"],
        full=True,
        started_at=now - timedelta(minutes=30),
        finished_at=now - timedelta(minutes=10),
        message="OpenSolar did not answer.",
        requests=1284,
    )
    text = words(client.get(address))
    assert "Sales · everything anew Failed OpenSolar did not answer. 1,284 20 min" in text
    assert "just now By itself Complete 11" in text
    assert "1–10 of 13" in text
    assert "11–13 of 13" in words(client.get(address + "?runs=2"))


def test_optional_call_that_is_switched_off_says_why(sunny: Company, client: Client, address: str) -> None:
    with scopes_disabled():
        Connection.objects.update(switched_off={"system_details": "Not in this plan (402)."})
    answer = client.get(address)
    assert "System details Not in this plan (402). Try again" in words(answer)
    assert address + "switch-on/" in buttons(answer)


def test_page_of_a_connection_opens_from_another_organisation_of_mine(
    sunny: Company, kestrel: Company, client: Client, address: str
) -> None:
    me = sunny.people["administrator"]
    with scopes_disabled():
        Membership.objects.create(organisation=kestrel.organisation, user=me, given_kind="administrator")
    client.post("/organisation/", {"organisation": "kestrel"})
    assert "Kestrel Solar" in words(client.get("/connections/"))
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.context["organisation"] == sunny.organisation
