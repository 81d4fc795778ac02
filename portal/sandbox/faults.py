"""Faults on demand: which request goes wrong, how often, and what the client then gets."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from itertools import count
from threading import Lock
from typing import Any, Literal, get_args

from portal.sandbox.wire import HTML, JsonObject, Refusal, Request, Response, json_response

Kind = Literal["status", "delay", "slow", "cut", "invalid_json", "html", "reset", "body", "done"]
KINDS: tuple[str, ...] = get_args(Kind)
INSTEAD: tuple[str, ...] = ("status", "html", "reset", "body")
"""Kinds that stand in for the answer: the request has no effect. The others spoil the true answer on its way; `done`
carries the request out and answers with `status` all the same."""

_LOGIN_PAGE = b"<!doctype html>\n<title>Please wait</title>\n<h1>Checking your connection</h1>\n"


@dataclass(slots=True)
class Fault:
    """One order of `/control/faults`.

    `path` is a regular expression for the whole path, room included (`/opensolar/api/orgs/1/projects/`); `query`
    has to be contained in the request's query. The first `skip` matching requests pass, the next `times` (None: all)
    go wrong. `delay` is in seconds: before the answer, or (slow) between the `chunks` parts of its body.
    """

    kind: Kind
    method: str | None = None
    path: str = ".*"
    query: dict[str, str] = field(default_factory=dict)
    status: int = 500
    retry_after: float | None = None
    delay: float = 0.0
    chunks: int = 20
    body: Any = None
    times: int | None = 1
    skip: int = 0
    id: int = 0
    hits: int = 0

    def concerns(self, request: Request) -> bool:
        return (
            self.times != 0
            and self.method in (None, request.method)
            and re.fullmatch(self.path, request.path) is not None
            and self.query.items() <= request.query.items()
        )

    def answer(self) -> Response | None:
        """The answer of a kind that stands in for the true one."""
        if self.kind in ("status", "done"):
            headers = {} if self.retry_after is None else {"Retry-After": f"{self.retry_after:g}"}
            body = {"detail": f"{HTTPStatus(self.status).phrase}."} if self.body is None else self.body
            return json_response(body, self.status, headers)
        if self.kind == "html":
            return Response(200, _LOGIN_PAGE, HTML)
        return json_response(self.body) if self.kind == "body" else None


class FaultBoard:
    """All orders in force, the oldest first; each request is spoiled by one of them at most."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._numbers = count(1)
        self._lock = Lock()

    def order(self, wanted: JsonObject) -> JsonObject:
        """Put up one fault; 400 with the fields that make no sense."""
        fault = Fault(**_checked(wanted))
        with self._lock:
            fault.id = next(self._numbers)
            self._faults.append(fault)
        return asdict(fault)

    def take(self, request: Request) -> Fault | None:
        """The fault that hits this request, used up once more."""
        if not self._faults:
            return None
        with self._lock:
            for fault in self._faults:
                if not fault.concerns(request):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.hits += 1
                fault.times = None if fault.times is None else fault.times - 1
                return fault
        return None

    def as_json(self) -> list[JsonObject]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _is_pattern(value: str) -> bool:
    try:
        re.compile(value)
    except re.error:
        return False
    return True


_ORDERED: dict[str, Callable[[Any], bool]] = {
    "kind": lambda value: value in KINDS,
    "method": lambda value: value is None or isinstance(value, str),
    "path": lambda value: isinstance(value, str) and _is_pattern(value),
    "query": lambda value: isinstance(value, dict) and all(isinstance(part, str) for part in value.values()),
    "status": lambda value: value in {status.value for status in HTTPStatus if status >= HTTPStatus.OK},
    "retry_after": lambda value: value is None or _is_number(value),
    "delay": _is_number,
    "chunks": lambda value: isinstance(value, int) and value >= 1,
    "body": lambda value: True,
    "times": lambda value: value is None or (isinstance(value, int) and value >= 1),
    "skip": lambda value: isinstance(value, int) and value >= 0,
}


def _checked(wanted: JsonObject) -> JsonObject:
    wrong = [name for name, value in wanted.items() if name not in _ORDERED or not _ORDERED[name](value)]
    if "kind" not in wanted:
        wrong.append("kind")
    if wrong:
        raise Refusal(400, {name: ["Not a valid part of a fault."] for name in wrong})
    return wanted
