"""What the buttons of a connection do, from the press to what the vendor was asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Connection, ConnectionState, PendingFetch, Rank, RunState, SyncProblem, SyncRun
from portal.services.syncing import fetch_pending, run_queued
from projects.models import Contact, Project
from tests.conftest import Company
from tests.portal.pages.reading import words
from tests.world import World, connection, last_run, open_problems

ACTS = ("sync", "pause", "resume", "machine-user", "switch-on")


def press(client: Client, address: str, **given: str) -> str:
    """Presses a button and returns the words of the page it leads to."""
    return words(client.post(address, given, follow=True))


def run_what_waits() -> SyncRun:
    """What a worker does with the queued run."""
    run_queued(last_run().pk)
    return last_run()


def problem(company: Company, **columns: Any) -> SyncProblem:
    given = {"resource": "projects", "vendor_id": "3001", "reason": "It has no date.", "seen_at": timezone.now()}
    return SyncProblem.objects.create(connection=company.connection, **{**given, **columns})


@pytest.mark.parametrize("act", ACTS)
def test_looking_changes_nothing(sunny: Company, client: Client, act: str) -> None:
    assert client.get(f"/connections/{sunny.connection.pk}/{act}/").status_code == 405


@pytest.mark.parametrize("act", ACTS)
def test_a_strange_page_cannot_press_buttons(sunny: Company, act: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(sunny.people["administrator"])
    assert client.post(f"/connections/{sunny.connection.pk}/{act}/").status_code == 403


@pytest.mark.parametrize("act", [*ACTS, "login", "problem"])
def test_sales_people_cannot_press_buttons(sunny: Company, act: str) -> None:
    client = Client()
    client.force_login(sunny.people["sales"])
    address = f"/connections/{sunny.connection.pk}/{act}/"
    if act == "problem":
        address = f"/connections/problems/{problem(sunny).pk}/dismiss/"
    assert client.post(address).status_code == 404
    with scopes_disabled():
        assert not SyncRun.objects.exists()


def test_sync_now_runs_everything_and_the_page_tells_how_it_ended(world: World, owner: Client) -> None:
    address = f"/connections/{connection().pk}/"
    assert "Waiting to start Asked for just now by Ada Lovelace" in press(owner, address + "sync/")
    assert run_what_waits().state == RunState.SUCCESS
    text = words(owner.get(address))
    assert "40 projects looked at, 40 new" in text
    assert "Working" in text


def test_pressed_twice_one_run_waits(sunny: Company, client: Client) -> None:
    for _ in range(2):
        press(client, f"/connections/{sunny.connection.pk}/sync/")
    with scopes_disabled():
        assert SyncRun.objects.count() == 1


def test_from_the_list_it_goes_back_to_the_list(sunny: Company, client: Client) -> None:
    answer = client.post(f"/connections/{sunny.connection.pk}/sync/", {"from": "list"})
    assert answer.headers["location"] == "/connections/"


def test_paused_connection_rests_until_resumed(sunny: Company, client: Client) -> None:
    address = f"/connections/{sunny.connection.pk}/"
    press(client, address + "sync/")
    assert "Paused by Administrator." in press(client, address + "pause/")
    with scopes_disabled():
        assert not SyncRun.objects.exists()
    assert "This connection is paused." in press(client, address + "sync/")
    with scopes_disabled():
        assert not SyncRun.objects.exists()
    assert "Waiting to start" in press(client, address + "resume/")
    with scopes_disabled():
        now = Connection.objects.get(pk=sunny.connection.pk)
    assert (now.state, now.message) == (ConnectionState.NEW, "")


def test_resuming_what_is_not_paused_changes_nothing(sunny: Company, client: Client) -> None:
    with scopes_disabled():
        Connection.objects.update(state=ConnectionState.CREDENTIALS, message="No.")
    press(client, f"/connections/{sunny.connection.pk}/resume/")
    with scopes_disabled():
        assert Connection.objects.get(pk=sunny.connection.pk).state == ConnectionState.CREDENTIALS
        assert not SyncRun.objects.exists()


def test_record_that_was_put_right_comes_in_by_trying_again(world: World, owner: Client) -> None:
    world.sync()
    with scopes_disabled():
        number = Project.objects.values_list("opensolar_id", flat=True)[0]
    world.replace("projects", number, {"id": number, "title": "4 Main St", "modified_date": {"no": "date"}})
    world.sync()
    [bad] = open_problems()
    world.replace("projects", number, {"id": number, "title": "4 Main St", "modified_date": "2026-11-20T09:00:00Z"})
    world.log(clear=True)
    text = press(owner, f"/connections/problems/{bad.pk}/retry/")
    assert "It is asked for again." in text
    with scopes_disabled():
        assert PendingFetch.objects.get(vendor_id=str(number)).rank == Rank.SOMEBODY_LOOKS
    fetch_pending(connection().pk)
    assert [seen["path"] for seen in world.log() if f"/projects/{number}/" in seen["path"]]
    assert open_problems() == []


@pytest.mark.parametrize("vendor_id", ["3001", "? title Main St", ""])
def test_record_that_cannot_be_asked_for_singly_waits_for_a_sync(
    sunny: Company, client: Client, vendor_id: str
) -> None:
    found = problem(sunny, resource="contacts", vendor_id=vendor_id)
    press(client, f"/connections/problems/{found.pk}/retry/")
    with scopes_disabled():
        assert SyncRun.objects.get().asked_by == sunny.people["administrator"]
        assert not PendingFetch.objects.exists()


def test_many_removals_happen_only_after_a_yes(world: World, owner: Client) -> None:
    world.sync()
    with scopes_disabled():
        gone = list(Contact.objects.values_list("opensolar_id", flat=True)[:21])
    for number in gone:
        world.delete("contacts", number)
    world.sync()
    [brake] = open_problems()
    asked = words(owner.get(f"/connections/problems/{brake.pk}/allow/"))
    assert "Remove many contacts?" in asked
    assert brake.reason in asked
    with scopes_disabled():
        assert Contact.objects.filter(removed_at=None, opensolar_id__in=gone).count() == 21
    text = press(owner, f"/connections/problems/{brake.pk}/allow/")
    assert "Ada Lovelace has allowed it" in text
    assert run_what_waits().counts["contacts"]["removed"] == 21
    with scopes_disabled():
        assert not Contact.objects.filter(removed_at=None, opensolar_id__in=gone).exists()
    assert open_problems() == []


def test_only_removals_can_be_allowed(sunny: Company, client: Client) -> None:
    assert client.post(f"/connections/problems/{problem(sunny).pk}/allow/").status_code == 404
    done = problem(sunny, what="removals", resolved_at=timezone.now())
    assert client.post(f"/connections/problems/{done.pk}/allow/").status_code == 404


def test_while_paused_nothing_is_allowed(sunny: Company, client: Client) -> None:
    found = problem(sunny, what="removals", vendor_id="")
    press(client, f"/connections/{sunny.connection.pk}/pause/")
    assert "This connection is paused." in press(client, f"/connections/problems/{found.pk}/allow/")
    found.refresh_from_db()
    assert found.approved_by is None


def test_dismissed_problem_leaves_the_page(sunny: Company, client: Client) -> None:
    found = problem(sunny)
    text = press(client, f"/connections/problems/{found.pk}/dismiss/")
    assert "Every record that came could be taken in." in text
    found.refresh_from_db()
    assert found.resolved_at is not None


@pytest.mark.parametrize(("given", "stored"), [("on", True), ("off", False), ("", None)])
def test_machine_user_is_noted_in_both_directions(
    sunny: Company, client: Client, given: str, stored: bool | None
) -> None:
    with scopes_disabled():
        Connection.objects.update(machine_user=not stored if stored is not None else True)
    text = press(client, f"/connections/{sunny.connection.pk}/machine-user/", machine_user=given)
    with scopes_disabled():
        assert Connection.objects.get(pk=sunny.connection.pk).machine_user is stored
        assert SyncRun.objects.exists() is (stored is not None)
    assert "Noted." in text


def test_machine_user_is_told_to_the_vendor_by_the_sync(world: World, owner: Client) -> None:
    world.log(clear=True)
    press(owner, f"/connections/{connection().pk}/machine-user/", machine_user="on")
    assert run_what_waits().state == RunState.SUCCESS
    assert [seen["method"] for seen in world.log() if "/auth/users/" in seen["path"]] == ["PATCH"]


def test_nonsense_for_the_machine_user_is_refused(sunny: Company, client: Client) -> None:
    text = press(client, f"/connections/{sunny.connection.pk}/machine-user/", machine_user="perhaps")
    assert "Choose yes, no, or as it is." in text


def test_refused_optional_call_is_tried_again_with_everything(sunny: Company, client: Client) -> None:
    with scopes_disabled():
        Connection.objects.update(switched_off={"system_details": "402", "other": "405"})
    press(client, f"/connections/{sunny.connection.pk}/switch-on/", part="system_details")
    with scopes_disabled():
        assert Connection.objects.get(pk=sunny.connection.pk).switched_off == {"other": "405"}
        assert SyncRun.objects.get().full
