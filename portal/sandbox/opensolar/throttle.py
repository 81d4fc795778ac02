"""The documented limits a minute and user."""

import math
import time
from collections import defaultdict, deque
from threading import Lock

from portal.sandbox.settings import Settings
from portal.sandbox.wire import Refusal

WINDOW = 60.0
LIMITS = {
    "project": 100,
    "systems/details": 60,
    "user_logins": 100,
    "system image": 10,
    "create project": 10,
    "change project": 10,
}
"""Requests of one user in any sixty seconds, by action."""


class Throttle:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: defaultdict[tuple[int, str], deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def count(self, user: int, action: str | None) -> None:
        """Count one request; 429 when it is one too many (and then it does not count)."""
        if action is None or not self._settings.throttle:
            return
        now = time.monotonic()
        with self._lock:
            seen = self._seen[user, action]
            while seen and seen[0] <= now - WINDOW:
                seen.popleft()
            if len(seen) < LIMITS[action]:
                seen.append(now)
                return
            wait = math.ceil(seen[0] + WINDOW - now)
        headers = {"Retry-After": str(wait)} if self._settings.throttle_retry_after else {}
        message = f"Request was throttled. Expected available in {wait} seconds."
        raise Refusal(429, {"detail": message}, headers)

    def reset(self) -> None:
        with self._lock:
            self._seen.clear()
