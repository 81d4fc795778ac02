"""What each status and each body becomes: an Answer, or the right member of the error family."""

import gzip
import tracemalloc

import orjson
import pytest

from portal.lib import errors
from portal.lib.http import Transport
from tests.portal.lib.wire import Wire


def test_answer_holds_status_body_and_attempts(wire: Wire, transport: Transport) -> None:
    wire.answers(b'{"name": "Noether"}', headers={"X-Kind": "org"})
    answer = transport.request("GET", "/api/orgs/1/", params={"page": 2, "empty": None, "all": True})
    assert answer.json() == {"name": "Noether"}
    assert (answer.status, answer.attempts, answer.headers["x-kind"]) == (200, 1, "org")
    assert wire.requests[0].startswith(b"GET /api/orgs/1/?page=2&all=true HTTP/1.1\r\n")


def test_base_address_may_hold_a_path(wire: Wire) -> None:
    wire.answers(b"[]")
    line = Transport(wire.url + "/opensolar/", name="Sunvendor")
    assert line.request("GET", "/api/orgs/1/").json() == []
    line.close()
    assert wire.requests[0].startswith(b"GET /opensolar/api/orgs/1/ ")


@pytest.mark.parametrize(
    "base", ["", "api.example.com", "ftp://example.com", "https://", "http://a:b@example.com", "http://x:99999"]
)
def test_useless_base_address_is_refused_with_a_sentence(base: str) -> None:
    with pytest.raises(errors.PermanentError, match="must look like https://"):
        Transport(base, name="Sunvendor")


def test_only_what_was_asked_for_is_sent(wire: Wire, transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    wire.answers(b"{}", headers={"Set-Cookie": "session=1"}, times=2)
    transport.request("POST", "/x/", json={"b": 1}, token="abc-123")
    transport.request("GET", "/x/")
    head, _, body = wire.requests[0].partition(b"\r\n\r\n")
    assert body == b'{"b":1}'
    assert b"Authorization: Bearer abc-123" in head
    assert b"Content-Type: application/json" in head
    assert b"Cookie" not in wire.requests[1]
    assert b"Authorization" not in wire.requests[1]


@pytest.mark.parametrize(
    ("status", "kind", "permanent"),
    [
        (400, errors.Refused, True),
        (401, errors.CredentialsError, True),
        (402, errors.PlanError, True),
        (403, errors.Forbidden, True),
        (404, errors.NotFound, True),
        (405, errors.MethodNotAllowed, True),
        (409, errors.Conflict, False),
        (410, errors.PermanentError, True),
        (422, errors.Refused, True),
        (429, errors.ThrottledError, False),
        (408, errors.TransientError, False),
        (500, errors.TransientError, False),
        (503, errors.TransientError, False),
        (504, errors.TransientError, False),
        (599, errors.TransientError, False),
    ],
)
def test_each_status_has_its_error(
    wire: Wire, transport: Transport, status: int, kind: type[errors.VendorError], permanent: bool
) -> None:
    wire.answers(b'{"detail": "No such thing."}', status)
    with pytest.raises(errors.VendorError) as caught:
        transport.request("GET", "/api/orgs/1/")
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.permanent) == (status, permanent)
    assert "Sunvendor" in caught.value.sentence
    assert caught.value.excerpt == '{"detail": "No such thing."}'


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"detail": "Bad."}, {"non_field_errors": ["Bad."]}),
        ({"non_field_errors": ["One.", "Two."]}, {"non_field_errors": ["One.", "Two."]}),
        ({"zip": ["Too long."], "lat": "Not a number."}, {"zip": ["Too long."], "lat": ["Not a number."]}),
        ({"contacts_new": [{}, {"email": ["Not valid."]}]}, {"contacts_new.1.email": ["Not valid."]}),
        ({"usage": {"values": ["Twelve numbers."]}}, {"usage.values": ["Twelve numbers."]}),
        (["Just so."], {"non_field_errors": ["Just so."]}),
        ("Just so.", {"non_field_errors": ["Just so."]}),
        ([], {}),
        (None, {}),
    ],
)
def test_refusal_is_told_field_by_field(
    wire: Wire, transport: Transport, body: object, fields: dict[str, list[str]]
) -> None:
    wire.answers(orjson.dumps(body), 400)
    with pytest.raises(errors.Refused) as caught:
        transport.request("PATCH", "/api/orgs/1/projects/2/", json={})
    assert caught.value.fields == fields
    assert all(message.rstrip(".") in caught.value.sentence for texts in fields.values() for message in texts)


def test_refusal_without_json_still_has_a_sentence(wire: Wire, transport: Transport) -> None:
    wire.answers(b"<h1>Bad Request</h1>", 400)
    with pytest.raises(errors.Refused, match=r"Sunvendor refused the request \(400\)\.$") as caught:
        transport.request("GET", "/x/")
    assert caught.value.fields == {}


def test_web_page_is_named_as_such_and_not_repeated(wire: Wire, transport: Transport) -> None:
    wire.answers(b"<!doctype html><p>Welcome</p>", headers={"Content-Type": "text/html"})
    with pytest.raises(errors.MalformedAnswer, match="web page"):
        transport.request("GET", "/x/", expect_json=True)
    assert len(wire.requests) == 1


def test_broken_json_is_asked_for_again_where_json_was_expected(wire: Wire, transport: Transport) -> None:
    wire.answers(b'[{"id": 1}, {"id"')
    wire.answers(b'[{"id": 1}]')
    assert transport.request("GET", "/x/", expect_json=True).json() == [{"id": 1}]


def test_broken_json_is_an_error_when_read(wire: Wire, transport: Transport) -> None:
    wire.answers(b'{"id": ')
    answer = transport.request("GET", "/x/")
    with pytest.raises(errors.MalformedAnswer, match="broken data") as caught:
        answer.json()
    assert caught.value.excerpt == '{"id": '


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": NaN, "b": -Infinity}', {"a": None, "b": None}),
        (b'{"a": "x\\u0000y"}', {"a": "x\ufffdy"}),
        (b'["\\ud83d"]', ["\ufffd"]),
        (b'["\\ud83d\\ude00", NaN]', ["\U0001f600", None]),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'["caf\xe9"]', ["caf\ufffd"]),
    ],
)
def test_odd_json_becomes_storable_values(wire: Wire, transport: Transport, body: bytes, value: object) -> None:
    wire.answers(body)
    assert transport.request("GET", "/x/").json() == value


def test_nesting_without_end_is_no_crash(wire: Wire, transport: Transport) -> None:
    wire.answers(b"[" * 200_000)
    with pytest.raises(errors.MalformedAnswer):
        transport.request("GET", "/x/").json()


def test_announced_size_above_the_cap_is_refused_at_once(wire: Wire, transport: Transport) -> None:
    wire.sends(b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n{")
    with pytest.raises(errors.TooLarge, match="more than 1 MB"):
        transport.request("GET", "/x/", max_bytes=2**20)
    assert len(wire.requests) == 1


def test_size_without_announcement_is_capped_while_reading(wire: Wire, transport: Transport) -> None:
    wire.sends(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000)
    with pytest.raises(errors.TooLarge):
        transport.request("GET", "/x/", max_bytes=200_000)


def test_packed_bomb_is_capped_by_its_unpacked_size(wire: Wire, transport: Transport) -> None:
    bomb = gzip.compress(b" " * 200 * 2**20)
    wire.answers(bomb, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    with pytest.raises(errors.TooLarge):
        transport.request("GET", "/x/", max_bytes=4 * 2**20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * 2**20


def test_packed_answer_is_unpacked(wire: Wire, transport: Transport) -> None:
    wire.answers(gzip.compress(b'{"id": 7}'), headers={"Content-Encoding": "gzip"})
    assert transport.request("GET", "/x/").json() == {"id": 7}


def test_endless_error_page_costs_only_its_start(wire: Wire, transport: Transport) -> None:
    wire.dribbles(b"HTTP/1.1 403 No\r\n\r\n", b"no " * 9000, every=0)
    with pytest.raises(errors.Forbidden) as caught:
        transport.request("GET", "/x/", deadline=5)
    assert len(caught.value.excerpt) == 300


def test_redirect_inside_the_host_is_followed(wire: Wire, transport: Transport) -> None:
    wire.answers(b"", 301, {"Location": "/api/orgs/1/"})
    wire.answers(b'{"id": 1}')
    assert transport.request("GET", "/api/orgs/1", token="abc-123").json() == {"id": 1}
    assert b"Authorization: Bearer abc-123" in wire.requests[1]


@pytest.mark.parametrize("location", ["http://127.0.0.1:9/elsewhere/", "https://127.0.0.1/", "http://[broken", ""])
def test_redirect_to_another_host_never_carries_the_token_there(
    wire: Wire, transport: Transport, location: str
) -> None:
    wire.answers(b"", 302, {"Location": location})
    with pytest.raises(errors.PermanentError, match="base address"):
        transport.request("GET", "/x/", token="abc-123")


def test_redirect_of_a_write_is_not_followed(wire: Wire, transport: Transport) -> None:
    wire.answers(b"", 307, {"Location": "/y/"})
    with pytest.raises(errors.PermanentError, match="another address"):
        transport.request("POST", "/x/", json={})
    assert len(wire.requests) == 1


def test_redirects_in_a_circle_end(wire: Wire, transport: Transport) -> None:
    wire.answers(b"", 302, {"Location": "/x/"})
    with pytest.raises(errors.PermanentError, match="circle"):
        transport.request("GET", "/x/")
    assert len(wire.requests) == 4


@pytest.mark.parametrize("token", ["", "line\nbreak", "smörgås"])
def test_token_that_no_header_can_hold_is_a_credentials_error(transport: Transport, token: str) -> None:
    with pytest.raises(errors.CredentialsError) as caught:
        transport.request("GET", "/x/", token=token)
    assert "Sunvendor token" in caught.value.sentence
