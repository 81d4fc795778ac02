"""All HTTP to vendors goes through here: deadlines, size caps, retries, the error family, a redacted log.

The only module that imports requests. A Transport serves one vendor account and may be used by a few threads.
"""

import copy
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests import exceptions as broken
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, NameResolutionError

from portal.lib.answer import Answer, refusal
from portal.lib.backoff import Retries, retry_after
from portal.lib.call import Call, Params, checked_base, header_lines, json_body, secrets_in, target
from portal.lib.deadline import WATCHED_POOLS, Watch
from portal.lib.errors import MalformedAnswer, PermanentError, ThrottledError, TooLarge, TransientError, VendorError
from portal.lib.exchange import CHUNK, Breakage, broken_exchange, start_of_body, whole_body
from portal.lib.redaction import redact_url
from portal.lib.redirects import ELSEWHERE, FOLLOWED, INSIDE, Hop, first_hop, next_hop, not_followed, refused_elsewhere

__all__ = ["Answer", "Transport"]

log = logging.getLogger("portal.vendor")
# urllib3 writes whole addresses at these levels, secret parameters included; our own line below replaces it.
logging.getLogger("urllib3").setLevel(logging.ERROR)

_BEAT = 5.0
_NETWORK = (broken.RequestException, HTTPError, OSError, ValueError)


def _nothing() -> None:
    return None


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = WATCHED_POOLS


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: requests would read the whole body of a redirect, without a size cap, to prepare the next hop."""
        return None


def _session(pool_size: int) -> requests.Session:
    session = _Session()
    # The environment would add proxies, and a .netrc that replaces our token; only its certificate bundle is wanted.
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    session.headers.clear()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter(pool_connections=2, pool_maxsize=pool_size, max_retries=0))
    return session


class _Tally:
    """Counts that all views of one transport share."""

    def __init__(self, on_request: Callable[[], None] | None) -> None:
        self._lock = threading.Lock()
        self._on_request = on_request or _nothing
        self.throttled = 0

    def count_request(self) -> None:
        with self._lock:
            self._on_request()

    def count_throttled(self) -> None:
        with self._lock:
            self.throttled += 1


class Transport:
    """Sends requests to one vendor account and returns 2xx answers or raises the error family.

    `before_attempt` runs in the calling thread before each attempt and at least every 5 s while waiting; what it
    raises passes through. `on_request` runs once for each request sent, under a lock. `deadline` is in seconds for a
    whole attempt, `max_bytes` caps the decompressed body, `max_wait` is the longest Retry-After that is waited for.
    PermanentError if `base_url` is no address.
    """

    def __init__(
        self,
        base_url: str,
        *,
        name: str,
        deadline: float = 20.0,
        max_bytes: int = 32 * 2**20,
        retries: int = 3,
        max_wait: float = 30.0,
        before_attempt: Callable[[], None] = _nothing,
        sleep: Callable[[float], object] | None = None,
        on_request: Callable[[], None] | None = None,
        pool_size: int = 4,
    ) -> None:
        self.base_url = checked_base(base_url)
        self.name = name
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._retries = retries
        self._max_wait = max_wait
        self.before_attempt = before_attempt
        self._stopped = threading.Event()
        self._given_sleep = sleep
        self._tally = _Tally(on_request)
        self._session = _session(pool_size)
        self._live: set[Watch] = set()

    @property
    def throttled(self) -> int:
        """How many 429 answers came so far, over all views of this transport."""
        return self._tally.throttled

    def detached(self) -> "Transport":
        """A view for worker threads: the same connections and counts, no `before_attempt`, its own `abort`."""
        view = copy.copy(self)
        view.before_attempt = _nothing
        view._stopped = threading.Event()
        view._live = set()
        return view

    def abort(self) -> None:
        """Cuts every request under way in this view and refuses new ones, from any thread."""
        self._stopped.set()
        for watch in list(self._live):
            watch.cut()

    def sleep(self, seconds: float) -> None:
        """Waits, or ends at once by `abort`."""
        (self._given_sleep or self._stopped.wait)(seconds)

    def close(self) -> None:
        """Closes the idle connections."""
        self._session.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: Any = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool | None = None,
        deadline: float | None = None,
        max_bytes: int | None = None,
        retry_limits: Mapping[int, int] | None = None,
        expect_json: bool = False,
        elsewhere: bool = False,
    ) -> Answer:
        """Sends until there is a 2xx answer or nothing more to hope for; raises the error family otherwise.

        `repeatable` (GET and HEAD by default) permits another attempt after the request has left us. `retry_limits`
        caps the repeats after a status (0: none). With `expect_json` a body that broke off unseen counts as a failed
        attempt. `elsewhere` permits redirects of a reading request to other hosts, see `portal.lib.redirects`.
        """
        call = Call(
            method=method,
            url=target(self.base_url, path, params),
            body=json_body(json),
            headers=header_lines(self.name, token, headers, json is not None),
            known=secrets_in(token, headers, params or {}, json),
            repeatable=method in ("GET", "HEAD") if repeatable is None else repeatable,
            deadline=self._deadline if deadline is None else deadline,
            max_bytes=self._max_bytes if max_bytes is None else max_bytes,
            expect_json=expect_json,
            retry_limits=retry_limits or {},
            elsewhere=elsewhere,
        )
        return self._until_answered(call)

    def _until_answered(self, call: Call) -> Answer:
        retries = Retries(
            repeatable=call.repeatable, most=self._retries, max_wait=self._max_wait, limits=call.retry_limits
        )
        attempt = 1
        while True:
            self._check_stopped()
            self.before_attempt()
            outcome = self._attempt(call, attempt)
            if isinstance(outcome, Answer):
                return outcome
            delay = None if self._stopped.is_set() else retries.delay(outcome)
            if delay is None:
                raise outcome
            self._pause(delay)
            attempt += 1

    def _check_stopped(self) -> None:
        if self._stopped.is_set():
            raise TransientError(f"The request to {self.name} was given up.")

    def _pause(self, seconds: float) -> None:
        while seconds > 0:
            step = min(_BEAT, seconds)
            self.sleep(step)
            seconds -= step
            self._check_stopped()
            if seconds > 0:
                self.before_attempt()

    def _attempt(self, call: Call, number: int) -> Answer | VendorError:
        started = time.monotonic()
        with self._watch(call.deadline) as watch:
            outcome = self._exchange(call, watch)
        seconds = time.monotonic() - started
        status: int | str = outcome.status or type(outcome).__name__
        if isinstance(outcome, ThrottledError) and outcome.status == 429:
            self._tally.count_throttled()
        size = len(outcome.body) if isinstance(outcome, Answer) else 0
        where = redact_url(call.url)
        log.info("%s %s %s %.0f ms %d bytes attempt %d", call.method, where, status, seconds * 1000, size, number)
        if isinstance(outcome, VendorError):
            return outcome
        outcome.seconds, outcome.attempts = seconds, number
        return _checked(outcome) if call.expect_json else outcome

    @contextmanager
    def _watch(self, seconds: float) -> Iterator[Watch]:
        with Watch(seconds) as watch:
            self._live.add(watch)
            try:
                yield watch
            finally:
                self._live.discard(watch)

    def _exchange(self, call: Call, watch: Watch) -> Answer | VendorError:
        """One attempt: the request and the redirects that lead to its answer."""
        hop = first_hop(call)
        for _ in range((ELSEWHERE if call.elsewhere else INSIDE) + 1):
            self._tally.count_request()
            reply = self._send(call, hop, watch)
            if isinstance(reply, VendorError):
                return reply
            status, headers, body = reply
            if 200 <= status < 300:
                return Answer(status, headers, body, hop.url, 0.0, 0, self.name, call.known)
            if status not in FOLLOWED:
                if hop.is_elsewhere and status < 500 and status not in (408, 429):
                    return refused_elsewhere(self.name, status)
                wait = retry_after(headers)
                return refusal(self.name, status, body, retry_after=wait, max_wait=self._max_wait, known=call.known)
            onward = next_hop(call, hop, headers.get("Location", ""))
            if onward is None:
                return not_followed(self.name, status)
            hop = onward
        return PermanentError(f"{self.name} redirects in a circle. Check the base address.", status=status)

    def _send(self, call: Call, hop: Hop, watch: Watch) -> tuple[int, Mapping[str, str], bytes] | VendorError:
        status: int | None = None
        watch.permits = hop.permits
        try:
            request = requests.Request(call.method, hop.url, headers=hop.headers, data=call.body)
            with self._session.send(
                self._session.prepare_request(request),
                stream=True,
                timeout=max(watch.remaining(), 0.001),
                allow_redirects=False,
            ) as response:
                status = response.status_code
                body = self._body(response, call)
            breakage = Breakage.LATE if watch.expired else None
        except TooLarge as error:
            return error
        except _NETWORK as error:
            breakage = _kind_of(error, watch)
        if breakage is None:
            return response.status_code, response.headers, body
        if self._stopped.is_set():
            breakage = Breakage.GIVEN_UP
        return broken_exchange(self.name, breakage, call, sent=watch.sent, status=status)

    def _body(self, response: requests.Response, call: Call) -> bytes:
        chunks = response.iter_content(CHUNK)
        if not 200 <= response.status_code < 300:
            return start_of_body(chunks, _NETWORK)
        declared = "" if call.method == "HEAD" else response.headers.get("Content-Length", "")
        return whole_body(chunks, declared, call.max_bytes, self.name)


def _checked(answer: Answer) -> Answer | VendorError:
    try:
        answer.json()
    except MalformedAnswer as error:
        return error.with_traceback(None)
    return answer


_KINDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Breakage], ...] = (
    (broken.Timeout, Breakage.LATE),
    ((broken.ChunkedEncodingError, broken.ContentDecodingError), Breakage.CUT),
)


def _kind_of(error: Exception, watch: Watch) -> Breakage:
    if watch.expired:
        return Breakage.LATE
    if watch.kept_out:
        return Breakage.KEPT_OUT
    known = next((breakage for kinds, breakage in _KINDS if isinstance(error, kinds)), None)
    if known or watch.sent:
        return known or Breakage.LOST
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return Breakage.CERTIFICATE
    if isinstance(error, ValueError):
        return Breakage.UNUSABLE
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return Breakage.NAME if isinstance(reason, NameResolutionError) else Breakage.REFUSED
