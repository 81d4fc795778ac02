"""Broken exchanges: deadlines, cut and reset connections, what is repeated and what never is."""

import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import time_machine

from portal.lib import errors
from portal.lib.http import Transport
from tests.portal.lib.wire import Wire

LATE = 0.2
# Seconds: long for a slow machine, and short beside what an answer would take that nobody cuts.
SOON = 10


def late(transport: Transport, method: str = "GET") -> tuple[errors.VendorError, float]:
    started = time.monotonic()
    with pytest.raises(errors.DeadlineExceeded, match=r"within 0\.2 seconds") as caught:
        transport.request(method, "/x/", deadline=LATE, retry_limits={0: 0})
    return caught.value, time.monotonic() - started


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 100000\r\n\r\n", b" "),
    ],
    ids=["silence", "header", "status line", "body", "body until close", "chunks", "redirect"],
)
def test_deadline_covers_the_whole_answer(wire: Wire, transport: Transport, head: bytes, drop: bytes) -> None:
    wire.dribbles(head, drop)
    error, seconds = late(transport)
    assert seconds < SOON
    assert not error.permanent


def test_deadline_covers_the_tls_handshake(slept: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        line = Transport(f"https://127.0.0.1:{silent.getsockname()[1]}", name="Sunvendor", sleep=slept.append)
        error, seconds = late(line, "POST")
        line.close()
    assert seconds < SOON
    assert isinstance(error, errors.DeadlineExceeded)
    assert not error.sent


def test_deadline_is_counted_anew_for_each_attempt(wire: Wire, transport: Transport, slept: list[float]) -> None:
    wire.dribbles(b"", b"")
    wire.answers(b'{"id": 1}')
    answer = transport.request("GET", "/x/", deadline=LATE)
    assert (answer.json(), answer.attempts, len(slept)) == ({"id": 1}, 2, 1)


def test_unanswered_connection_attempt_ends_at_the_deadline(slept: list[float]) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for queued in waiting:
            queued.setblocking(False)
            queued.connect_ex(full.getsockname())
        line = Transport(f"http://127.0.0.1:{full.getsockname()[1]}", name="Sunvendor", sleep=slept.append)
        error, seconds = late(line)
        line.close()
        for queued in waiting:
            queued.close()
    assert seconds < SOON
    assert isinstance(error, errors.DeadlineExceeded)


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n[1, 2",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1, 2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\nContent-Length: 5\r\n\r\nplain",
    ],
    ids=["length", "chunks", "packing"],
)
def test_cut_body_is_asked_for_again(wire: Wire, transport: Transport, data: bytes, slept: list[float]) -> None:
    wire.sends(data)
    wire.answers(b"[1, 2, 3]")
    answer = transport.request("GET", "/x/")
    assert (answer.json(), answer.attempts) == ([1, 2, 3], 2)
    assert len(slept) == 1


def test_body_that_stays_cut_is_malformed(wire: Wire, transport: Transport) -> None:
    wire.sends(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n[1, 2")
    with pytest.raises(errors.MalformedAnswer, match="broke off") as caught:
        transport.request("GET", "/x/")
    assert (len(wire.requests), caught.value.cut) == (4, True)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_reading_is_repeated_three_times(wire: Wire, transport: Transport, status: int, slept: list[float]) -> None:
    wire.answers(b"", status)
    with pytest.raises(errors.TransientError):
        transport.request("GET", "/x/")
    assert len(wire.requests) == 4
    assert len(slept) == 3
    assert all(0 <= wait <= most for wait, most in zip(slept, (0.5, 1.0, 2.0), strict=True))


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 409, 422, 501])
def test_refusals_are_not_repeated(wire: Wire, transport: Transport, status: int) -> None:
    wire.answers(b"", status)
    with pytest.raises(errors.VendorError):
        transport.request("GET", "/x/")
    assert len(wire.requests) == 1


def test_repeats_after_one_status_can_be_limited(wire: Wire, transport: Transport) -> None:
    wire.answers(b"", 503)
    wire.answers(b"", 500)
    with pytest.raises(errors.TransientError):
        transport.request("GET", "/x/", retry_limits={500: 1})
    assert len(wire.requests) == 3


def test_reset_is_repeated(wire: Wire, transport: Transport) -> None:
    wire.resets()
    wire.answers(b"{}")
    assert transport.request("GET", "/x/").attempts == 2


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_writing_is_not_repeated_once_it_was_answered(wire: Wire, transport: Transport, status: int) -> None:
    wire.answers(b"", status)
    with pytest.raises(errors.VendorError):
        transport.request("POST", "/x/", json={})
    assert len(wire.requests) == 1


def test_lost_write_says_that_its_outcome_is_unknown(wire: Wire, transport: Transport) -> None:
    wire.resets()
    with pytest.raises(errors.TransientError, match="not known whether Sunvendor carried out") as caught:
        transport.request("POST", "/x/", json={"title": "Cathedral"})
    assert caught.value.sent
    assert len(wire.requests) == 1


def test_late_write_says_that_its_outcome_is_unknown(wire: Wire, transport: Transport) -> None:
    wire.dribbles(b"", b"")
    error, _ = late(transport, "POST")
    assert isinstance(error, errors.TransientError)
    assert error.sent
    assert len(wire.requests) == 1


def test_write_declared_repeatable_is_repeated(wire: Wire, transport: Transport) -> None:
    wire.answers(b"", 500)
    wire.answers(b"{}")
    assert transport.request("PATCH", "/x/", json={}, repeatable=True).attempts == 2


def test_write_is_repeated_while_no_connection_opens(closed_port: int, slept: list[float]) -> None:
    line = Transport(f"http://127.0.0.1:{closed_port}", name="Sunvendor", sleep=slept.append)
    with pytest.raises(errors.TransientError, match="could not be reached") as caught:
        line.request("POST", "/x/", json={})
    assert not caught.value.sent
    assert len(slept) == 3


def test_unknown_name_is_told(slept: list[float]) -> None:
    line = Transport("http://sunvendor.invalid", name="Sunvendor", sleep=slept.append, retries=0)
    with pytest.raises(errors.TransientError, match="the name in the base address is not known"):
        line.request("GET", "/x/")


def test_connection_that_idled_is_not_used_for_a_write(
    wire: Wire, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.answers(b"{}", times=3)
    transport.request("GET", "/x/")
    transport.request("GET", "/x/")
    assert wire.connections == 1
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 60)
    transport.request("POST", "/x/", json={})
    assert wire.connections == 2


def test_retry_after_in_seconds_is_obeyed(wire: Wire, transport: Transport, slept: list[float]) -> None:
    wire.answers(b"", 429, {"Retry-After": "12"})
    wire.answers(b"", 503, {"Retry-After": "3"})
    wire.answers(b"{}")
    assert transport.request("GET", "/x/").attempts == 3
    assert slept == [5.0, 5.0, 2.0, 3.0]
    assert transport.throttled == 1


def test_retry_after_as_a_date_is_obeyed(wire: Wire, transport: Transport, slept: list[float]) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False):
        soon = datetime.now(UTC) + timedelta(seconds=20)
        wire.answers(b"", 429, {"Retry-After": format_datetime(soon, usegmt=True)})
        wire.answers(b"{}")
        transport.request("GET", "/x/")
    assert sum(slept) == 20


def test_retry_after_in_the_past_costs_no_time(wire: Wire, transport: Transport, slept: list[float]) -> None:
    wire.answers(b"", 429, {"Retry-After": "Fri, 17 Jul 1942 08:00:00 GMT"})
    wire.answers(b"{}")
    assert transport.request("GET", "/x/").attempts == 2
    assert slept == []


@pytest.mark.parametrize("value", ["soon", "-5", ""])
def test_throttling_without_a_time_waits_a_second_or_more(
    wire: Wire, transport: Transport, slept: list[float], value: str
) -> None:
    wire.answers(b"", 429, {"Retry-After": value})
    with pytest.raises(errors.ThrottledError) as caught:
        transport.request("GET", "/x/")
    assert caught.value.retry_after is None
    assert len(wire.requests) == 4
    assert 1 <= slept[0] <= 1.5
    assert sum(slept) >= 1 + 2 + 4


@pytest.mark.parametrize("status", [429, 503])
def test_long_retry_after_ends_the_call_at_once(
    wire: Wire, transport: Transport, slept: list[float], status: int
) -> None:
    wire.answers(b"", status, {"Retry-After": "3600"})
    with pytest.raises(errors.ThrottledError, match="3600 seconds") as caught:
        transport.request("GET", "/x/")
    assert (caught.value.retry_after, caught.value.status) == (3600, status)
    assert (len(wire.requests), slept) == (1, [])


def test_lease_is_renewed_before_each_attempt_and_while_waiting(wire: Wire) -> None:
    events: list[object] = []
    line = Transport(wire.url, name="Sunvendor", before_attempt=lambda: events.append("beat"), sleep=events.append)
    wire.answers(b"", 429, {"Retry-After": "12"})
    wire.answers(b"{}")
    line.request("GET", "/x/")
    line.close()
    assert events == ["beat", 5.0, "beat", 5.0, "beat", 2.0, "beat"]


def test_lost_lease_stops_the_call(wire: Wire) -> None:
    def lost() -> None:
        raise PermissionError("the lease is gone")

    line = Transport(wire.url, name="Sunvendor", before_attempt=lost)
    with pytest.raises(PermissionError, match="the lease is gone"):
        line.request("GET", "/x/")
    assert wire.requests == []


def test_requests_are_counted_with_their_repeats_and_hops(wire: Wire) -> None:
    counted: list[int] = []
    line = Transport(wire.url, name="Sunvendor", on_request=lambda: counted.append(1), sleep=lambda _: None)
    wire.answers(b"", 500)
    wire.answers(b"", 302, {"Location": "/y/"})
    wire.answers(b"{}")
    line.request("GET", "/x/")
    line.close()
    assert len(counted) == len(wire.requests) == 3


def test_detached_view_neither_renews_the_lease_nor_outlives_its_abort(wire: Wire, slept: list[float]) -> None:
    beats: list[int] = []
    line = Transport(wire.url, name="Sunvendor", before_attempt=lambda: beats.append(1), sleep=slept.append)
    view = line.detached()
    wire.answers(b"{}")
    view.request("GET", "/x/")
    assert beats == []
    view.abort()
    with pytest.raises(errors.TransientError, match="given up"):
        view.request("GET", "/x/")
    assert line.request("GET", "/x/").status == 200
    line.close()


def test_abort_cuts_a_request_under_way(wire: Wire, transport: Transport) -> None:
    view = transport.detached()

    def abort_then_hang(_sock: socket.socket) -> bool:
        view.abort()
        return not wire.over.wait(30)

    wire.plays(abort_then_hang)
    started = time.monotonic()
    with pytest.raises(errors.TransientError, match="given up"):
        view.request("GET", "/x/", deadline=30)
    assert time.monotonic() - started < SOON


def test_abort_of_one_view_leaves_the_others_alone(wire: Wire, transport: Transport) -> None:
    view = transport.detached()

    def abort_the_other(sock: socket.socket) -> bool:
        view.abort()
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        return True

    wire.plays(abort_the_other)
    assert transport.request("GET", "/x/").attempts == 1
    assert transport.detached().request("GET", "/x/").attempts == 1
