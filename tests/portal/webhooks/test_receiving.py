"""The receiver: whom it lets in, what it keeps, what it answers, and how seldom it wakes a worker."""

from __future__ import annotations

import time
from datetime import timedelta
from logging.config import DictConfigurator
from types import SimpleNamespace
from typing import Any

import pytest
from celery import current_app
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled
from kombu import pools

from portal import configuration
from portal.models import InboxEvent
from portal.services import inbox, receiving, webhooks
from tests.portal.webhooks.conftest import Reported, a_project, envelope
from tests.world import connection

LARGEST = 8 * 2**20


def announced() -> list[int]:
    """Connections for which a worker was woken, as the broker has it; takes the messages."""
    receiving._sender().submit(int).result()
    found = []
    with current_app.connection_for_read() as broker, broker.channel() as channel:
        queue = current_app.amqp.queues[current_app.conf.task_default_queue](channel)
        queue.declare()
        while (message := queue.get(no_ack=True)) is not None:
            if message.headers["task"] == "portal.tasks.process_inbox":
                found.append(message.payload[0][0])
    return found


def test_it_is_stored_as_it_came_before_it_is_answered(reported: Reported) -> None:
    body = b' {"model" : "Project"}\n\x00\xff'
    assert reported.post(body) == 200
    (event,) = reported.events()
    assert (bytes(event.body), event.state, event.processed_at) == (body, "new", None)
    assert event.connection_id == connection().pk


@pytest.mark.parametrize(
    "header", ["", "Token ", "Token wrong", "Bearer {secret}", "{secret}x", "Token {secret} ", "Token ünïcode"]
)
def test_forged_is_refused_and_leaves_nothing(reported: Reported, header: str) -> None:
    given = header.format(secret=reported.row.secret["secret"])
    assert reported.post(envelope("Project", 1), header=given) == 404
    assert reported.events() == []


@pytest.mark.parametrize(
    "path", ["/webhooks/opensolar/nothing/", "/webhooks/locus/{key}/", "/webhooks/opensolar/{key}x/"]
)
def test_wrong_address_is_refused_and_leaves_nothing(reported: Reported, path: str) -> None:
    assert reported.post(envelope("Project", 1), path=path.format(key=reported.row.key)) == 404
    assert reported.events() == []


@pytest.mark.parametrize("path", ["opensolar/{key}/", "locus/{key}/", "opensolar/{key}/more/"])
def test_the_log_tells_of_what_was_refused_without_the_key(
    reported: Reported, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert reported.post({}, path=f"/webhooks/{path}".format(key=reported.row.key), header="Token wrong") == 404
    form = configuration.logging("INFO")
    written = DictConfigurator(form).configure_formatter(form["formatters"]["line"])
    lines = [written.format(record) for record in caplog.records if record.name == "django.request"]
    assert [line.partition("Not Found: ")[2] for line in lines] == [f"/webhooks/{path.format(key='[removed]')}"]


def test_replaced_secret_no_longer_opens(reported: Reported) -> None:
    path, header = reported.path, reported.header
    assert reported.post({}, path=path, header=header) == 200
    with scopes_disabled():
        webhooks.replace_secret(connection())
    assert reported.post({}, path=path, header=header) == 404
    assert reported.post({}, path=reported.path, header=header) == 404
    assert reported.post({}) == 200
    assert len(reported.events()) == 2


def test_secret_replaced_between_check_and_storing_stores_nothing(reported: Reported) -> None:
    hooks = receiving.hooks_of("opensolar")
    assert hooks is not None
    door = receiving.admit("opensolar", hooks, reported.row.key, reported.header)
    assert door is not None
    with scopes_disabled():
        webhooks.replace_secret(connection())
    assert not receiving.store(door, b"{}")
    assert reported.events() == []


def test_oversized_is_refused_unread(reported: Reported) -> None:
    assert reported.post(b" " * LARGEST) == 200
    assert reported.post(b" " * (LARGEST + 1)) == 413
    assert len(reported.events()) == 1


def test_body_of_unknown_length_is_refused(reported: Reported) -> None:
    for length in ("", "-1", "many"):
        answer = reported.client.generic(
            "POST", reported.path, b"", headers={"authorization": reported.header}, CONTENT_LENGTH=length
        )
        assert answer.status_code == 411
    assert reported.events() == []


def test_only_posting_is_offered(reported: Reported) -> None:
    for act in (reported.client.get, reported.client.put, reported.client.delete):
        assert act(reported.path, headers={"authorization": reported.header}).status_code == 405


def test_it_costs_one_statement_and_no_session(reported: Reported, monkeypatch: pytest.MonkeyPatch) -> None:
    # All of it within the second in which a worker was woken, however slow the machine is.
    monkeypatch.setattr(receiving, "time", SimpleNamespace(monotonic=lambda: 0.0))
    monkeypatch.setattr(receiving, "A_SECOND", timedelta(hours=1))
    for _ in range(3):
        reported.post({})
    path, header = reported.path, reported.header
    with CaptureQueriesContext(database) as queries:
        answer = reported.client.post(path, b"{}", content_type="application/json", headers={"authorization": header})
    assert answer.status_code == 200
    assert [query["sql"].split()[0] for query in queries] == ["INSERT"]
    assert not answer.cookies
    assert "Content-Security-Policy" not in answer.headers


def test_what_is_no_json_is_kept_and_marked(reported: Reported) -> None:
    reported.deliver(b"hello \x00 password=letmein", b"[1, 2]")
    assert reported.states() == ["unreadable"] * 2
    assert reported.events()[0].message == "It is not JSON."
    assert b"hello" in bytes(reported.events()[0].body)
    assert b"letmein" not in bytes(reported.events()[0].body)


def test_a_worker_is_woken_at_most_once_a_second(reported: Reported) -> None:
    announced()
    path, header = reported.path, reported.header
    began = time.monotonic()
    for number in range(60):
        reported.post(envelope("Project", number), path=path, header=header)
    took = time.monotonic() - began
    found = announced()
    assert set(found) == {connection().pk}
    assert 1 <= len(found) <= 2 + took


def test_a_dead_broker_changes_neither_answer_nor_effect(reported: Reported) -> None:
    number = a_project().opensolar_id
    reported.world.change("projects", number, title="Changed")
    with _dead_broker():
        assert reported.post(envelope("Project", number)) == 200
        receiving._sender().submit(int).result()
    nudged: list[int] = []
    inbox.sweep(nudged.append, lambda _pk: None)
    assert nudged == []
    with scopes_disabled():
        InboxEvent.objects.update(received_at="2026-01-01T00:00:00Z")
    inbox.sweep(nudged.append, lambda _pk: None)
    assert nudged == [connection().pk]
    inbox.process(nudged[0])
    assert a_project(opensolar_id=number).title == "Changed"
    nudged.clear()
    inbox.sweep(nudged.append, lambda _pk: None)
    assert nudged == []


class _dead_broker:  # noqa: N801 - reads as a sentence
    """The application's broker is an address where nobody listens."""

    def __enter__(self) -> None:
        self._before: Any = current_app.conf.broker_url
        self._point_to("redis://127.0.0.1:9/0")

    def __exit__(self, *exc: object) -> None:
        self._point_to(self._before)

    def _point_to(self, address: str) -> None:
        pools.reset()
        current_app._pool = None
        current_app.amqp._producer_pool = None
        current_app.conf.broker_url = current_app.conf.broker_write_url = address
