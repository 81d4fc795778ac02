"""What passes between the HTTP server and the rooms of the sandbox: requests, responses, refusals."""

from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from typing import Any, Protocol

import orjson

JsonObject = dict[str, Any]
JSON = "application/json"
HTML = "text/html; charset=utf-8"


@dataclass(slots=True)
class Request:
    """One request as a room sees it.

    `path` is what stands below the room's base path, decoded, with its leading slash; of a query name that was sent
    several times the last value counts. `base` is the room's absolute address as the client called it, without a
    slash at its end; addresses inside records are built from it.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: "Message[str, str]"
    body: bytes
    base: str

    def json(self) -> Any:
        """The parsed body; refuses what is no JSON the way Django REST Framework does (415, 400)."""
        sent = (self.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if sent != JSON:
            raise Refusal(415, {"detail": f'Unsupported media type "{sent}" in request.'})
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise Refusal(400, {"detail": f"JSON parse error - {error}"}) from error

    def json_object(self) -> JsonObject:
        """The parsed body, which has to be an object (400 otherwise)."""
        value = self.json()
        if not isinstance(value, dict):
            message = f"Invalid data. Expected a dictionary, but got {type(value).__name__}."
            raise Refusal(400, {"non_field_errors": [message]})
        return value


@dataclass(slots=True)
class Response:
    """A complete answer; the server adds Content-Length, Date and Connection."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """Ends the handling of a request with this status and JSON body."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.body = body
        self.response = json_response(body, status, headers)


class Room(Protocol):
    """One vendor behind its base path."""

    def handle(self, request: Request) -> Response:
        """Answer a request of the vendor's API; may raise Refusal."""

    def control(self, request: Request) -> Response:
        """Change or show the vendor's world; `path` is what stands below `/control/<room>`; may raise Refusal."""

    def expire_tokens(self) -> None:
        """Every token handed out so far is worthless from now on."""

    def reset(self) -> None:
        """Back to the world as it was at the start: no mutations, no tokens, no counted requests."""


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(status, orjson.dumps(value), headers=headers or {})


def html_response(status: int, explanation: str = "") -> Response:
    """The page a Django site shows where no view was reached."""
    phrase = HTTPStatus(status).phrase
    page = f"<!doctype html>\n<title>{phrase}</title>\n<h1>{phrase} ({status})</h1>\n<p>{explanation}</p>\n"
    return Response(status, page.encode(), HTML)


def no_such_page() -> Response:
    return html_response(404, "The requested resource was not found on this server.")
