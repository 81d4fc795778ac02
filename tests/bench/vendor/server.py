"""The page server: one process, a thread a connection, pages kept ready; ends with its parent.

An address says all: `/{projects}/{version}/{milliseconds}` stands before OpenSolar's own paths.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from tests.bench.vendor.sample import page

KEPT = 500
LISTS = ("roles", "contacts", "systems")


@lru_cache(KEPT)
def _projects(total: int, version: int, number: int, limit: int) -> bytes:
    return _http(page((number - 1) * limit, number * limit, total, version))


@lru_cache(KEPT)
def _answer(path: str, query: str) -> tuple[bytes, float]:
    """The whole answer to a request, and how many seconds to wait before it."""
    total, version, milliseconds, *rest = path.strip("/").split("/")
    wait = int(milliseconds) / 1000
    if rest[:1] == ["api-token-auth"]:
        return _http(b'{"token": "bench", "user": {"id": 1}, "org_id": 1}'), wait
    match rest:
        case ["api", "orgs", _]:
            return _http(b'{"id": 1, "name": "Sunny Roofs"}'), wait
        case ["api", "orgs", _, "projects"]:
            asked = parse_qs(query)
            return _projects(int(total), int(version), int(asked["page"][0]), int(asked["limit"][0])), wait
        case ["api", "orgs", _, name] if name in LISTS:
            return _http(b"[]"), wait
    return _http(b'{"detail": "Not found."}', "404 Not Found"), wait


def _http(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _serve(sock: socket.socket) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with sock, sock.makefile("rb") as lines:
        while request := lines.readline():
            length = 0
            while (line := lines.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            lines.read(length)
            parts = urlsplit(request.split()[1].decode())
            answer, wait = _answer(parts.path, parts.query)
            if wait:
                time.sleep(wait)
            try:
                sock.sendall(answer)
            except OSError:
                return


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Prints the port and serves until standard input ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        while True:
            sock, _ = listening.accept()
            threading.Thread(target=_serve, args=(sock,), daemon=True).start()


if __name__ == "__main__":
    main()
