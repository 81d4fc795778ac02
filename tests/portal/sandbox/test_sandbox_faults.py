"""Faults on demand, the log of requests, and the server's manners on the wire."""

from __future__ import annotations

import http.client
import threading
import time
from typing import Any

import pytest
import requests

PROJECTS = "/api/orgs/1/projects/"


def test_a_status_fault_hits_once_and_passes(admin: Any) -> None:
    admin.spoil(PROJECTS, "status", status=503, retry_after=2)
    answer = admin.get(PROJECTS)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.json() == {"detail": "Service Unavailable."}
    assert admin.get(PROJECTS).status_code == 200


def test_a_fault_skips_then_hits_its_times_on_what_it_names(admin: Any) -> None:
    admin.spoil(r"/api/orgs/1/.*", "status", method="GET", query={"page": "3"}, status=429, skip=1, times=2)
    asked = [{"page": 3}, {"page": 2}, {"page": 3, "limit": 5}, {"page": 3}, {"page": 3}]
    assert [admin.get(PROJECTS, **query).status_code for query in asked] == [200, 200, 429, 429, 200]


def test_a_fault_without_times_stays_until_cleared(admin: Any) -> None:
    admin.spoil(PROJECTS, "status", status=504, times=None)
    assert [admin.get(PROJECTS).status_code for _ in range(3)] == [504] * 3
    assert admin.control("GET", "/faults")[0]["hits"] == 3
    assert admin.get("/api/orgs/1/contacts/").status_code == 200
    admin.control("DELETE", "/faults")
    assert admin.get(PROJECTS).status_code == 200


def test_the_body_fault_answers_with_any_json(admin: Any) -> None:
    admin.spoil(PROJECTS, "body", body={"results": [None]})
    answer = admin.get(PROJECTS)
    assert (answer.status_code, answer.json()) == (200, {"results": [None]})


def test_the_html_fault_answers_200_with_a_page(admin: Any) -> None:
    admin.spoil(PROJECTS, "html")
    answer = admin.get(PROJECTS)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!doctype html>")


def test_invalid_json_is_whole_on_the_wire_and_broken_inside(admin: Any) -> None:
    admin.spoil(PROJECTS, "invalid_json")
    answer = admin.get(PROJECTS)
    assert answer.status_code == 200
    assert answer.text.startswith('[{"')
    with pytest.raises(ValueError):
        answer.json()


def test_a_cut_answer_promises_more_than_it_sends(admin: Any) -> None:
    admin.spoil(PROJECTS, "cut")
    with pytest.raises(requests.exceptions.ChunkedEncodingError) as caught:
        admin.get(PROJECTS)
    broken = caught.value.args[0].args[1]
    assert isinstance(broken, http.client.IncompleteRead) or "IncompleteRead" in repr(broken)
    assert admin.get(PROJECTS).status_code == 200


def test_a_reset_connection_gives_no_answer(admin: Any) -> None:
    admin.spoil(PROJECTS, "reset")
    with pytest.raises(requests.exceptions.ConnectionError) as caught:
        admin.get(PROJECTS)
    assert "reset" in repr(caught.value).lower()
    assert admin.control("GET", "/log")[-1]["status"] is None
    assert admin.get(PROJECTS).status_code == 200


def test_a_delayed_answer_comes_late_and_whole(admin: Any) -> None:
    admin.spoil(PROJECTS, "delay", delay=0.15)
    begin = time.monotonic()
    assert len(admin.get(PROJECTS).json()) == 20
    assert time.monotonic() - begin >= 0.15
    admin.spoil(PROJECTS, "delay", delay=30)
    with pytest.raises(requests.exceptions.ReadTimeout):
        admin.request("GET", PROJECTS, timeout=0.1)


def test_a_slow_answer_dribbles(admin: Any) -> None:
    admin.spoil(PROJECTS, "slow", delay=0.02, chunks=8)
    begin = time.monotonic()
    assert len(admin.get(PROJECTS).json()) == 20
    assert time.monotonic() - begin >= 8 * 0.02
    admin.spoil(PROJECTS, "slow", delay=30)
    # The head is there although the body is half a minute away.
    with admin.request("GET", PROJECTS, stream=True) as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "fault", [{}, {"kind": "fire"}, {"kind": "cut", "path": "("}, {"kind": "cut", "times": 0}, {"kind": "cut", "x": 1}]
)
def test_a_senseless_fault_is_refused(admin: Any, fault: dict[str, Any]) -> None:
    answer = requests.post(f"{admin.sandbox.control_url}/faults", json=fault, timeout=5)
    assert answer.status_code == 400
    assert admin.control("GET", "/faults") == []


@pytest.mark.parametrize(
    "settings", [{"plan": "gold"}, {"throttle": 1}, {"max_limit": 0}, {"token_ttl": -1}, {"colour": "red"}]
)
def test_a_senseless_setting_changes_nothing(admin: Any, settings: dict[str, Any]) -> None:
    before = admin.control("GET", "/settings")
    answer = requests.post(f"{admin.sandbox.control_url}/settings", json={"paged_roles": True, **settings}, timeout=5)
    assert (answer.status_code, list(answer.json())) == (400, list(settings))
    assert admin.control("GET", "/settings") == before


def test_the_log_tells_every_request_in_order(admin: Any) -> None:
    admin.control("DELETE", "/log")
    begin = time.time()
    admin.get(PROJECTS, page=2, fieldset="list")
    admin.get("/nowhere/")
    first, second = admin.control("GET", "/log")
    assert {key: first[key] for key in ("method", "path", "query", "status")} == {
        "method": "GET",
        "path": f"/opensolar{PROJECTS}",
        "query": {"page": "2", "fieldset": "list"},
        "status": 200,
    }
    assert begin <= first["at"] <= second["at"] <= time.time()
    assert second["status"] == 404


def test_reset_brings_the_beginning_back(admin: Any) -> None:
    first = admin.rows("projects")[0]
    admin.control("DELETE", f"/opensolar/orgs/1/projects/{first['id']}")
    admin.set(past_end="500")
    admin.spoil(PROJECTS, "status", times=None)
    admin.control("POST", "/reset")
    assert admin.control("GET", "/log") == []
    assert admin.control("GET", "/settings")["past_end"] == "empty"
    assert admin.get(PROJECTS).status_code == 401
    admin.log_in()
    assert admin.rows("projects")[0] == first


def test_control_has_no_other_addresses(admin: Any) -> None:
    url = admin.sandbox.control_url
    assert requests.get(f"{url}/nowhere", timeout=5).status_code == 404
    answer = requests.put(f"{url}/settings", json={}, timeout=5)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")


def test_connections_are_kept_alive(admin: Any) -> None:
    connection = http.client.HTTPConnection(admin.sandbox.url.removeprefix("http://"), timeout=5)
    connection.request("GET", "/opensolar/api/orgs/1/")
    connection.getresponse().read()
    first = connection.sock
    connection.request("POST", "/opensolar/api-token-auth/", body=b"{}", headers={"Content-Type": "application/json"})
    assert (
        connection.getresponse().read()
        == b'{"username":["This field is required."],"password":["This field is required."]}'
    )
    assert connection.sock is first
    connection.close()


def test_a_body_of_unknown_length_is_refused(admin: Any) -> None:
    answer = admin.post("/api-token-auth/", data=iter([b"{}"]))
    assert answer.status_code == 413


def test_stopping_does_not_wait_for_anyone(start: Any) -> None:
    caller = start()
    caller.spoil("/api/.*", "delay", delay=60)
    failures: list[Exception] = []

    def wait() -> None:
        try:
            requests.get(f"{caller.sandbox.opensolar_url}/api/orgs/1/", timeout=60)
        except requests.exceptions.ConnectionError as error:
            failures.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not caller.control("GET", "/log"):
        threading.Event().wait(0.01)
    begin = time.monotonic()
    caller.sandbox.stop()
    waiting.join(20)
    assert time.monotonic() - begin < 10
    assert len(failures) == 1
    caller.sandbox.stop()


def test_nothing_is_printed(admin: Any, capfd: pytest.CaptureFixture[str]) -> None:
    admin.get(PROJECTS)
    admin.get("/nowhere/")
    assert capfd.readouterr() == ("", "")
