"""OpenSolar's room: from a request's path to its route, past every refusal on the way."""

from datetime import UTC, date, datetime, time

from portal.sandbox.opensolar.auth import Gate
from portal.sandbox.opensolar.calls import Call, Route, denied, not_found
from portal.sandbox.opensolar.mutations import Mutations
from portal.sandbox.opensolar.people import ORGS
from portal.sandbox.opensolar.routes import ROUTES
from portal.sandbox.opensolar.throttle import Throttle
from portal.sandbox.opensolar.world import World
from portal.sandbox.settings import Settings
from portal.sandbox.wire import Refusal, Request, Response, no_such_page

SMALLEST_NEIGHBOUR = 3


class OpenSolarRoom:
    """Two organisations: the first with `projects` projects, the second with a twentieth of them.

    Nothing in it is younger than midnight (UTC) at the start of `today`, except what was changed by hand.
    """

    def __init__(self, settings: Settings, projects: int, seed: int, today: date) -> None:
        self._settings = settings
        self._seed = seed
        self._gate = Gate(settings)
        self._throttle = Throttle(settings)
        self._epoch = datetime.combine(today, time(), UTC)
        self._sizes = (projects, max(SMALLEST_NEIGHBOUR, projects // 20))
        self._build()

    def _build(self) -> None:
        sizes = zip(ORGS, self._sizes, strict=True)
        self._worlds = {org.id: World(org, size, self._seed, self._epoch, self._settings) for org, size in sizes}
        self._mutations = Mutations(self._worlds, self._epoch)

    def handle(self, request: Request) -> Response:
        """As Django REST Framework does it: page, token, organisation, plan, throttle, then the method."""
        path = request.path
        if request.method == "GET" and not path.endswith("/"):
            path += "/"
        for route in ROUTES:
            if (match := route.pattern.fullmatch(path)) is not None:
                found = match.groupdict()
                numbers = {name: int(text) for name, text in found.items() if text.isdecimal()}
                words = {name: text for name, text in found.items() if name not in numbers}
                return self._answer(
                    route, Call(request, self._settings, self._gate, numbers, words, worlds=self._worlds)
                )
        return no_such_page()

    def control(self, request: Request) -> Response:
        return self._mutations.handle(request)

    def expire_tokens(self) -> None:
        self._gate.expire_all()

    def reset(self) -> None:
        self._gate.reset()
        self._throttle.reset()
        self._build()

    def _answer(self, route: Route, call: Call) -> Response:
        if not route.is_open:
            call.known_token = self._gate.identify(call.request)
        if "org" in call.numbers:
            self._enter(call)
        method = call.request.method
        if (action := route.action_of(method)) is not None:
            self._throttle.count(call.token.user.id, action)
        if method not in route.methods:
            allowed = {"Allow": ", ".join(route.methods)}
            raise Refusal(405, {"detail": f'Method "{method}" not allowed.'}, allowed)
        return route.methods[method](call)

    def _enter(self, call: Call) -> None:
        world = self._worlds.get(call.numbers["org"])
        if world is None:
            raise not_found()
        if not call.token.opens(world.org):
            raise denied()
        if self._settings.plan == "none":
            raise Refusal(402, {"detail": "Your organisation has no API access plan."})
        call.known_world = world
