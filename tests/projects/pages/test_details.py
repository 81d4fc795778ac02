"""Opening a project asks OpenSolar for what its systems are made of, once, and only where that can help."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Connection, ConnectionState, PendingFetch, Rank
from projects.models import Project, System
from tests.conftest import Company
from tests.factories import NOON, make_project, make_system
from tests.projects.pages.reading import text_of

Committing = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]


def _asked() -> list[tuple[str, str, int]]:
    with scopes_disabled():
        return list(PendingFetch.objects.values_list("resource", "vendor_id", "rank"))


def _messages() -> list[Any]:
    """What waits for a worker; read away."""
    found = []
    with current_app.connection_for_read() as broker:
        queue = broker.SimpleQueue("celery")
        with contextlib.suppress(queue.Empty):
            while True:
                message = queue.get(block=False)
                found.append((message.headers["task"], message.payload[0]))
                message.ack()
        queue.close()
    return found


@pytest.fixture
def project(sunny: Company) -> Project:
    """A project with a system whose details are missing."""
    found = make_project(sunny.connection, opensolar_id=500)
    make_system(found)
    return found


def test_opening_asks_first_of_all_and_wakes_a_worker(
    grace: Client, project: Project, django_capture_on_commit_callbacks: Committing
) -> None:
    _messages()
    with django_capture_on_commit_callbacks(execute=True):
        page = grace.get(f"/projects/{project.pk}/")
    assert _asked() == [("system_details", "500", Rank.SOMEBODY_LOOKS)]
    assert _messages() == [("portal.tasks.fetch_pending", [project.connection_id])]
    assert "on their way from OpenSolar" in text_of(page)
    assert f'hx-get="/projects/{project.pk}/systems/" hx-trigger="every 4s"' in page.content.decode()


def test_opening_twice_asks_once_and_raises_what_waits(sunny: Company, grace: Client, project: Project) -> None:
    with scopes_disabled():
        PendingFetch.objects.create(
            connection=sunny.connection, resource="system_details", vendor_id="500", rank=Rank.REST
        )
    grace.get(f"/projects/{project.pk}/")
    grace.get(f"/projects/{project.pk}/")
    assert _asked() == [("system_details", "500", Rank.SOMEBODY_LOOKS)]


def test_nothing_is_asked_when_all_is_there(sunny: Company, grace: Client) -> None:
    complete = make_project(sunny.connection)
    make_system(complete, details_at=NOON)
    page = grace.get(f"/projects/{complete.pk}/")
    grace.get(f"/projects/{make_project(sunny.connection).pk}/")
    assert _asked() == []
    assert b'hx-trigger="every' not in page.content


def test_one_system_without_details_is_enough(sunny: Company, grace: Client, project: Project) -> None:
    make_system(project, details_at=NOON)
    grace.get(f"/projects/{project.pk}/")
    assert len(_asked()) == 1


def test_an_account_that_does_not_offer_them_is_not_asked(sunny: Company, grace: Client, project: Project) -> None:
    with scopes_disabled():
        Connection.objects.update(switched_off={"system_details": "402"})
    page = grace.get(f"/projects/{project.pk}/")
    assert _asked() == []
    assert "not part of this OpenSolar account's plan" in text_of(page)
    assert b'hx-trigger="every' not in page.content


@pytest.mark.parametrize("state", [ConnectionState.PAUSED, ConnectionState.CREDENTIALS])
def test_a_connection_that_stands_still_is_not_asked(grace: Client, project: Project, state: ConnectionState) -> None:
    with scopes_disabled():
        Connection.objects.update(state=state)
    page = grace.get(f"/projects/{project.pk}/")
    assert _asked() == []
    assert f"cannot be asked for: {state.label}" in text_of(page)


@pytest.mark.parametrize("gone", ["removed_at", "withheld_at"])
def test_a_project_that_is_gone_is_not_asked_for(grace: Client, project: Project, gone: str) -> None:
    with scopes_disabled():
        Project.objects.update(**{gone: NOON})
    grace.get(f"/projects/{project.pk}/")
    assert _asked() == []


def test_a_waiting_page_hears_nothing_until_the_details_are_there(grace: Client, project: Project) -> None:
    grace.get(f"/projects/{project.pk}/")
    waiting = grace.get(f"/projects/{project.pk}/systems/")
    assert (waiting.status_code, waiting.content) == (204, b"")
    groups = [{"module_quantity": 18, "azimuth": 7, "slope": 20.0, "layout": "portrait"}]
    with scopes_disabled():
        System.objects.update(details_at=NOON, module_groups=groups)
        PendingFetch.objects.all().delete()
    arrived = grace.get(f"/projects/{project.pk}/systems/")
    assert arrived.status_code == 200
    assert "Panel groups" in text_of(arrived)
    assert b"hx-trigger" not in arrived.content
    assert b"<html" not in arrived.content


def test_a_page_stops_waiting_when_opensolar_takes_long(grace: Client, project: Project) -> None:
    grace.get(f"/projects/{project.pk}/")
    with scopes_disabled():
        PendingFetch.objects.update(not_before=NOON + timedelta(minutes=10))
    later = grace.get(f"/projects/{project.pk}/systems/")
    assert "asked again by itself" in text_of(later)
    with scopes_disabled():
        PendingFetch.objects.all().delete()
    given_up = grace.get(f"/projects/{project.pk}/systems/")
    assert "had no details of these systems yet" in text_of(given_up)


def test_waiting_itself_asks_for_nothing(grace: Client, project: Project) -> None:
    grace.get(f"/projects/{project.pk}/systems/")
    assert _asked() == []
