"""A server on a raw socket, for answers that no well-behaved server gives: dribbled, cut, reset."""

import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

Act = Callable[[socket.socket], bool]


@dataclass
class Wire:
    """Answers each request with the next act; the last one stays. An act returns whether the connection stays open."""

    listener: socket.socket
    acts: deque[Act] = field(default_factory=deque)
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    open: list[socket.socket] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        scheme = "https" if isinstance(self.listener, ssl.SSLSocket) else "http"
        return f"{scheme}://127.0.0.1:{self.listener.getsockname()[1]}"

    def plays(self, *acts: Act) -> None:
        self.acts.extend(acts)

    def answers(
        self, body: bytes = b"{}", status: int = 200, headers: dict[str, str] | None = None, times: int = 1
    ) -> None:
        def act(sock: socket.socket) -> bool:
            lines = {"Content-Type": "application/json", "Content-Length": str(len(body))} | (headers or {})
            head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
            sock.sendall(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + body)
            return True

        self.plays(*[act] * times)

    def sends(self, data: bytes) -> None:
        """Raw bytes, then the connection is closed."""

        def act(sock: socket.socket) -> bool:
            sock.sendall(data)
            return False

        self.plays(act)

    def dribbles(self, head: bytes, drop: bytes, every: float = 0.02) -> None:
        """The head at once, then the drop again and again until the client has gone."""

        def act(sock: socket.socket) -> bool:
            sock.sendall(head)
            while not self.over.is_set():
                sock.sendall(drop)
                time.sleep(every)
            return False

        self.plays(act)

    def resets(self) -> None:
        def act(sock: socket.socket) -> bool:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False

        self.plays(act)

    def serve(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.open.append(sock)
            threading.Thread(target=self._converse, args=(sock,), daemon=True).start()

    def _converse(self, sock: socket.socket) -> None:
        with suppress(OSError), sock:
            while request := _read_request(sock):
                self.requests.append(request)
                act = self.acts.popleft() if len(self.acts) > 1 else self.acts[0]
                if not act(sock):
                    return

    def stop(self) -> None:
        self.over.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for sock in self.open:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


def start_wire(tls: ssl.SSLContext | None = None) -> Wire:
    listener = socket.create_server(("127.0.0.1", 0))
    server = Wire(tls.wrap_socket(listener, server_side=True) if tls else listener)
    threading.Thread(target=server.serve, daemon=True).start()
    return server


def _read_request(sock: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            while len(body) < int(value):
                body += sock.recv(65536)
    return head + b"\r\n\r\n" + body
