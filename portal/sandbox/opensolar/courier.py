"""Carries webhooks out: POSTs each event, repeats what failed, and writes every attempt into the delivery log.

Document 000 names neither a time-out, nor the status that counts as taken, nor when it tries again. Here it is 5 s,
any 2xx, and `webhook_attempts` times `webhook_retry_seconds` apart; events go out in the order in which they happened,
except that one which waits for its next attempt lets the others pass.
"""

import http.client
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from threading import Condition, Thread
from urllib.parse import urlsplit

import orjson

from portal.sandbox.opensolar.draw import stamp
from portal.sandbox.settings import Settings
from portal.sandbox.wire import JsonObject

TIMEOUT = 5.0
KEPT = 20_000


@dataclass(slots=True)
class Parcel:
    """One delivery to one webhook."""

    webhook: int
    endpoint: str
    headers: Mapping[str, str]
    envelope: JsonObject
    attempts: int = 0
    due: float = field(default_factory=time.monotonic)


class Courier:
    """One organisation's deliveries; its thread lives only while something is to be delivered."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._waiting: deque[Parcel] = deque()
        self._log: deque[JsonObject] = deque(maxlen=KEPT)
        self._numbers = count(1)
        self._busy = False
        self._state = Condition()

    def send(self, parcel: Parcel) -> None:
        """Takes it on; returns at once."""
        with self._state:
            self._waiting.append(parcel)
            if not self._busy:
                self._busy = True
                Thread(target=self._work, name="courier", daemon=True).start()

    def wait(self, seconds: float) -> int:
        """Until nothing waits any more; how many still do after so many seconds."""
        with self._state:
            self._state.wait_for(lambda: not self._busy, seconds)
            return len(self._waiting)

    def log(self) -> list[JsonObject]:
        """One row an attempt, the newest first."""
        with self._state:
            return [*reversed(self._log)]

    def write(self, row: JsonObject) -> None:
        """A row that no attempt made: deliveries from before the sandbox was started."""
        with self._state:
            self._log.append({**row, "id": next(self._numbers)})

    def _work(self) -> None:
        while True:
            with self._state:
                if not self._waiting:
                    self._busy = False
                    self._state.notify_all()
                    return
                parcel = min(self._waiting, key=lambda one: one.due)
                pause = parcel.due - time.monotonic()
                if pause <= 0:
                    self._waiting.remove(parcel)
            if pause > 0:
                time.sleep(min(pause, 0.05))
            else:
                self._deliver(parcel)

    def _deliver(self, parcel: Parcel) -> None:
        status, notes = _post(parcel)
        taken = 200 <= status < 300
        parcel.attempts += 1
        now = stamp(datetime.now(UTC))
        envelope = parcel.envelope
        with self._state:
            self._log.append(
                {
                    "id": next(self._numbers),
                    "webhook": parcel.webhook,
                    "successful": taken,
                    "model_name": envelope.get("model"),
                    "model_pk": envelope.get("model_id"),
                    "event_queue_name": "webhooks",
                    "event_id": envelope.get("event_id"),
                    "event_name": envelope.get("event"),
                    "event_timestamp": envelope.get("timestamp"),
                    "notes": notes,
                    "created_date": now,
                    "modified_date": now,
                }
            )
            if not taken and parcel.attempts < self._settings.webhook_attempts:
                parcel.due = time.monotonic() + self._settings.webhook_retry_seconds
                self._waiting.append(parcel)


def _post(parcel: Parcel) -> tuple[int, str]:
    """The status (0: nobody answered) and what the log says about it."""
    parts = urlsplit(parcel.endpoint)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    headers = {"Content-Type": "application/json", **parcel.headers}
    try:
        line = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
        try:
            line.request("POST", parts.path or "/", orjson.dumps(parcel.envelope), headers)
            answer = line.getresponse()
            answer.read()
        finally:
            line.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        return 0, f"{type(error).__name__}"
    return answer.status, f"HTTP {answer.status}"
