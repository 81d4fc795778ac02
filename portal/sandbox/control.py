"""The control address `/control/`: what the sandbox has seen, how it behaves, and changes to a vendor's world.

GET, DELETE        /control/log
GET, POST          /control/settings
GET, POST, DELETE  /control/faults
POST               /control/tokens/expire
POST               /control/reset                  as it was at the start, log and faults and settings included
any                /control/<room>/…               the room's own, see its `control` module
"""

from collections.abc import Callable, Mapping

from portal.sandbox.faults import FaultBoard
from portal.sandbox.journal import Journal
from portal.sandbox.settings import Settings
from portal.sandbox.wire import Refusal, Request, Response, Room, json_response, no_such_page

Handler = Callable[[Request], Response]


class Control:
    """Serves `/control/`; `path` of its requests is what stands below it."""

    def __init__(self, settings: Settings, faults: FaultBoard, journal: Journal, rooms: Mapping[str, Room]) -> None:
        self._settings = settings
        self._faults = faults
        self._journal = journal
        self._rooms = rooms
        self._routes: dict[str, dict[str, Handler]] = {
            "/log": {"GET": self._log, "DELETE": self._clear_log},
            "/settings": {"GET": self._show_settings, "POST": self._change_settings},
            "/faults": {"GET": self._list_faults, "POST": self._order_fault, "DELETE": self._clear_faults},
            "/tokens/expire": {"POST": self._expire_tokens},
            "/reset": {"POST": self._reset},
        }

    def handle(self, request: Request) -> Response:
        path = request.path.rstrip("/")
        if (methods := self._routes.get(path)) is not None:
            if request.method not in methods:
                raise Refusal(405, {"detail": f'Method "{request.method}" not allowed.'}, {"Allow": ", ".join(methods)})
            return methods[request.method](request)
        name, _, rest = path.removeprefix("/").partition("/")
        if name not in self._rooms:
            return no_such_page()
        request.path = f"/{rest}"
        return self._rooms[name].control(request)

    def _log(self, request: Request) -> Response:
        return json_response(self._journal.as_json())

    def _clear_log(self, request: Request) -> Response:
        self._journal.clear()
        return json_response([])

    def _show_settings(self, request: Request) -> Response:
        return json_response(self._settings.as_json())

    def _change_settings(self, request: Request) -> Response:
        self._settings.change(request.json_object())
        return json_response(self._settings.as_json())

    def _list_faults(self, request: Request) -> Response:
        return json_response(self._faults.as_json())

    def _order_fault(self, request: Request) -> Response:
        return json_response(self._faults.order(request.json_object()), 201)

    def _clear_faults(self, request: Request) -> Response:
        self._faults.clear()
        return json_response([])

    def _expire_tokens(self, request: Request) -> Response:
        for room in self._rooms.values():
            room.expire_tokens()
        return json_response({})

    def _reset(self, request: Request) -> Response:
        for room in self._rooms.values():
            room.reset()
        self._settings.reset()
        self._faults.clear()
        self._journal.clear()
        return json_response({})
