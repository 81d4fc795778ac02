"""Which requests the rooms have seen: what a test counts, and what a developer reads."""

import time
from collections import deque
from dataclasses import asdict, dataclass, field

from portal.sandbox.wire import JsonObject, Request

KEPT = 200_000


@dataclass(slots=True)
class Entry:
    """One request. `path` holds the base path of the room; `at` is Unix time on arrival.

    `status` is None while the answer is not ready, and stays None for a connection that was reset.
    `seconds` is the time until the answer was ready to be sent.
    """

    method: str
    path: str
    query: dict[str, str]
    status: int | None = None
    at: float = field(default_factory=time.time)
    seconds: float | None = None

    def answered(self, status: int) -> None:
        self.seconds = round(time.time() - self.at, 6)
        self.status = status


class Journal:
    """The last requests, oldest first; appended to by every thread of the server."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    def arrival(self, request: Request) -> Entry:
        entry = Entry(request.method, request.path, request.query)
        self._entries.append(entry)
        return entry

    def as_json(self) -> list[JsonObject]:
        return [asdict(entry) for entry in tuple(self._entries)]

    def clear(self) -> None:
        self._entries.clear()
