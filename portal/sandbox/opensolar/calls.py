"""A request that found its route: what every handler of OpenSolar's room is given, and its common refusals."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.sandbox.opensolar.auth import Gate, Token
from portal.sandbox.opensolar.world import World
from portal.sandbox.settings import Settings
from portal.sandbox.wire import Refusal, Request, Response


@dataclass(slots=True)
class Call:
    """`numbers` and `words` are those in the path, `worlds` all organisations' by their number.

    `known_token` and `known_world` are set once the way to them is passed.
    """

    request: Request
    settings: Settings
    gate: Gate
    numbers: dict[str, int]
    words: dict[str, str]
    known_token: Token | None = None
    known_world: World | None = None
    worlds: Mapping[int, World] = field(default_factory=dict)

    @property
    def token(self) -> Token:
        if self.known_token is None:
            raise LookupError("an open route asked for a token")
        return self.known_token

    @property
    def world(self) -> World:
        if self.known_world is None:
            raise LookupError("a route outside the organisations asked for one")
        return self.known_world


Handler = Callable[[Call], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """`pattern` names the path's numbers; `org` among them makes it an organisation's.

    An open route asks for no token; `action` is what the throttle counts of GET, `write_action` of POST and PATCH.
    """

    pattern: re.Pattern[str]
    methods: Mapping[str, Handler]
    is_open: bool = False
    action: str | None = None
    write_action: str | None = None

    def action_of(self, method: str) -> str | None:
        """What the throttle counts of a request; None for what is free."""
        if method == "GET":
            return self.action
        return self.write_action if method in ("POST", "PUT", "PATCH") else None


def route(
    path: str, action: str | None = None, is_open: bool = False, write_action: str | None = None, **methods: Handler
) -> Route:
    """A route with a handler a method; `<name>` in the path is a number, `<uuid:name>` a UUID."""
    pattern = re.sub(r"<uuid:(\w+)>", r"(?P<\1>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4,12}){4})", path)
    pattern = re.sub(r"(?<!P)<(\w+)>", r"(?P<\1>[0-9]{1,18})", pattern)
    return Route(re.compile(pattern), methods, is_open, action, write_action)


def denied() -> Refusal:
    return Refusal(403, {"detail": "You do not have permission to perform this action."})


def not_found() -> Refusal:
    return Refusal(404, {"detail": "Not found."})


def not_a_number(field: str) -> Refusal:
    return Refusal(400, {field: ["A valid integer is required."]})
