"""The client at the wire: which requests it sends, what it makes of the answers, how it renews its token."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from portal.lib import errors
from portal.lib.http import Transport
from portal.vendors.opensolar.client import OpenSolar
from portal.vendors.opensolar.listing import Listing, StaleToken
from portal.vendors.opensolar.pages import IncompleteListing


@dataclass
class Tokens:
    """A token source that hands out token-1, token-2, …"""

    number: int = 1
    renewed: list[str] = field(default_factory=list)

    def current(self) -> str:
        return f"token-{self.number}"

    def renew(self, stale: str) -> str:
        self.renewed.append(stale)
        self.number += 1
        return self.current()


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def transport(httpserver: HTTPServer) -> Iterator[Transport]:
    line = Transport(httpserver.url_for(""), name="OpenSolar", sleep=lambda _seconds: None)
    yield line
    line.close()


@pytest.fixture
def client(transport: Transport, tokens: Tokens) -> OpenSolar:
    return OpenSolar(transport, "16", tokens)


@pytest.fixture
def lone_server() -> Iterator[HTTPServer]:
    """A server for one test: what a walk has cut at its end may still wait in the queue of a shared one."""
    with HTTPServer(host="127.0.0.1") as server:
        yield server


def asked(httpserver: HTTPServer) -> list[str]:
    return [f"{request.method} {request.full_path.rstrip('?')}" for request, _ in httpserver.log]


def test_requests_name_only_what_the_document_names(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_request("/api/orgs/16/").respond_with_json({"id": 16})
    for name in ("roles", "contacts", "projects", "systems"):
        httpserver.expect_request(f"/api/orgs/16/{name}/").respond_with_json([{"id": 1}])
        httpserver.expect_request(f"/api/orgs/16/{name}/7/").respond_with_json({"id": 7})
    httpserver.expect_request("/api/orgs/16/projects/7/systems/details/").respond_with_json({"systems": []})
    assert client.org() == {"id": 16}
    for resource in ("roles", "contacts", "projects", "systems"):
        assert client.list_page(resource, 1, 50) == [{"id": 1}]
        assert client.record(resource, 7) == {"id": 7}
    assert client.list_page("roles", 2, 50) == [{"id": 1}]
    assert client.system_details(7) == {"systems": []}
    assert asked(httpserver) == [
        "GET /api/orgs/16/",
        "GET /api/orgs/16/roles/",
        "GET /api/orgs/16/roles/7/",
        "GET /api/orgs/16/contacts/?page=1&limit=50",
        "GET /api/orgs/16/contacts/7/",
        "GET /api/orgs/16/projects/?page=1&limit=50",
        "GET /api/orgs/16/projects/7/",
        "GET /api/orgs/16/systems/?fieldset=list&page=1&limit=50",
        "GET /api/orgs/16/systems/7/?fieldset=list",
        "GET /api/orgs/16/roles/?page=2",
        "GET /api/orgs/16/projects/7/systems/details/",
    ]
    assert {request.headers["Authorization"] for request, _ in httpserver.log} == {"Bearer token-1"}


@pytest.mark.parametrize("on", [True, False])
def test_machine_user_is_set_on_the_user(httpserver: HTTPServer, client: OpenSolar, on: bool) -> None:
    httpserver.expect_request(
        "/auth/users/10/", method="PATCH", json={"is_machine_user": on}, headers={"Authorization": "Bearer token-1"}
    ).respond_with_json({"is_machine_user>": on})
    client.set_machine_user(10, on)
    assert asked(httpserver) == ["PATCH /auth/users/10/"]


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ("[]", []),
        ("null", []),
        ('[{"id": 1}, null]', [{"id": 1}, None]),
        ('{"results": [{"id": 1}]}', [{"id": 1}]),
        ('{"projects": [{"id": 1}]}', [{"id": 1}]),
        ('{"results": null}', []),
    ],
)
def test_each_known_shape_of_a_list_is_read(
    httpserver: HTTPServer, client: OpenSolar, body: str, rows: list[Any]
) -> None:
    httpserver.expect_request("/api/orgs/16/projects/").respond_with_data(body, content_type="application/json")
    assert client.list_page("projects", 1, 50) == rows


@pytest.mark.parametrize("body", ["{}", '{"detail": "x"}', '"text"', "7", '{"results": {}}', "<html></html>"])
def test_any_other_shape_is_malformed(httpserver: HTTPServer, client: OpenSolar, body: str) -> None:
    httpserver.expect_request("/api/orgs/16/projects/").respond_with_data(body)
    with pytest.raises(errors.MalformedAnswer, match="OpenSolar"):
        client.list_page("projects", 1, 50)


@pytest.mark.parametrize("body", ["[]", "null", '"x"'])
def test_record_must_be_an_object(httpserver: HTTPServer, client: OpenSolar, body: str) -> None:
    httpserver.expect_request("/api/orgs/16/projects/7/").respond_with_data(body)
    with pytest.raises(errors.MalformedAnswer, match="where a record was expected"):
        client.record("projects", 7)


@pytest.mark.parametrize("org_id", ["", "16/../17", "16?x=1", "a b"])
def test_organisation_id_cannot_leave_its_place(transport: Transport, tokens: Tokens, org_id: str) -> None:
    with pytest.raises(errors.PermanentError, match="organisation id"):
        OpenSolar(transport, org_id, tokens)


def guard(httpserver: HTTPServer, path: str, good: str, body: Any) -> None:
    """Answers 401 to every token but the good one."""

    def answer(request: Request) -> Response:
        if request.headers["Authorization"] != f"Bearer {good}":
            return Response('{"detail": "Invalid token."}', 401, content_type="application/json")
        return Response(body, content_type="application/json")

    httpserver.expect_request(path).respond_with_handler(answer)


def test_stale_token_is_renewed_once(httpserver: HTTPServer, client: OpenSolar, tokens: Tokens) -> None:
    guard(httpserver, "/api/orgs/16/", "token-2", '{"id": 16}')
    assert client.org() == {"id": 16}
    assert client.org() == {"id": 16}
    assert tokens.renewed == ["token-1"]
    assert len(httpserver.log) == 3


def test_second_401_is_a_credentials_error(httpserver: HTTPServer, client: OpenSolar, tokens: Tokens) -> None:
    guard(httpserver, "/api/orgs/16/", "token-9", "{}")
    with pytest.raises(errors.CredentialsError, match="does not accept the stored login") as caught:
        client.org()
    assert tokens.renewed == ["token-1"]
    assert len(httpserver.log) == 2
    assert not any(token in str(vars(caught.value)) for token in ("token-1", "token-2"))


def test_forbidden_does_not_renew(httpserver: HTTPServer, client: OpenSolar, tokens: Tokens) -> None:
    httpserver.expect_request("/api/orgs/16/projects/7/").respond_with_data("", 403)
    with pytest.raises(errors.Forbidden):
        client.record("projects", 7)
    assert tokens.renewed == []


def test_details_that_take_too_long_say_so_after_one_repeat(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_request("/api/orgs/16/projects/7/systems/details/").respond_with_data("", 504)
    with pytest.raises(errors.TransientError, match="system details of project 7") as caught:
        client.system_details(7)
    assert caught.value.status == 504
    assert len(httpserver.log) == 2


def serve_projects(httpserver: HTTPServer, count: int, past: int = 200, good: str | None = None) -> None:
    def answer(request: Request) -> Response:
        if good and request.headers["Authorization"] != f"Bearer {good}":
            return Response("{}", 401)
        page, limit = int(request.args["page"]), int(request.args["limit"])
        ids = range((page - 1) * limit + 1, min(page * limit, count) + 1)
        body = "[" + ",".join(f'{{"id": {number}}}' for number in ids) + "]"
        return Response(body, 200 if ids else past, content_type="application/json")

    httpserver.expect_request("/api/orgs/16/projects/").respond_with_handler(answer)


@pytest.mark.parametrize("past", [200, 404, 500])
@pytest.mark.parametrize("in_flight", [1, 3])
def test_walk_gives_every_row_once_and_in_order(
    lone_server: HTTPServer, tokens: Tokens, past: int, in_flight: int
) -> None:
    line = Transport(lone_server.url_for(""), name="OpenSolar", sleep=lambda _seconds: None)
    serve_projects(lone_server, 57, past)
    pages = list(OpenSolar(line, "16", tokens).walk("projects", limit=10, in_flight=lambda: in_flight))
    line.close()
    assert [row["id"] for page in pages for row in page.records] == list(range(1, 58))
    assert [page.is_last for page in pages] == [False] * 6 + [True]


def test_500_past_the_end_costs_one_repeat(httpserver: HTTPServer, client: OpenSolar) -> None:
    serve_projects(httpserver, 15, 500)
    list(client.walk("projects", limit=10))
    assert [request.args["page"] for request, _ in httpserver.log] == ["1", "2", "3", "3"]


def test_500_in_the_middle_is_incomplete(httpserver: HTTPServer, client: OpenSolar) -> None:
    serve_projects(httpserver, 20, 500)
    with pytest.raises(IncompleteListing, match=r"OpenSolar's projects broke off at page 3"):
        list(client.walk("projects", limit=10))


def test_walk_over_roles_sends_no_parameters(httpserver: HTTPServer, client: OpenSolar) -> None:
    roles = [{"id": number} for number in range(12)]
    httpserver.expect_request("/api/orgs/16/roles/", query_string="").respond_with_json(roles)
    httpserver.expect_request("/api/orgs/16/roles/", query_string="page=2").respond_with_data("{}", 400)
    pages = list(client.walk("roles"))
    assert [row for page in pages for row in page.records] == roles
    assert asked(httpserver) == ["GET /api/orgs/16/roles/", "GET /api/orgs/16/roles/?page=2"]


def test_token_that_expires_on_the_way_is_renewed_once_for_all_pages(lone_server: HTTPServer, tokens: Tokens) -> None:
    line = Transport(lone_server.url_for(""), name="OpenSolar", sleep=lambda _seconds: None)
    serve_projects(lone_server, 57, good="token-2")
    pages = list(OpenSolar(line, "16", tokens).walk("projects", limit=10, in_flight=lambda: 4))
    line.close()
    assert sum(len(page.records) for page in pages) == 57
    assert tokens.renewed == ["token-1"]


def test_walk_with_a_dead_login_is_a_credentials_error(
    httpserver: HTTPServer, client: OpenSolar, tokens: Tokens
) -> None:
    serve_projects(httpserver, 57, good="token-9")
    with pytest.raises(errors.CredentialsError):
        list(client.walk("projects", limit=10))
    assert tokens.renewed == ["token-1"]


def test_throttled_walk_goes_on_one_by_one(httpserver: HTTPServer, client: OpenSolar, transport: Transport) -> None:
    httpserver.expect_ordered_request("/api/orgs/16/projects/").respond_with_data("", 429, {"Retry-After": "1"})
    for page in (1, 2):
        httpserver.expect_ordered_request("/api/orgs/16/projects/").respond_with_json([{"id": page}, {"id": -page}])
    httpserver.expect_ordered_request("/api/orgs/16/projects/").respond_with_json([])
    pages = list(client.walk("projects", limit=2, in_flight=lambda: 4))
    assert [page.number for page in pages] == [1, 2, 3]
    assert transport.throttled == 1
    assert [request.args["page"] for request, _ in httpserver.log] == ["1", "1", "2", "3"]


def test_lease_is_renewed_during_a_walk(httpserver: HTTPServer, tokens: Tokens) -> None:
    beats: list[int] = []
    line = Transport(httpserver.url_for(""), name="OpenSolar", before_attempt=lambda: beats.append(1))
    serve_projects(httpserver, 25)
    list(OpenSolar(line, "16", tokens).walk("projects", limit=10))
    line.close()
    assert len(beats) >= 4


def test_pages_that_met_the_same_stale_token_renew_it_once(
    httpserver: HTTPServer, transport: Transport, tokens: Tokens
) -> None:
    serve_projects(httpserver, 20, good="token-2")
    listing = Listing(transport, "16", "projects", tokens)
    met: list[StaleToken] = []
    for number in (1, 2):
        with pytest.raises(StaleToken) as caught:
            listing.fetch(number, 10)
        met.append(caught.value)
    assert [listing.recover(error) for error in met] == [True, True]
    assert tokens.renewed == ["token-1"]
    assert len(listing.fetch(1, 10)) == 10
    assert not listing.recover(errors.Forbidden("No.", status=403))
