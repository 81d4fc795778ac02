"""The sandbox as one object: start it, ask for its address, stop it.

with Sandbox(projects=40) as sandbox:
    requests.get(f"{sandbox.opensolar_url}/api/orgs/1/")
"""

from datetime import UTC, date, datetime
from threading import Thread
from types import TracebackType
from typing import Self

from portal.sandbox.opensolar.room import OpenSolarRoom
from portal.sandbox.reception import Reception
from portal.sandbox.settings import Settings
from portal.sandbox.transport import Transport
from portal.sandbox.wire import Room

HOST = "127.0.0.1"


class Sandbox:
    """The vendors' APIs on one port, served from a thread from the moment it is created.

    `port` 0 takes a free one; `projects` and `sites` are the sizes of the first organisation and the fleet; the same
    `seed` and `today` (default: the real day, UTC) make the same world. Raises OSError when the port is taken.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        projects: int = 40,
        sites: int = 40,
        seed: int = 1,
        today: date | None = None,
        host: str = HOST,
        verbose: bool = False,
    ) -> None:
        self.sites = sites
        self.settings = Settings()
        today = today or datetime.now(UTC).date()
        rooms: dict[str, Room] = {"opensolar": OpenSolarRoom(self.settings, projects, seed, today)}
        self._transport = Transport((host, port), Reception(self.settings, rooms), verbose)
        self.url = f"http://{host}:{self._transport.server_port}"
        self._thread = Thread(target=self._transport.serve_forever, args=(0.02,), name="sandbox", daemon=True)
        self._thread.start()

    @property
    def opensolar_url(self) -> str:
        """What stands before `/api/…` and `/auth/…` of OpenSolar."""
        return f"{self.url}/opensolar"

    @property
    def control_url(self) -> str:
        return f"{self.url}/control"

    def stop(self) -> None:
        """Close the port and every connection; may be called twice."""
        self._transport.shutdown()
        self._transport.cut_all()
        self._transport.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
