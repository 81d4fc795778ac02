"""A total deadline for an HTTP exchange: connection, TLS, headers and body together.

Socket timeouts start anew with every byte, so a vendor that dribbles can hold a worker for ever. Here a timer shuts the
socket down instead. Only the name lookup cannot be cut short; it ends by the resolver's own limits.
"""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

IDLE_LIMIT = 1.5
"""Seconds after which a kept connection is not used again: a server may close it as we send."""

_bound = threading.local()


class SocketGuard:
    """Shuts one connection down from another thread.

    Holds a descriptor of its own: it survives the switch to TLS, and it lives as long as a Watch holds it, even when
    http.client has closed the connection object, as it does at once after the headers of a `Connection: close` answer.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock.dup()
        self._lock = threading.Lock()
        self._held = False
        self._orphaned = False

    def hold(self) -> None:
        with self._lock:
            self._held = True

    def let_go(self) -> None:
        with self._lock:
            self._held = False
            self._close_if_unused()

    def orphan(self) -> None:
        """The connection is closed; nothing but a holding Watch still needs the descriptor."""
        with self._lock:
            self._orphaned = True
            self._close_if_unused()

    def cut(self) -> None:
        with self._lock, suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _close_if_unused(self) -> None:
        if self._orphaned and not self._held:
            self._socket.close()


class Watch:
    """Covers one exchange of the current thread. Afterwards `expired` and `sent` say what became of it.

    `permits`, where set, judges each IP address before it is connected to; `kept_out` says that it let none pass.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self.cut)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._guard: SocketGuard | None = None
        self.expired = False
        self.sent = False
        self.permits: Callable[[str], bool] | None = None
        self.kept_out = False

    def __enter__(self) -> Self:
        _bound.watch = self
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._timer.cancel()
        _bound.watch = None
        self.release()

    def remaining(self) -> float:
        """Seconds left, never negative."""
        return 0.0 if self.expired else max(0.0, self._end - time.monotonic())

    def cut(self) -> None:
        """Ends the exchange now, from any thread."""
        with self._lock:
            self.expired = True
            if self._guard is not None:
                self._guard.cut()

    def adopt(self, guard: SocketGuard) -> None:
        """Takes the connection that now serves this exchange."""
        with self._lock:
            if self._guard is not guard:
                self._drop()
                guard.hold()
                self._guard = guard
            if self.expired:
                guard.cut()

    def release(self) -> None:
        """Lets go of the connection: it may serve another thread from here on."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._guard is not None:
            self._guard.let_go()
            self._guard = None


def current_watch() -> Watch | None:
    return getattr(_bound, "watch", None)


class WatchedHTTPConnection(HTTPConnection):
    """A connection that a Watch can cut at any moment after its socket exists."""

    guard: SocketGuard | None = None
    idle_since: float | None = None

    def _new_conn(self) -> socket.socket:
        sock = self._open_socket()
        self.guard = SocketGuard(sock)
        if watch := current_watch():
            watch.adopt(self.guard)
        return sock

    def _open_socket(self) -> socket.socket:
        """Tries every address of the host within the time that is left in all."""
        try:
            addresses = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise NameResolutionError(self.host, self, error) from error  # type: ignore[arg-type]
        failure: OSError = OSError("the name has no address")
        if (watch := current_watch()) and watch.permits:
            addresses = [found for found in addresses if watch.permits(str(found[4][0]))]
            watch.kept_out = not addresses
        for family, kind, protocol, _name, address in addresses:
            left = self._seconds_left()
            sock = socket.socket(family, kind, protocol)
            try:
                for option in self.socket_options or ():
                    sock.setsockopt(*option)
                sock.settimeout(left)
                sock.connect(address)
                return sock
            except OSError as error:
                sock.close()
                failure = error
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, "no connection in time") from failure
        raise NewConnectionError(self, f"no connection: {failure}") from failure

    def _seconds_left(self) -> float:
        watch = current_watch()
        left = watch.remaining() if watch else float(self.timeout or 0)
        if left <= 0:
            raise ConnectTimeoutError(self, "no time left to connect")
        return left

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if (watch := current_watch()) and self.guard:
            watch.adopt(self.guard)
            watch.sent = True
        super().send(data)

    def close(self) -> None:
        super().close()
        if self.guard is not None:
            self.guard.orphan()
            self.guard = None

    @property
    def is_connected(self) -> bool:
        stale = self.idle_since is not None and time.monotonic() - self.idle_since > IDLE_LIMIT
        return not stale and super().is_connected


class WatchedHTTPSConnection(WatchedHTTPConnection, HTTPSConnection):
    """The same over TLS."""


def _shelve(connection: Any) -> None:
    """Parts watch and connection before the pool may hand it to another thread."""
    if watch := current_watch():
        watch.release()
    if isinstance(connection, WatchedHTTPConnection):
        connection.idle_since = time.monotonic()


class WatchedHTTPPool(HTTPConnectionPool):
    ConnectionCls = WatchedHTTPConnection

    def _put_conn(self, conn: Any) -> None:
        _shelve(conn)
        super()._put_conn(conn)


class WatchedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = WatchedHTTPSConnection

    def _put_conn(self, conn: Any) -> None:
        _shelve(conn)
        super()._put_conn(conn)


WATCHED_POOLS = {"http": WatchedHTTPPool, "https": WatchedHTTPSPool}
