"""The registration at OpenSolar: there once, as it should be, and never switched on behind somebody's back."""

from __future__ import annotations

import json
from threading import Thread
from typing import Any

import pytest
from django.db import connection as database
from django.db import connections
from django_scopes import scopes_disabled

from portal.models import Connection, Webhook
from portal.services import inbox, webhooks
from tests.portal.sync.evidence import calls
from tests.portal.webhooks.conftest import NOWHERE, Reported, make_vendor
from tests.world import API, World, connection, last_run, open_problems

HOOKS = f"{API}/webhooks/"


@pytest.fixture
def fresh(db: Any, settings: Any) -> Any:
    """A vendor to which nothing is connected yet."""
    settings.PORTAL_BASE_URL = NOWHERE
    with make_vendor() as sandbox:
        made = Reported(World(sandbox))
        made.world.settings(webhook_attempts=1)
        yield made


@pytest.fixture
def shared(transactional_db: Any, fresh: Any) -> Any:
    """The same where rows are committed, so that other threads see them."""
    if database.vendor == "sqlite" and database.is_in_memory_db():  # type: ignore[attr-defined]
        pytest.skip("Threads share nothing in a database in memory.")
    return fresh


def wish(wish: str) -> None:
    with scopes_disabled():
        webhooks.ask(connection(), wish)
    inbox.look_after(connection().pk)


def test_connect_registers_it_once_with_address_secret_and_fields(reported: Reported) -> None:
    reported.connect()
    (one,) = reported.registered()
    assert one["endpoint"] == f"{NOWHERE}{reported.path}"
    assert json.loads(one["headers"]) == {"Authorization": reported.header}
    assert (one["enabled"], one["debug"]) == (True, False)
    assert "project.workflow" in one["trigger_fields"]
    assert not [name for name in one["payload_fields"] if name.endswith("*")]
    assert (reported.row.state, reported.row.vendor_id) == ("on", str(one["id"]))


def test_where_the_newer_field_is_refused_the_documented_ones_do(fresh: Reported) -> None:
    fresh.world.fault("status", path=HOOKS, method="POST", status=400, body={"trigger_fields": ["Unknown field."]})
    assert fresh.connect().code == 0
    (one,) = fresh.registered()
    assert not [name for name in (*one["trigger_fields"], *one["payload_fields"]) if "workflow" in name]
    assert "project.stage" in one["trigger_fields"]
    assert (fresh.row.state, "webhook_fields" in connection().switched_off) == ("on", True)
    fresh.world.log(clear=True)
    fresh.world.sync()
    assert not [call for call in fresh.world.log() if call["method"] in ("POST", "PATCH")]


def test_each_sync_looks_and_changes_nothing_that_is_right(reported: Reported) -> None:
    reported.world.sync()
    assert len(calls(reported.world, HOOKS)) == 1
    assert not [call for call in reported.world.log() if call["method"] in ("POST", "PATCH")]


def test_a_sync_registers_what_is_missing(reported: Reported) -> None:
    (one,) = reported.registered()
    reported.world._send("DELETE", f"opensolar/orgs/1/webhooks/{one['id']}")
    reported.world.sync()
    (again,) = reported.registered()
    assert again["id"] != one["id"]
    assert reported.row.vendor_id == str(again["id"])


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "http://127.0.0.1:9/elsewhere/"},
        {"trigger_fields": ["contact.*"]},
        {"payload_fields": None},
        {"headers": '{"Authorization": "Token else"}'},
    ],
)
def test_what_was_changed_there_is_put_right(reported: Reported, changes: dict[str, Any]) -> None:
    (before,) = reported.registered()
    reported.at_vendor(before["id"], **changes)
    reported.world.sync()
    (after,) = reported.registered()
    assert {**after, "headers": json.loads(after["headers"])} == {**before, "headers": json.loads(before["headers"])}


@pytest.mark.parametrize("shown", [True, False])
def test_a_new_secret_or_address_is_told(reported: Reported, settings: Any, shown: bool) -> None:
    reported.world.settings(webhook_headers_shown=shown)
    with scopes_disabled():
        webhooks.replace_secret(connection())
    settings.PORTAL_BASE_URL = "http://127.0.0.1:10"
    reported.world.sync()
    reported.world.settings(webhook_headers_shown=True)
    (one,) = reported.registered()
    assert one["endpoint"] == f"http://127.0.0.1:10{reported.path}"
    assert json.loads(one["headers"]) == {"Authorization": reported.header}
    reported.world.settings(webhook_headers_shown=shown)
    reported.world.log(clear=True)
    reported.world.sync()
    assert not [call for call in reported.world.log() if call["method"] in ("POST", "PATCH")]


def test_switched_off_there_it_is_reported_and_stays_so_until_somebody_clicks(reported: Reported) -> None:
    (one,) = reported.registered()
    reported.at_vendor(one["id"], enabled=False)
    reported.world.sync()
    assert (reported.registered()[0]["enabled"], reported.row.state) == (False, "switched_off")
    assert "switched off at the vendor" in reported.connect().err
    assert not reported.registered()[0]["enabled"]
    wish("enable")
    assert (reported.registered()[0]["enabled"], reported.row.state, reported.row.wishes) == (True, "on", [])


def test_without_webhooks_none_is_registered_not_even_by_a_sync(fresh: Reported) -> None:
    assert fresh.connect("--no-webhooks").code == 0
    fresh.world.sync()
    assert fresh.registered() == []
    assert fresh.row.state == "not_wanted"
    assert fresh.connect().code == 0
    assert [one["enabled"] for one in fresh.registered()] == [True]


def test_a_disconnected_organisation_is_switched_off_there(reported: Reported) -> None:
    reported.connect("--no-webhooks")
    assert [one["enabled"] for one in reported.registered()] == [False]
    assert reported.row.state == "not_wanted"
    reported.world.sync()
    assert [one["enabled"] for one in reported.registered()] == [False]
    reported.connect()
    assert [one["enabled"] for one in reported.registered()] == [True]
    assert reported.row.state == "on"


def test_without_a_public_address_nothing_is_registered(fresh: Reported, settings: Any) -> None:
    settings.PORTAL_BASE_URL = ""
    assert fresh.connect().code == 0
    fresh.world.sync()
    assert calls(fresh.world, HOOKS) == []
    with scopes_disabled():
        assert not Webhook.objects.exists()


@pytest.mark.parametrize("status", [402, 403, 404, 405, 400])
def test_where_it_is_not_offered_it_is_switched_off_without_noise(fresh: Reported, status: int) -> None:
    fresh.world.fault("status", path=HOOKS, method="GET", status=status, times=None)
    outcome = fresh.connect()
    assert outcome.code == 0
    assert "Changes are not reported at once" in outcome.err
    assert fresh.world.sync().code == 0
    assert (last_run().state, open_problems()) == ("success", [])
    assert fresh.row.state == "refused"
    assert "webhooks" in connection().switched_off
    assert "webhook_fields" not in connection().switched_off
    assert len(calls(fresh.world, HOOKS)) == 1
    fresh.world.heal()
    wish("check")
    assert (fresh.row.state, connection().switched_off.get("webhooks")) == ("on", None)


def test_a_vendor_that_fails_there_costs_no_sync(reported: Reported) -> None:
    reported.world.fault("status", path=HOOKS, method="GET", status=503, times=None)
    assert reported.world.sync().code == 0
    assert last_run().state == "success"
    assert "503" in reported.row.message
    reported.world.heal()
    reported.world.sync()
    assert (reported.row.message, len(reported.registered())) == ("", 1)


def test_one_that_was_made_although_nobody_said_so_is_found_again(fresh: Reported) -> None:
    fresh.world.fault("invalid_json", path=HOOKS, method="POST")
    fresh.connect()
    assert len(fresh.registered()) == 1
    fresh.world.sync()
    (one,) = fresh.registered()
    assert (fresh.row.vendor_id, fresh.row.state) == (str(one["id"]), "on")


def test_a_second_one_of_ours_is_switched_off_and_others_are_left_alone(reported: Reported) -> None:
    (ours,) = reported.registered()
    with scopes_disabled():
        first = Connection.objects.get()
    body = {"enabled": True, "debug": False, "trigger_fields": None, "payload_fields": None, "headers": None}
    twin = f"{NOWHERE}/webhooks/opensolar/older/"
    for endpoint in (twin, "http://127.0.0.1:9/crm/"):
        reported.world._send("POST", "opensolar/orgs/1/webhooks/add", {**body, "endpoint": endpoint})
    reported.world.sync()
    enabled = {one["endpoint"]: one["enabled"] for one in reported.registered()}
    assert enabled == {ours["endpoint"]: True, twin: False, "http://127.0.0.1:9/crm/": True}
    assert first.pk == connection().pk


def test_a_self_test_says_what_came_of_it(reported: Reported) -> None:
    wish("test")
    row = reported.row
    assert row.tested_at is not None
    assert "The portal's own address" in row.test_message
    assert row.wishes == []


def test_a_wish_whose_message_was_lost_is_found(reported: Reported) -> None:
    with scopes_disabled():
        webhooks.ask(connection(), "test")
    nudged: list[int] = []
    inbox.sweep(lambda _pk: None, nudged.append)
    assert nudged == [connection().pk]


def test_a_click_while_wishes_are_taken_away_is_kept(shared: Reported) -> None:
    assert shared.connect().code == 0
    clicks: list[Thread] = []

    def click() -> None:
        with scopes_disabled():
            webhooks.ask(connection(), Webhook.Wish.TEST)
        connections.close_all()

    def meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE") and '"wishes"' in sql and not clicks:
            clicks.append(Thread(target=click))
            clicks[0].start()
            # It goes through at once, or waits for the lock.
            clicks[0].join(1)
        return execute(sql, params, many, context)

    with scopes_disabled():
        Webhook.objects.update(wishes=[Webhook.Wish.CHECK])
    with database.execute_wrapper(meanwhile):
        inbox.look_after(connection().pk)
    clicks[0].join()
    assert shared.row.wishes == [Webhook.Wish.TEST]
