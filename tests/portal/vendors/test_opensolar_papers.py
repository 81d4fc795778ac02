"""Single events, files, roof types and pictures at the wire."""

from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from portal.lib import errors
from portal.lib.http import Transport
from portal.vendors.opensolar.client import OpenSolar
from portal.vendors.opensolar.pictures import kind_of

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF picture"
UUID = "0F8FAD5B-D9CB-469F-A165-70867728950E"
IMAGE = f"/api/orgs/16/projects/7/systems/{UUID}/image/"


class Tokens:
    """A token that is never renewed."""

    def current(self) -> str:
        return "token-1"

    def renew(self, stale: str) -> str:
        raise errors.CredentialsError("no more")


@pytest.fixture
def transport(httpserver: HTTPServer) -> Iterator[Transport]:
    line = Transport(httpserver.url_for(""), name="OpenSolar", sleep=lambda _seconds: None)
    yield line
    line.close()


@pytest.fixture
def client(transport: Transport) -> OpenSolar:
    return OpenSolar(transport, "16", Tokens())


def asked(httpserver: HTTPServer) -> list[str]:
    return [f"{request.method} {request.full_path.rstrip('?')}" for request, _ in httpserver.log]


def test_requests_are_the_documented_ones(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_request("/api/orgs/16/events/5/").respond_with_json({"id": 5})
    httpserver.expect_request("/api/orgs/16/private_files/8/").respond_with_json({"id": 8})
    httpserver.expect_request("/api/roof_types/6/").respond_with_json({"id": 6})
    httpserver.expect_request(IMAGE).respond_with_data(JPEG, content_type="image/jpeg")
    assert client.event(5) == {"id": 5}
    assert client.private_file(8) == {"id": 8}
    assert client.roof_type(6) == {"id": 6}
    picture = client.system_image(7, UUID, width=1200, height=900)
    assert (picture.content, picture.kind) == (JPEG, "image/jpeg")
    assert asked(httpserver) == [
        "GET /api/orgs/16/events/5/",
        "GET /api/orgs/16/private_files/8/",
        "GET /api/roof_types/6/",
        f"GET {IMAGE}?width=1200&height=900",
    ]
    assert {request.headers["Authorization"] for request, _ in httpserver.log} == {"Bearer token-1"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!doctype html><title>Please wait</title>", "a web page"),
        (b"\n <svg xmlns='http://www.w3.org/2000/svg'/>", "a web page"),
        (b'{"detail": "later"}', "something else"),
        (b"", "nothing"),
        (b"BM\x00\x00", "something else"),
    ],
)
def test_what_is_no_picture_is_refused_whatever_its_header_says(
    httpserver: HTTPServer, client: OpenSolar, body: bytes, words: str
) -> None:
    httpserver.expect_request(IMAGE).respond_with_data(body, content_type="image/jpeg")
    with pytest.raises(errors.MalformedAnswer, match=f"OpenSolar sent {words} where a system's picture"):
        client.system_image(7, UUID, width=10, height=10)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_picture_is_asked_for_once(httpserver: HTTPServer, client: OpenSolar, status: int) -> None:
    httpserver.expect_request(IMAGE).respond_with_data("", status)
    with pytest.raises((errors.TransientError, errors.ThrottledError)):
        client.system_image(7, UUID, width=10, height=10)
    assert len(httpserver.log) == 1


def test_a_large_picture_is_dropped(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_request(IMAGE).respond_with_data(JPEG + b"\0" * (16 * 2**20), content_type="image/jpeg")
    with pytest.raises(errors.TooLarge):
        client.system_image(7, UUID, width=10, height=10)


@pytest.mark.parametrize("uuid", ["", "../../roles", "a/b", "ü", "a?b"])
def test_a_uuid_cannot_leave_its_place(httpserver: HTTPServer, client: OpenSolar, uuid: str) -> None:
    with pytest.raises(errors.PermanentError, match="no uuid"):
        client.system_image(7, uuid, width=10, height=10)
    assert httpserver.log == []


def test_pictures_are_known_by_their_first_bytes() -> None:
    assert kind_of(b"\x89PNG\r\n\x1a\n....") == "image/png"
    assert kind_of(b"GIF89a....") == "image/gif"
    assert kind_of(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"
    assert kind_of(b"RIFF\x00\x00\x00\x00WAVE") is None
