"""OpenSolar's own log of deliveries: kept, and what never arrived is asked for."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.services import inbox, webhooks
from projects.models import WebhookLog
from tests.portal.sync.evidence import calls
from tests.portal.webhooks.conftest import Reported, a_project, envelope
from tests.world import API, connection

LOG = f"{API}/webhook_process_logs/"


def logged(reported: Reported, event: dict[str, Any], **changes: Any) -> None:
    """OpenSolar's log says that it delivered this event to our webhook."""
    row = {
        "webhook": int(reported.row.vendor_id),
        "successful": True,
        "model_name": event["model"],
        "model_pk": event["model_id"],
        "event_id": event["event_id"],
        "event_name": event["event"],
        "event_timestamp": event["timestamp"],
        "notes": "HTTP 200",
        "created_date": "2026-11-20T02:36:31.019842Z",
    }
    reported.world._send("POST", "opensolar/orgs/1/webhooks/log", {**row, **changes})


def read_log() -> None:
    with scopes_disabled():
        webhooks.ask(connection(), "log")
    inbox.look_after(connection().pk)
    inbox.process(connection().pk)


def rows() -> list[WebhookLog]:
    with scopes_disabled():
        return list(WebhookLog.objects.order_by("opensolar_id"))


def test_what_never_arrived_is_asked_for(reported: Reported) -> None:
    number = a_project().opensolar_id
    arrived, lost = envelope("Contact", 5), envelope("Project", number)
    reported.deliver(arrived)
    reported.world.change("projects", number, title="Reported in vain")
    reported.world._send("GET", "opensolar/orgs/1/webhooks/idle")
    for event in (arrived, lost):
        logged(reported, event)
    logged(reported, envelope("Project", number), webhook=9999)
    read_log()
    assert [row.arrived for row in rows()][-3:] == [True, False, None]
    assert reported.row.missed >= 1
    from portal.services import syncing

    syncing.fetch_pending(connection().pk)
    assert a_project(opensolar_id=number).title == "Reported in vain"


def test_reading_it_again_stores_each_line_once(reported: Reported) -> None:
    logged(reported, envelope("Project", a_project().opensolar_id))
    read_log()
    read_log()
    assert len(rows()) == 1


def test_a_line_that_arrives_after_all_is_marked(reported: Reported) -> None:
    event = envelope("Project", a_project().opensolar_id)
    logged(reported, event)
    read_log()
    reported.deliver(event)
    read_log()
    assert [row.arrived for row in rows()] == [True]
    assert reported.row.missed == 0


def test_it_is_read_every_six_hours_by_the_sync(reported: Reported) -> None:
    reported.world.sync()
    assert calls(reported.world, LOG) == []
    with time_machine.travel(timezone.now() + timedelta(hours=7)):
        reported.world.sync()
    assert calls(reported.world, LOG)


@pytest.mark.parametrize("status", [402, 404, 405])
def test_where_it_is_not_offered_nobody_asks_again(reported: Reported, status: int) -> None:
    reported.world.fault("status", path=LOG, status=status, times=None)
    read_log()
    assert "webhook_logs" in connection().switched_off
    reported.world.log(clear=True)
    with time_machine.travel(timezone.now() + timedelta(hours=7)):
        assert reported.world.sync().code == 0
    assert calls(reported.world, LOG) == []


def test_what_we_asked_for_since_is_not_asked_for_again(reported: Reported) -> None:
    number = a_project().opensolar_id
    logged(reported, envelope("Project", number, timestamp=str(int(time.time()) - 3 * 86_400)))
    reported.world.log(clear=True)
    read_log()
    assert reported.asked("projects", number) == 0
