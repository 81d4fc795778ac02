"""Logging in and renewing: what is sent, and what the person who typed the password is told."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from portal.lib import errors
from portal.lib.http import Transport
from portal.vendors.opensolar.auth import Login, NotOffered, fetch_token, login

USER, PASSWORD = "volta@example.com", "pile-of-zinc"


@pytest.fixture
def transport(httpserver: HTTPServer) -> Iterator[Transport]:
    line = Transport(httpserver.url_for(""), name="OpenSolar", sleep=lambda _seconds: None)
    yield line
    line.close()


@pytest.mark.parametrize(
    ("answer", "user_id", "org_id"),
    [
        ({"token": "abc123", "user": {"id": 10}, "org_id": 16}, 10, "16"),
        ({"token": " abc123 ", "user": {"url": "https://api.example.com/auth/users/10/"}, "org_id": "16"}, 10, "16"),
        ({"token": "abc123", "user": {}}, None, None),
        ({"token": "abc123"}, None, None),
    ],
)
def test_login_gives_the_token_and_what_else_is_told(
    httpserver: HTTPServer, transport: Transport, answer: Any, user_id: int | None, org_id: str | None
) -> None:
    sent = {"username": USER, "password": PASSWORD}
    httpserver.expect_request("/api-token-auth/", method="POST", json=sent).respond_with_json(answer)
    found = login(transport, USER, PASSWORD)
    assert found == Login("abc123", user_id, org_id)
    assert "abc123" not in repr(found)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_wrong_password_is_told_in_words(httpserver: HTTPServer, transport: Transport, status: int) -> None:
    body = {"non_field_errors": [f"Unable to log in {USER} with {PASSWORD}."]}
    httpserver.expect_request("/api-token-auth/").respond_with_json(body, status)
    with pytest.raises(errors.CredentialsError, match="e-mail address and password") as caught:
        login(transport, USER, PASSWORD)
    assert len(httpserver.log) == 1
    assert PASSWORD not in str(vars(caught.value))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"token": ["This field is required."]}),
        (400, {"non_field_errors": ["Multi-factor code required."]}),
        (401, {"detail": "MFA token missing"}),
        (403, {"detail": "Enter your 2FA code"}),
        (200, {"detail": "Two-factor verification is needed"}),
    ],
)
def test_second_factor_is_told_apart(httpserver: HTTPServer, transport: Transport, status: int, body: Any) -> None:
    httpserver.expect_request("/api-token-auth/").respond_with_json(body, status)
    with pytest.raises(errors.CredentialsError, match="second factor"):
        login(transport, USER, PASSWORD)


@pytest.mark.parametrize("body", ["{}", "[]", '{"token": ""}', '{"token": null}'])
def test_login_without_a_token_is_malformed(httpserver: HTTPServer, transport: Transport, body: str) -> None:
    httpserver.expect_request("/api-token-auth/").respond_with_data(body)
    with pytest.raises(errors.MalformedAnswer, match="without a token"):
        login(transport, USER, PASSWORD)


def test_login_is_tried_again_when_opensolar_is_down(httpserver: HTTPServer, transport: Transport) -> None:
    httpserver.expect_ordered_request("/api-token-auth/").respond_with_data("", 503)
    httpserver.expect_ordered_request("/api-token-auth/").respond_with_json({"token": "abc123"})
    assert login(transport, USER, PASSWORD).token == "abc123"


def test_token_is_renewed_for_its_organisation(httpserver: HTTPServer, transport: Transport) -> None:
    httpserver.expect_request(
        "/api/fetch_token/", query_string="org_id=16", headers={"Authorization": "Bearer old-one"}
    ).respond_with_json({"token": "new-one", "user": {"id": 10}, "org_id": 16})
    assert fetch_token(transport, "old-one", "16") == Login("new-one", 10, "16")


@pytest.mark.parametrize(
    ("status", "body"), [(400, "{}"), (404, ""), (405, ""), (422, "{}"), (200, "<html></html>"), (200, "{}")]
)
def test_missing_route_is_not_offered(httpserver: HTTPServer, transport: Transport, status: int, body: str) -> None:
    httpserver.expect_request("/api/fetch_token/").respond_with_data(body, status)
    with pytest.raises(NotOffered, match="Log in again") as caught:
        fetch_token(transport, "old-one", "16")
    assert caught.value.status == status


@pytest.mark.parametrize(("status", "kind"), [(401, errors.CredentialsError), (500, errors.TransientError)])
def test_other_failures_of_the_renewal_are_themselves(
    httpserver: HTTPServer, transport: Transport, status: int, kind: type[errors.VendorError]
) -> None:
    httpserver.expect_request("/api/fetch_token/").respond_with_data("", status)
    with pytest.raises(kind):
        fetch_token(transport, "old-one", "16")
