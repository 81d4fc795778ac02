"""Webhooks at the wire: registering, the delivery log in both forms, and reading an envelope of any quality."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from portal.lib import errors
from portal.lib.http import Transport
from portal.vendors.opensolar import webhooks
from portal.vendors.opensolar.client import OpenSolar
from portal.vendors.opensolar.webhook_verbs import WebhookVerbs

HOOKS, LOG = "/api/orgs/16/webhooks/", "/api/orgs/16/webhook_process_logs/"
AT = datetime(2020, 11, 20, 0, 37, 49, tzinfo=UTC)
ENVELOPE: dict[str, Any] = {
    "timestamp": "1605832669",
    "model": "Project",
    "model_id": 12,
    "identifier": "from elsewhere",
    "event": "UPDATE",
    "event_id": 1,
    "fields": {"id": 12, "stage": 2},
}


class _Token:
    def current(self) -> str:
        return "token"

    def renew(self, stale: str) -> str:
        return "token-2"


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1") as made:
        yield made


@pytest.fixture
def verbs(server: HTTPServer) -> Iterator[WebhookVerbs]:
    line = Transport(server.url_for(""), name="OpenSolar", sleep=lambda _seconds: None)
    yield OpenSolar(line, "16", _Token()).webhooks
    line.close()


def read(**changes: Any) -> webhooks.Event:
    return webhooks.parse_event(json.dumps({**ENVELOPE, **changes}).encode())


def test_creating_sends_all_documented_fields_and_headers_as_a_text(server: HTTPServer, verbs: WebhookVerbs) -> None:
    server.expect_request(HOOKS, method="POST").respond_with_json({"id": 501}, status=201)
    made = verbs.create(
        endpoint="https://portal.example.com/webhooks/opensolar/k/",
        headers=webhooks.header_for("s3cret"),
        trigger_fields=("project.stage",),
        payload_fields=("project.id",),
    )
    assert made == 501
    assert server.log[0][0].get_json() == {
        "endpoint": "https://portal.example.com/webhooks/opensolar/k/",
        "headers": '{"Authorization":"Token s3cret"}',
        "enabled": True,
        "debug": False,
        "trigger_fields": ["project.stage"],
        "payload_fields": ["project.id"],
    }


def test_creating_is_not_repeated_when_nobody_knows_whether_it_worked(server: HTTPServer, verbs: WebhookVerbs) -> None:
    server.expect_request(HOOKS, method="POST").respond_with_data("", status=504)
    with pytest.raises(errors.TransientError):
        verbs.create(endpoint="https://a.example/", headers={}, trigger_fields=(), payload_fields=())
    assert len(server.log) == 1


def test_changing_sends_what_changes_and_a_trailing_slash(server: HTTPServer, verbs: WebhookVerbs) -> None:
    server.expect_request(f"{HOOKS}501/", method="PATCH").respond_with_data("")
    verbs.update(501, enabled=False, headers={"Authorization": "Token x"}, trigger_fields=("contact.*",))
    assert server.log[0][0].get_json() == {
        "enabled": False,
        "headers": '{"Authorization":"Token x"}',
        "trigger_fields": ["contact.*"],
    }


def test_registered_ones_are_read_whatever_their_form(server: HTTPServer, verbs: WebhookVerbs) -> None:
    rows = [
        {
            "id": 1,
            "endpoint": "https://a.example/",
            "enabled": True,
            "headers": '{"A": "b"}',
            "trigger_fields": ["x.*"],
        },
        {"url": "/api/orgs/16/webhooks/2/", "enabled": False, "trigger_fields": '["y.*"]', "payload_fields": None},
        {"endpoint": "https://without.example/"},
        "nonsense",
    ]
    server.expect_request(HOOKS).respond_with_json(rows)
    one, two = verbs.registered()
    assert (one.id, one.headers, one.trigger_fields, one.payload_fields) == (1, {"A": "b"}, ["x.*"], None)
    assert (two.id, two.enabled, two.headers, two.trigger_fields) == (2, False, None, ["y.*"])


def log_row(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "webhook": "https://api.example/api/orgs/16/webhooks/501/",
        "successful": number % 2 == 0,
        "model_name": "Project",
        "model_pk": 12,
        "event_id": number,
        "event_name": "UPDATE",
        "event_timestamp": "1605832669",
        "notes": "",
        "created_date": "2020-11-20 00:37:49+00:00",
    }


def test_the_log_is_read_page_by_page_until_the_500(server: HTTPServer, verbs: WebhookVerbs) -> None:
    def answer(request: Request) -> Response:
        number = int(request.args.get("page", 1))
        rows = [log_row(number * 100 + place) for place in range(12)]
        return Response(json.dumps(rows), content_type="application/json") if number < 3 else Response(status=500)

    server.expect_request(LOG).respond_with_handler(answer)
    rows = verbs.log()
    assert [row.id for row in rows] == [*range(100, 112), *range(200, 212)]
    assert (rows[0].webhook, rows[0].successful, rows[0].created_at) == (501, True, AT)
    assert [request.query_string for request, _ in server.log] == [b"", b"page=2", b"page=3"]


def test_a_short_first_page_is_all(server: HTTPServer, verbs: WebhookVerbs) -> None:
    server.expect_request(LOG).respond_with_json([log_row(1), {"no": "id"}])
    assert [row.id for row in verbs.log()] == [1]
    assert len(server.log) == 1


def test_a_log_that_ignores_pages_is_read_once(server: HTTPServer, verbs: WebhookVerbs) -> None:
    server.expect_request(LOG).respond_with_json([log_row(number) for number in range(30)])
    assert len(verbs.log()) == 30


def test_an_empty_log_is_told_from_a_failing_one_by_its_csv(server: HTTPServer, verbs: WebhookVerbs) -> None:
    def answer(request: Request) -> Response:
        if request.args.get("format") == "csv":
            assert "text/csv" in request.headers["Accept"]
            return Response("id,webhook,successful,model_name\r\n7,501,True,Contact\r\n", content_type="text/csv")
        return Response(status=500)

    server.expect_request(LOG).respond_with_handler(answer)
    (row,) = verbs.log()
    assert (row.id, row.webhook, row.successful, row.model) == (7, 501, True, "Contact")
    server.clear()
    server.expect_request(LOG).respond_with_data("", status=500)
    with pytest.raises(errors.TransientError):
        verbs.log()


def test_an_envelope_is_read() -> None:
    event = read()
    assert (event.model, event.model_id, event.verb, event.event_id) == ("Project", 12, "UPDATE", 1)
    assert event.at == datetime(2020, 11, 20, 0, 37, 49, tzinfo=UTC)
    assert event.fields == {"id": 12, "stage": 2}


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        ("1605832669", AT),
        (1605832669, AT),
        ("2020-11-20T00:37:49.000000Z", AT),
        ("2020-11-20 00:37:49+00:00", AT),
        ("2020-11-20 11:37:49+11:00", AT),
        ("soon", None),
        (None, None),
        ("1e300", None),
        ("nan", None),
        (True, None),
    ],
)
def test_both_forms_of_a_timestamp_are_read(sent: Any, at: datetime | None) -> None:
    assert read(timestamp=sent).at == at


@pytest.mark.parametrize(
    "fields",
    [
        {"project": "/api/orgs/15/projects/11/"},
        {"project": "http://localhost:8000/api/orgs/15/projects/11/"},
        {"project": None, "project_id": 11},
    ],
)
def test_ids_are_taken_from_paths_whatever_the_host(fields: dict[str, Any]) -> None:
    assert read(model="Event", fields=fields).project_id == 11


def test_the_id_is_taken_from_the_fields_where_the_envelope_lacks_it() -> None:
    assert read(model_id=None, fields={"url": "/api/orgs/14/contacts/5/"}).model_id == 5


def test_a_deletion_carries_no_fields() -> None:
    envelope = {name: value for name, value in ENVELOPE.items() if name != "fields"} | {"event": "delete"}
    event = webhooks.parse_event(json.dumps(envelope).encode())
    assert (event.verb, event.fields) == ("DELETE", None)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "It is not JSON."),
        (b"\xff\xfe", "It is not JSON."),
        (b"[" * 100_000, "It is not JSON."),
        (b"[1]", "It is JSON, but no object."),
        (b'{"model_id": 1, "event": "UPDATE"}', "which kind of record"),
        (b'{"model": "Project", "model_id": 1, "event": "RENAME"}', "neither CREATE nor UPDATE"),
        (b'{"model": "Project", "event": "UPDATE"}', "which record"),
        (b'{"model": "Project", "model_id": -4, "event": "UPDATE"}', "which record"),
    ],
)
def test_what_is_no_envelope_is_told_in_a_sentence(body: bytes, reason: str) -> None:
    with pytest.raises(webhooks.NotAnEvent, match=reason):
        webhooks.parse_event(body)


def test_the_same_event_has_the_same_fingerprint_and_another_has_not() -> None:
    prints = {read().fingerprint, read(fields=None).fingerprint, read(timestamp=1605832669).fingerprint}
    assert len(prints) == 1
    assert read(event_id=2).fingerprint not in prints


def test_only_the_registered_secret_is_genuine() -> None:
    digest = webhooks.digest_of("s3cret")
    assert webhooks.is_genuine("Token s3cret", digest)
    assert not any(webhooks.is_genuine(given, digest) for given in ("", "Token ", "Token S3cret", "Bearer s3cret"))


def test_fields_are_named_singly_and_with_the_stage_of_the_workflow() -> None:
    for names, documented in zip(webhooks.fields(True), webhooks.fields(False), strict=True):
        assert len(set(names)) == len(names)
        assert set(names) - set(documented) == {"project.workflow"}
        assert {name.partition(".")[0] for name in names} == {"project", "contact", "event"}
    assert not [name for name in webhooks.PAYLOAD_FIELDS if name.endswith("*")]
