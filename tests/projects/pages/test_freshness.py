"""How old a project's page says its data is, and asking OpenSolar for it anew by hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Connection, ConnectionState, PendingFetch, Rank, SyncProblem
from portal.sync import problems
from portal.sync.problems import Trouble
from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project
from tests.projects.pages import reading

HTMX = {"HX-Request": "true"}
Committing = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]


@pytest.fixture
def project(sunny: Company) -> Project:
    """A project of an account that synced an hour after the project was last read."""
    with scopes_disabled():
        Connection.objects.filter(pk=sunny.connection.pk).update(
            state=ConnectionState.WELL, last_success_at=NOON - timedelta(minutes=5)
        )
        found = make_project(sunny.connection, opensolar_id=500)
        Project.objects.update(requested_at=NOON - timedelta(hours=1))
    return found


def text_of(response: Any) -> str:
    """As elsewhere; a sentence that ends with a moment has its full stop right behind it."""
    return reading.text_of(response).replace(" .", ".")


def _connection(**columns: Any) -> None:
    with scopes_disabled():
        Connection.objects.update(**columns)


def _asked() -> set[tuple[str, str, int]]:
    with scopes_disabled():
        return set(PendingFetch.objects.values_list("resource", "vendor_id", "rank"))


BOTH = {("project_details", "500", Rank.SOMEBODY_LOOKS), ("system_details", "500", Rank.SOMEBODY_LOOKS)}


def test_data_is_as_young_as_the_last_complete_sync_or_its_own_answer(grace: Client, project: Project) -> None:
    assert "Data from 11:55 UTC." in text_of(grace.get(f"/projects/{project.pk}/"))
    with scopes_disabled():
        Project.objects.update(requested_at=NOON - timedelta(minutes=2))
    assert "Data from 11:58 UTC." in text_of(grace.get(f"/projects/{project.pk}/"))


@pytest.mark.parametrize(
    ("state", "words", "may_ask"),
    [
        (ConnectionState.UNREACHABLE, "Data from 11:55 UTC. OpenSolar does not answer since 11:57 UTC.", True),
        (ConnectionState.CREDENTIALS, "OpenSolar refuses access; an administrator has to act.", False),
        (ConnectionState.PAUSED, "Data from 11:55 UTC.", False),
    ],
)
def test_what_keeps_it_from_being_younger_is_said(
    grace: Client, project: Project, state: str, words: str, may_ask: bool
) -> None:
    _connection(state=state, state_since=NOON - timedelta(minutes=3), message="A secret of the vendor")
    page = grace.get(f"/projects/{project.pk}/")
    assert words in text_of(page)
    assert ("Refresh now" in text_of(page)) == may_ask
    answer = grace.post(f"/projects/{project.pk}/refresh/", headers=HTMX)
    assert bool(_asked()) == may_ask
    assert ("cannot be asked" in text_of(answer)) != may_ask


def test_data_that_is_older_than_it_should_be_says_so(grace: Client, project: Project) -> None:
    _connection(last_success_at=NOON - timedelta(days=2))
    with scopes_disabled():
        Project.objects.update(requested_at=NOON - timedelta(days=2))
    assert "Data from 18 Nov, 12:00 UTC. That is older than it should be." in text_of(
        grace.get(f"/projects/{project.pk}/")
    )


def test_refresh_asks_before_all_others_and_the_page_waits_for_the_answer(
    grace: Client, project: Project, django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks() as nudges:
        answer = grace.post(f"/projects/{project.pk}/refresh/", headers=HTMX)
    assert _asked() == BOTH
    assert len(nudges) == 1
    assert b"<html" not in answer.content
    assert f'hx-get="/projects/{project.pk}/freshness/" hx-trigger="every 3s"' in answer.content.decode()
    assert "OpenSolar is being asked…" in text_of(answer)
    assert "Refresh now" not in text_of(answer)
    waiting = grace.get(f"/projects/{project.pk}/freshness/")
    assert (waiting.status_code, waiting.has_header("HX-Trigger")) == (204, False)
    with scopes_disabled():
        PendingFetch.objects.all().delete()
    there = grace.get(f"/projects/{project.pk}/freshness/")
    assert (there.status_code, there["HX-Trigger"]) == (204, "project-came")
    again = grace.get(f"/projects/{project.pk}/")
    assert "Last asked by hand at 12:00 UTC." in text_of(again)
    assert b'hx-trigger="project-came from:body"' in again.content


def test_an_answer_that_takes_long_is_not_waited_for(grace: Client, project: Project) -> None:
    grace.post(f"/projects/{project.pk}/refresh/", headers=HTMX)
    with scopes_disabled():
        PendingFetch.objects.update(not_before=NOON + timedelta(minutes=10))
    assert grace.get(f"/projects/{project.pk}/freshness/")["HX-Trigger"] == "project-came"


def test_an_answer_that_failed_is_told_and_waited_for_no_longer(grace: Client, project: Project) -> None:
    grace.post(f"/projects/{project.pk}/refresh/", headers=HTMX)
    with scopes_disabled():
        PendingFetch.objects.update(not_before=NOON + timedelta(seconds=45), attempts=1)
        trouble = Trouble("500", "Asked once without success: it did not answer within 20 seconds.")
        with time_machine.travel(NOON + timedelta(seconds=15), tick=False):
            problems.report(project.connection, "project_details", [trouble], None, SyncProblem.What.FETCH)
    assert grace.get(f"/projects/{project.pk}/freshness/")["HX-Trigger"] == "project-came"
    page = text_of(grace.get(f"/projects/{project.pk}/"))
    assert "OpenSolar gave no answer at 12:00 UTC. It is asked again by itself." in page
    assert "OpenSolar is being asked…" not in page
    with time_machine.travel(NOON + timedelta(seconds=61), tick=False):
        grace.post(f"/projects/{project.pk}/refresh/", headers=HTMX)
        assert "OpenSolar is being asked…" in text_of(grace.get(f"/projects/{project.pk}/"))


def test_refresh_works_once_a_minute(grace: Client, project: Project) -> None:
    grace.post(f"/projects/{project.pk}/refresh/")
    with scopes_disabled():
        PendingFetch.objects.all().delete()
    second = grace.post(f"/projects/{project.pk}/refresh/", follow=True)
    assert "OpenSolar was asked less than a minute ago." in text_of(second)
    assert "Refresh now" not in text_of(second)
    assert _asked() == set()
    with time_machine.travel(NOON + timedelta(seconds=61), tick=False):
        assert "Refresh now" in text_of(grace.get(f"/projects/{project.pk}/"))
        third = grace.post(f"/projects/{project.pk}/refresh/", follow=True)
    assert "OpenSolar is asked for this project now." in text_of(third)
    assert _asked() == BOTH


def test_what_the_account_does_not_offer_is_not_asked_for(grace: Client, project: Project) -> None:
    _connection(switched_off={"system_details": "402"})
    grace.post(f"/projects/{project.pk}/refresh/")
    assert _asked() == {("project_details", "500", Rank.SOMEBODY_LOOKS)}


@pytest.mark.parametrize("gone", ["removed_at", "withheld_at"])
def test_a_project_that_is_gone_has_no_acts_left(sunny: Company, grace: Client, project: Project, gone: str) -> None:
    with scopes_disabled():
        Project.objects.update(**{gone: NOON, "lat": -33.9, "lon": 151.2})
    page = grace.get(f"/projects/{project.pk}/")
    assert b"page-actions" not in page.content
    assert "Refresh now" not in text_of(page)
    assert "Timeline" in text_of(page)
    answer = grace.post(f"/projects/{project.pk}/refresh/", follow=True)
    assert "it cannot be read again" in text_of(answer)
    assert _asked() == set()


def test_only_who_may_open_a_project_may_ask_for_it(sunny: Company, kestrel: Company, project: Project) -> None:
    for client in (signed_in(sunny.people["inspector"]), signed_in(kestrel.people["administrator"])):
        assert client.post(f"/projects/{project.pk}/refresh/").status_code == 404
        assert client.get(f"/projects/{project.pk}/freshness/").status_code == 404
    assert _asked() == set()
    assert signed_in(sunny.people["sales"]).get(f"/projects/{project.pk}/refresh/").status_code == 405
