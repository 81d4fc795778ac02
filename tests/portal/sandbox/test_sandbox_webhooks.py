"""Webhooks of the sandbox: registering as document 000 says, what fires, what is carried, retries, the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.portal.sandbox.conftest import Caller

HOOKS, LOG = "/api/orgs/1/webhooks/", "/api/orgs/1/webhook_process_logs/"
PROJECT, CONTACT = 400_001, 0


class Receiver:
    """A portal of its own: keeps what was posted, answers what it is told to."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/hook/")
        self.seen: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.answers: list[int] = []
        server.expect_request("/hook/", method="POST").respond_with_handler(self._take)

    def _take(self, request: Request) -> Response:
        self.seen.append((dict(request.headers), request.get_json()))
        return Response("", status=self.answers.pop(0) if self.answers else 200)

    @property
    def envelopes(self) -> list[dict[str, Any]]:
        return [envelope for _, envelope in self.seen]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with HTTPServer(host="127.0.0.1") as server:
        yield Receiver(server)


def register(admin: Caller, receiver: Receiver, **more: Any) -> int:
    body = {
        "endpoint": receiver.url,
        "headers": json.dumps({"Authorization": "Token secret"}),
        "enabled": True,
        "debug": False,
        "trigger_fields": ["contact.*", "project.*"],
        "payload_fields": ["contact.*", "project.id", "project.systems.kw_stc"],
        **more,
    }
    answer = admin.post(HOOKS, json=body)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


def happen(admin: Caller, method: str, path: str, body: Any = None) -> None:
    admin.control(method, f"/opensolar/orgs/1/{path}", body if body is not None else {})
    settle(admin)


def settle(admin: Caller) -> None:
    assert admin.control("GET", "/opensolar/orgs/1/webhooks/idle") == {"waiting": 0}


def first(admin: Caller, resource: str) -> int:
    row = admin.rows(resource, limit=1, **({"fieldset": "list"} if resource == "systems" else {}))[0]
    number: int = row["id"]
    return number


def test_they_are_registered_listed_and_changed(admin: Caller, receiver: Receiver) -> None:
    number = register(admin, receiver)
    (listed,) = admin.get(HOOKS).json()
    assert (listed["id"], listed["endpoint"], listed["enabled"]) == (number, receiver.url, True)
    assert json.loads(listed["headers"]) == {"Authorization": "Token secret"}
    changed = admin.request("PATCH", f"{HOOKS}{number}/", json={"enabled": False})
    assert (changed.status_code, changed.json()["enabled"]) == (200, False)
    admin.set(webhook_headers_shown=False)
    assert "headers" not in admin.get(HOOKS).json()[0]
    assert admin.request("DELETE", f"{HOOKS}{number}/").status_code == 405
    assert admin.request("PATCH", f"{HOOKS}9999/", json={"enabled": True}).status_code == 404


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"endpoint", "enabled", "debug"}),
        ({"endpoint": "no address", "enabled": "yes", "debug": False}, {"endpoint", "enabled"}),
        ({"endpoint": "https://a.example/", "enabled": True, "debug": False, "headers": {"a": "b"}}, {"headers"}),
        ({"endpoint": "https://a.example/", "enabled": True, "debug": False, "headers": "a: b"}, {"headers"}),
        (
            {"endpoint": "https://a.example/", "enabled": True, "debug": False, "trigger_fields": "*"},
            {"trigger_fields"},
        ),
    ],
)
def test_what_makes_no_sense_is_refused(admin: Caller, body: dict[str, Any], fields: set[str]) -> None:
    answer = admin.post(HOOKS, json=body)
    assert (answer.status_code, set(answer.json())) == (400, fields)


def test_a_change_is_reported_with_its_headers_and_its_payload_fields(admin: Caller, receiver: Receiver) -> None:
    register(admin, receiver)
    number = first(admin, "projects")
    happen(admin, "PATCH", f"projects/{number}", {"stage": 2})
    ((headers, envelope),) = receiver.seen
    assert (headers["Authorization"], headers["Content-Type"]) == ("Token secret", "application/json")
    assert (envelope["model"], envelope["model_id"], envelope["event"]) == ("Project", number, "UPDATE")
    assert envelope["timestamp"].isdecimal()
    assert envelope["fields"]["id"] == number
    assert all(set(system) == {"kw_stc"} for system in envelope["fields"].get("systems", []))
    assert set(envelope["fields"]) <= {"id", "systems"}


def test_creation_and_deletion_are_reported_and_a_deletion_has_no_fields(admin: Caller, receiver: Receiver) -> None:
    register(admin, receiver)
    happen(admin, "POST", "projects", {"id": 777, "title": "New"})
    happen(admin, "DELETE", "projects/777")
    assert [one["event"] for one in receiver.envelopes if one["model_id"] == 777] == ["CREATE", "DELETE"]
    assert "fields" not in receiver.envelopes[-1]


def test_a_system_is_its_projects_change(admin: Caller, receiver: Receiver) -> None:
    register(admin, receiver, trigger_fields=["project.systems.kw_stc"])
    system = admin.rows("systems", limit=1, fieldset="list")[0]
    happen(admin, "PATCH", f"systems/{system['id']}", {"kw_stc": 1.5})
    happen(admin, "PATCH", f"systems/{system['id']}", {"name": "East"})
    (envelope,) = receiver.envelopes
    assert system["project"].endswith(f"/projects/{envelope['model_id']}/")
    assert 1.5 in [one["kw_stc"] for one in envelope["fields"]["systems"]]


def test_only_what_is_among_the_trigger_fields_fires(admin: Caller, receiver: Receiver) -> None:
    register(admin, receiver, trigger_fields=["project.stage"])
    happen(admin, "PATCH", f"projects/{first(admin, 'projects')}", {"title": "Else"})
    happen(admin, "PATCH", f"contacts/{first(admin, 'contacts')}", {"phone": "1"})
    assert receiver.seen == []


def test_null_means_the_documented_defaults(admin: Caller, receiver: Receiver) -> None:
    register(admin, receiver, trigger_fields=None, payload_fields=None)
    number = first(admin, "projects")
    happen(admin, "PATCH", f"projects/{number}", {"title": "Not among them"})
    happen(admin, "PATCH", f"projects/{number}", {"notes": "Among them"})
    (envelope,) = receiver.envelopes
    assert envelope["fields"]["notes"] == "Among them"
    assert "title" not in envelope["fields"]


def test_a_contact_comes_with_relative_addresses_and_few_fields(admin: Caller, receiver: Receiver) -> None:
    register(admin, receiver)
    number = first(admin, "contacts")
    happen(admin, "PATCH", f"contacts/{number}", {"phone": "0491 570 006"})
    fields = receiver.envelopes[0]["fields"]
    assert (fields["phone"], fields["url"]) == ("0491 570 006", f"/api/orgs/1/contacts/{number}/")
    assert all(url.startswith("/api/orgs/1/projects/") for url in fields["projects"])
    assert "passport_number" not in fields


def test_nothing_goes_to_one_that_is_switched_off(admin: Caller, receiver: Receiver) -> None:
    register(admin, receiver, enabled=False)
    happen(admin, "PATCH", f"projects/{first(admin, 'projects')}", {"stage": 2})
    assert receiver.seen == []


def test_a_refused_delivery_is_tried_again_and_each_attempt_is_logged(admin: Caller, receiver: Receiver) -> None:
    admin.set(webhook_retry_seconds=0.01)
    register(admin, receiver)
    receiver.answers = [500, 503]
    happen(admin, "PATCH", f"projects/{first(admin, 'projects')}", {"stage": 2})
    assert len({json.dumps(one) for one in receiver.envelopes}) == 1
    log = admin.get(LOG).json()
    assert [(row["successful"], row["notes"]) for row in log] == [
        (True, "HTTP 200"),
        (False, "HTTP 503"),
        (False, "HTTP 500"),
    ]


def test_the_log_comes_in_pages_and_as_csv_and_an_empty_page_is_a_500(admin: Caller, receiver: Receiver) -> None:
    assert admin.get(LOG).status_code == 500
    assert admin.get(LOG, format="csv").text.startswith("id,webhook,successful,model_name")
    register(admin, receiver)
    for title in ("one", "two", "three"):
        happen(admin, "PATCH", f"projects/{first(admin, 'projects')}", {"title": title})
    assert [len(admin.get(LOG, page=number, limit=2).json()) for number in (1, 2)] == [2, 1]
    assert admin.get(LOG, page=3, limit=2).status_code == 500
    assert admin.get(LOG, search="contact").status_code == 500
    assert len(admin.get(LOG, format="csv").text.splitlines()) == 4


def test_an_envelope_can_be_sent_by_hand(admin: Caller, receiver: Receiver) -> None:
    register(admin, receiver)
    envelope = {"timestamp": "1605832669", "model": "Quote", "model_id": 5, "event": "CREATE", "event_id": 1}
    assert admin.control("POST", "/opensolar/orgs/1/webhooks/send", envelope) == {"sent": 1}
    settle(admin)
    assert receiver.envelopes == [envelope]
