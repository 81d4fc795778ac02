"""When a failed request is sent again, and how long to wait before that."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom

from portal.lib.errors import MalformedAnswer, ThrottledError, TransientError, VendorError

BASE = 0.5
CAP = 8.0
THROTTLED_BASE = 1.0
REPEATED_STATUSES = frozenset({408, 500, 502, 503, 504})

_random = SystemRandom()


def backoff(failures: int) -> float:
    """Seconds after the n-th failure: exponential with full jitter, so that workers do not return in step."""
    return _random.uniform(0, min(CAP, BASE * 2.0 ** (failures - 1)))


def throttle_backoff(failures: int) -> float:
    """Seconds after the n-th 429 that names no time: never less than one second, or asking again adds to the load."""
    return min(CAP, THROTTLED_BASE * 2.0 ** (failures - 1) * _random.uniform(1, 1.5))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from a Retry-After header, given in seconds or as an HTTP date; None without one that makes sense."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.replace(".", "", 1).isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())


class Retries:
    """Decides over one request after each failure.

    `limits` caps the repeats after a given status below `most`. A Retry-After above `max_wait` seconds ends the call.
    """

    def __init__(self, *, repeatable: bool, most: int, max_wait: float, limits: Mapping[int, int]) -> None:
        self._repeatable = repeatable
        self._most = most
        self._max_wait = max_wait
        self._limits = limits
        self._seen: Counter[int] = Counter()
        self._failures = 0

    def delay(self, error: VendorError) -> float | None:
        """Seconds to wait before the next attempt; None to give up."""
        self._failures += 1
        status = error.status or 0
        self._seen[status] += 1
        if self._failures > self._most or self._seen[status] > self._limits.get(status, self._most):
            return None
        if not self._may_repeat(error) or (error.retry_after or 0) > self._max_wait:
            return None
        if error.retry_after is not None and error.status in (429, 503):
            return error.retry_after
        return throttle_backoff(self._failures) if error.status == 429 else backoff(self._failures)

    def _may_repeat(self, error: VendorError) -> bool:
        if isinstance(error, TransientError) and not error.sent:
            return True
        if not self._repeatable:
            return False
        if isinstance(error, ThrottledError):
            return True
        if isinstance(error, MalformedAnswer):
            return error.cut
        return isinstance(error, TransientError) and (error.status is None or error.status in REPEATED_STATUSES)
