"""Redirects to other hosts, where the caller permits them: without our token, and never into a private network."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from portal.lib.errors import MalformedAnswer, NotFound, PermanentError, TransientError
from portal.lib.http import Transport
from portal.lib.redirects import is_public
from tests.portal.lib.wire import Wire, start_wire

PICTURE = b"\xff\xd8\xff\xe0picture"
SECRET = {"X-Api-Key": "0123-secret"}


@pytest.fixture
def store() -> Iterator[Wire]:
    """Another host: where a vendor keeps its files."""
    server = start_wire()
    yield server
    server.stop()


def leads(wire: Wire, location: str, status: int = 302) -> None:
    wire.answers(b"moved", status, {"Location": location, "Content-Type": "text/html"})


def test_another_host_is_asked_without_our_headers(wire: Wire, store: Wire, transport: Transport) -> None:
    leads(wire, f"{store.url}/roof.jpg?Signature=77")
    store.answers(PICTURE, headers={"Content-Type": "image/jpeg"})
    answer = transport.request("GET", "/image/", token="secret-token", headers=SECRET, elsewhere=True)
    assert answer.body == PICTURE
    (asked,) = store.requests
    assert asked.startswith(b"GET /roof.jpg?Signature=77 HTTP/1.1")
    assert b"secret" not in asked
    assert b"Authorization" not in asked
    assert b"secret-token" in wire.requests[0]


def test_the_way_back_is_gone_without_them_too(wire: Wire, store: Wire, transport: Transport) -> None:
    leads(wire, f"{store.url}/a")
    leads(store, f"{wire.url}/b")
    wire.answers(PICTURE)
    assert transport.request("GET", "/image/", token="secret-token", elsewhere=True).body == PICTURE
    assert b"/b" in wire.requests[1]
    assert b"secret-token" not in wire.requests[1]


def test_without_permission_nobody_else_is_asked(wire: Wire, store: Wire, transport: Transport) -> None:
    leads(wire, f"{store.url}/roof.jpg")
    with pytest.raises(PermanentError, match="points to another address"):
        transport.request("GET", "/image/", token="secret-token")
    assert store.requests == []


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "javascript:alert(1)",
        "http://me:you@127.0.0.1/x",
        "http://[",
        "",
    ],
)
def test_only_plain_web_addresses_are_followed(wire: Wire, transport: Transport, location: str) -> None:
    leads(wire, location)
    with pytest.raises(PermanentError, match="points to another address"):
        transport.request("GET", "/image/", elsewhere=True)
    assert len(wire.requests) == 1


def test_a_write_is_never_redirected(wire: Wire, store: Wire, transport: Transport) -> None:
    leads(wire, f"{store.url}/x", 307)
    with pytest.raises(PermanentError, match="points to another address"):
        transport.request("POST", "/image/", json={"a": 1}, elsewhere=True)
    assert store.requests == []


def names(monkeypatch: pytest.MonkeyPatch, **hosts: str) -> None:
    """Lets host names (dots as underscores) stand for addresses; the others are resolved as ever."""
    known = {name.replace("_", "."): address for name, address in hosts.items()}
    resolve = socket.getaddrinfo

    def answer(host: Any, port: Any, *more: Any, **rest: Any) -> Any:
        return resolve(known.get(host, host), port, *more, **rest)

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def test_a_public_vendor_cannot_lead_into_our_network(
    wire: Wire, store: Wire, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule looks at what the name stands for when it is connected to, whatever it stood for before."""
    port = wire.url.rpartition(":")[2]
    line = Transport(f"http://vendor.test:{port}", name="Sunvendor", sleep=slept.append, deadline=5)
    inside = store.url.replace("127.0.0.1", "inside.test")
    leads(wire, f"{inside}/admin")
    resolve, asked = socket.getaddrinfo, []

    def answer(host: Any, port: Any, *more: Any, **rest: Any) -> Any:
        asked.append((host, port))
        # By its name the vendor is a public host; the connection to it ends at our wire all the same.
        public = host == "vendor.test" and port is None
        return resolve("93.184.216.34" if public else "127.0.0.1", port, *more, **rest)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with pytest.raises(PermanentError, match="inside a private network"):
        line.request("GET", "/image/", elsewhere=True)
    assert store.requests == []
    assert ("vendor.test", None) in asked
    line.close()


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "::ffff:169.254.169.254", "fe80::1", "224.0.0.1"])
def test_some_addresses_are_never_asked(
    wire: Wire, transport: Transport, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    names(monkeypatch, keys_test=address)
    leads(wire, "http://keys.test/latest/meta-data/")
    with pytest.raises(PermanentError, match="inside a private network"):
        transport.request("GET", "/image/", elsewhere=True)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("10.1.2.3", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("fd00::7", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("100.64.0.1", False),
        ("239.1.1.1", False),
        ("no address", False),
    ],
)
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 410])
def test_a_refusing_store_says_nothing_about_our_login(
    wire: Wire, store: Wire, transport: Transport, status: int
) -> None:
    leads(wire, f"{store.url}/expired")
    store.answers(b"<Error>expired</Error>", status)
    with pytest.raises(TransientError, match="its store does not give out") as caught:
        transport.request("GET", "/image/", token="secret-token", elsewhere=True)
    assert caught.value.status == status
    assert len(store.requests) == 1


def test_redirects_without_end_end(wire: Wire, transport: Transport) -> None:
    leads(wire, "/again/")
    with pytest.raises(PermanentError, match="in a circle"):
        transport.request("GET", "/image/", elsewhere=True)
    assert len(wire.requests) == 6


def test_the_cap_counts_at_the_end_of_the_way(wire: Wire, store: Wire, transport: Transport) -> None:
    leads(wire, f"{store.url}/large")
    store.answers(b"x" * 2000)
    with pytest.raises(PermanentError, match="at once"):
        transport.request("GET", "/image/", elsewhere=True, max_bytes=1000)


def test_every_hop_counts_as_a_request_and_none_of_its_links_is_logged(
    wire: Wire, store: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[int] = []
    line = Transport(wire.url, name="Sunvendor", on_request=lambda: asked.append(1))
    leads(wire, f"{store.url}/roof.jpg?Signature=0123456789")
    store.answers(PICTURE)
    with caplog.at_level("INFO", logger="portal.vendor"):
        answer = line.request("GET", "/image/", elsewhere=True)
    assert len(asked) == 2
    assert "Signature" not in caplog.text
    assert "Signature" not in repr(answer)
    line.close()


def test_a_status_that_may_not_be_repeated_is_not(wire: Wire, transport: Transport) -> None:
    wire.answers(b"", 404)
    with pytest.raises(NotFound):
        transport.request("GET", "/image/", elsewhere=True)
    wire.acts.clear()
    wire.sends(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf")
    with pytest.raises(MalformedAnswer):
        transport.request("GET", "/image/", elsewhere=True, retry_limits={200: 0})
