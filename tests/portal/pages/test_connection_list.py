"""The list of connections: how each account is, in plain words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Connection, ConnectionState, Kind, Lease, PendingFetch, RunState, SyncProblem, SyncRun
from tests.belongings import furnish
from tests.conftest import Company, api, signed_in
from tests.portal.pages.reading import buttons, words


def set_state(company: Company, **columns: Any) -> None:
    with scopes_disabled():
        Connection.objects.filter(pk=company.connection.pk).update(**columns)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.ADMINISTRATOR])
def test_it_is_not_there_for_other_kinds_of_people(sunny: Company, kind: Kind) -> None:
    assert signed_in(sunny.people[kind]).get("/connections/").status_code == 404


def test_card_names_vendor_account_and_state(sunny: Company, client: Client) -> None:
    set_state(sunny, state=ConnectionState.WELL, last_success_at=timezone.now() - timedelta(minutes=2))
    text = words(client.get("/connections/"))
    assert "Connections 1" in text
    assert "OpenSolar Working Account 1 Data from 2 min ago Problems None" in text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ConnectionState.NEW, "Not synced yet"),
        (ConnectionState.UNREACHABLE, "Vendor does not answer"),
        (ConnectionState.CREDENTIALS, "Needs a new login"),
        (ConnectionState.PLAN, "Not in the vendor's plan"),
        (ConnectionState.FORBIDDEN, "Access refused"),
        (ConnectionState.PAUSED, "Paused"),
    ],
)
def test_state_is_told_with_the_vendors_sentence(sunny: Company, client: Client, state: str, said: str) -> None:
    set_state(sunny, state=state, message="OpenSolar answered 418.")
    text = words(client.get("/connections/"))
    assert f"{said} OpenSolar answered 418." in text


def test_old_data_says_so(sunny: Company, client: Client) -> None:
    set_state(sunny, state=ConnectionState.WELL, last_success_at=timezone.now() - timedelta(hours=3))
    assert "3 h ago older than it should be" in words(client.get("/connections/"))


def test_last_run_is_told_in_words(sunny: Company, client: Client) -> None:
    now = timezone.now()
    SyncRun.objects.create(
        connection=sunny.connection,
        state=RunState.PARTIAL,
        started_at=now - timedelta(minutes=5, seconds=40),
        finished_at=now - timedelta(minutes=5),
        counts={
            "projects": {"fetched": 1284, "updated": 12, "failed": 1},
            "contacts": {"fetched": 1, "deferred": 7},
        },
    )
    text = words(client.get("/connections/"))
    assert "Last sync 5 min ago · 40 s Complete but for some records" in text
    assert "1,285 records looked at, 12 changed, 1 not taken in, 7 still waiting" in text


def test_problems_and_decisions_are_counted(sunny: Company, client: Client) -> None:
    for number, what in enumerate(("record", "fetch", "removals")):
        SyncProblem.objects.create(
            connection=sunny.connection, resource=f"r{number}", what=what, reason="why", seen_at=timezone.now()
        )
    done = {"reason": "why", "seen_at": timezone.now(), "resolved_at": timezone.now()}
    SyncProblem.objects.create(connection=sunny.connection, resource="projects", **done)
    assert "3 open problems Your decision" in words(client.get("/connections/"))


def test_what_waits_and_what_is_switched_off(sunny: Company, client: Client) -> None:
    set_state(sunny, switched_off={"system_details": "Not in this plan."})
    PendingFetch.objects.bulk_create(
        PendingFetch(connection=sunny.connection, resource="project_details", vendor_id=str(number))
        for number in range(1200)
    )
    answer = client.get("/connections/")
    assert "Waiting 1,200 project details Switched off System details" in words(answer)
    assert 'title="Not in this plan."' in answer.content.decode()


def test_buttons_are_what_can_be_done_now(sunny: Company, client: Client) -> None:
    base = f"/connections/{sunny.connection.pk}/"
    assert buttons(client.get("/connections/")) == {base + "sync/", base + "pause/"}
    set_state(sunny, state=ConnectionState.PAUSED)
    assert buttons(client.get("/connections/")) == {base + "resume/"}
    set_state(sunny, state=ConnectionState.CREDENTIALS)
    answer = client.get("/connections/")
    assert buttons(answer) == {base + "pause/"}
    assert f'href="{base}login/"' in answer.content.decode()
    SyncRun.objects.create(connection=sunny.connection, state=RunState.QUEUED)
    set_state(sunny, state=ConnectionState.WELL)
    assert buttons(client.get("/connections/")) == {base + "pause/"}


def test_nothing_connected_yet_says_how(sunny: Company, client: Client) -> None:
    with scopes_disabled():
        Connection.objects.all().delete()
    text = words(client.get("/connections/"))
    assert "Your accounts at the vendors will stand here" in text
    assert "Connect an account" in text


def test_vendor_that_no_app_knows_any_more_is_shown(sunny: Company, client: Client) -> None:
    set_state(sunny, vendor="heliostat")
    assert "heliostat" in words(client.get("/connections/"))
    assert "heliostat" in words(client.get(f"/connections/{sunny.connection.pk}/"))


def test_ten_connections_take_no_more_queries_than_two(sunny: Company, client: Client) -> None:
    def furnished(number: int) -> None:
        found = furnish(sunny, number)[Connection]
        SyncRun.objects.create(connection=found, state=RunState.QUEUED, asked_by=sunny.people["sales"])
        Lease.objects.filter(connection=found).update(holder=uuid4(), until=timezone.now() + timedelta(minutes=1))

    def queries() -> int:
        with CaptureQueriesContext(database) as seen:
            assert client.get("/connections/").status_code == 200
        return len(seen)

    with scopes_disabled():
        furnished(1)
        queries()  # The first visit notes that the person was seen.
        few = queries()
        for number in range(2, 10):
            furnished(number)
        assert queries() == few
    assert few <= 14


def test_credentials_are_not_even_read(sunny: Company, client: Client) -> None:
    with CaptureQueriesContext(database) as queries:
        client.get("/connections/")
        client.get(f"/connections/{sunny.connection.pk}/")
        for headers in ({}, {"HX-Request": "true"}):
            assert client.get(f"/connections/{sunny.connection.pk}/budget/", headers=headers).status_code == 200
        assert api(sunny.token("administrator")).get("/api/v1/syncs/budget/").status_code == 200
    assert [q["sql"] for q in queries if '"credentials"' in q["sql"]] == []
