"""Which room a request belongs to, and what goes wrong with it: the sandbox without its sockets."""

import logging
from collections.abc import Callable, Mapping

from portal.sandbox.control import Control
from portal.sandbox.faults import INSTEAD, Fault, FaultBoard
from portal.sandbox.journal import Entry, Journal
from portal.sandbox.settings import Settings
from portal.sandbox.wire import Refusal, Request, Response, Room, html_response, no_such_page

logger = logging.getLogger(__name__)
CONTROL = "control"
Handler = Callable[[Request], Response]


class Reception:
    """Sends each request to its room; `/control/` itself is neither logged nor spoiled."""

    def __init__(self, settings: Settings, rooms: Mapping[str, Room]) -> None:
        self._rooms = rooms
        self._faults = FaultBoard()
        self._journal = Journal()
        self._control = Control(settings, self._faults, self._journal, rooms)

    def receive(self, request: Request) -> tuple[Response | None, Fault | None]:
        """The answer and the fault that spoils it on its way; no answer when the connection is to be reset.

        `request.path` and `request.base` are the whole path and the server's address when it comes in.
        """
        name, _, rest = request.path.removeprefix("/").partition("/")
        if name == CONTROL:
            return self._into(request, name, rest, self._control.handle), None
        entry = self._journal.arrival(request)
        fault = self._faults.take(request)
        if fault is not None and fault.kind in INSTEAD:
            return self._noted(entry, fault.answer()), fault
        if name not in self._rooms:
            return self._noted(entry, no_such_page()), fault
        return self._noted(entry, self._into(request, name, rest, self._rooms[name].handle)), fault

    def _into(self, request: Request, name: str, rest: str, handle: Handler) -> Response:
        request.path, request.base = f"/{rest}", f"{request.base}/{name}"
        try:
            return handle(request)
        except Refusal as refusal:
            return refusal.response
        except Exception:
            logger.exception("%s %s%s", request.method, request.base, request.path)
            return html_response(500, "The sandbox itself failed; its log says why.")

    @staticmethod
    def _noted(entry: Entry, response: Response | None) -> Response | None:
        if response is not None:
            entry.answered(response.status)
        return response
