"""The sandbox's sockets: HTTP/1.1 with kept-alive connections, and answers that arrive late, in part or not at all."""

import logging
import socket
import struct
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event, Lock
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from portal.sandbox.faults import Fault
from portal.sandbox.reception import Reception
from portal.sandbox.wire import Request, Response, json_response

logger = logging.getLogger(__name__)
LARGEST_BODY = 50 * 2**20
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Transport(ThreadingHTTPServer):
    """A thread a connection; stopping it cuts all of them at once."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], reception: Reception, verbose: bool) -> None:
        self.reception = reception
        self.verbose = verbose
        self.stopping = Event()
        self._open: set[socket.socket] = set()
        self._to_reset: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(address, _Conversation)

    def server_bind(self) -> None:
        """Bind without the look-up of the host's name that HTTPServer makes, which may take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[0], self.server_address[1]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection; one that is to be reset is not said goodbye to before."""
        with self._lock:
            self._open.discard(request)
            reset = request in self._to_reset
            self._to_reset.discard(request)
        if reset:
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def reset_on_close(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        with self._lock:
            self._to_reset.add(connection)

    def cut_all(self) -> None:
        """End every conversation, also those that wait."""
        self.stopping.set()
        with self._lock:
            connections = tuple(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error; everything else is."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            logger.exception("a connection failed")


class _Conversation(BaseHTTPRequestHandler):
    """One connection: reads requests, writes answers."""

    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    server: Transport

    def _serve(self) -> None:
        body = self._read_body()
        if body is None:
            return
        response, fault = self.server.reception.receive(self._request(body))
        if response is None:
            self.server.reset_on_close(self.connection)
            self.close_connection = True
            return
        self._deliver(response, fault)
        self.log_request(response.status)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - looked up by name

    def _read_body(self) -> bytes | None:
        """The request's body; None when it was refused, and then the connection ends, for its rest is unread."""
        length = self.headers.get("Content-Length") or "0"
        if "Transfer-Encoding" not in self.headers and length.isdecimal() and int(length) <= LARGEST_BODY:
            return self.rfile.read(int(length))
        self.close_connection = True
        self._send(json_response({"detail": "Send a body of known and moderate length."}, 413))
        return None

    def _request(self, body: bytes) -> Request:
        parts = urlsplit(self.path)
        host = self.headers.get("Host") or f"{self.server.server_name}:{self.server.server_port}"
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return Request(self.command, unquote(parts.path), query, self.headers, body, f"http://{host}")

    def _deliver(self, response: Response, fault: Fault | None) -> None:
        kind = fault.kind if fault else None
        if fault and kind != "slow" and fault.delay and self.server.stopping.wait(fault.delay):
            self.close_connection = True
            return
        if fault and kind == "slow":
            self._dribble(response, fault)
        elif kind == "cut":
            self.close_connection = True
            self.wfile.write(self._head(response) + response.body[: len(response.body) // 2])
        elif kind == "invalid_json":
            self._send(Response(200, response.body[: len(response.body) // 2] or b"[{", response.content_type))
        elif fault and kind == "done":
            self._send(fault.answer() or response)
        else:
            self._send(response)

    def _dribble(self, response: Response, fault: Fault) -> None:
        size = max(1, -(-len(response.body) // fault.chunks))
        self.wfile.write(self._head(response))
        for start in range(0, len(response.body), size):
            if self.server.stopping.wait(fault.delay):
                return
            self.wfile.write(response.body[start : start + size])

    def _send(self, response: Response) -> None:
        self.wfile.write(self._head(response) + (b"" if self.command == "HEAD" else response.body))

    def _head(self, response: Response) -> bytes:
        self.send_response_only(response.status)
        self.send_header("Date", self.date_time_string())
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        return self._taken_head()

    def _taken_head(self) -> bytes:
        """The head lines collected so far, taken out so that head and body leave in one packet."""
        lines: list[bytes] = self._headers_buffer  # type: ignore[attr-defined]
        head = b"".join(lines) + b"\r\n"
        lines.clear()
        return head

    def log_message(self, format: str, *args: Any) -> None:
        if self.server.verbose:
            super().log_message(format, *args)
