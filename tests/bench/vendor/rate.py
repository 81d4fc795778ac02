"""How fast the page server is to a client that does nothing with its pages."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

ASKED = 400
PAGES = 20


def pages_a_second(vendor: str) -> float:
    """Pages of a hundred projects over one connection, the first ones (which have to be rendered) left out."""
    address = urlsplit(vendor)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=30) as sock:
        room = memoryview(bytearray(2**20))
        for number in range(PAGES):
            _ask(sock, room, number)
        began = time.perf_counter()
        for number in range(ASKED):
            _ask(sock, room, number % PAGES)
        return ASKED / (time.perf_counter() - began)


def _ask(sock: socket.socket, room: memoryview, number: int) -> None:
    path = f"/2000/1/0/api/orgs/1/projects/?page={number + 1}&limit=100"
    sock.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
    got = sock.recv_into(room)
    head, _, _ = bytes(room[:300]).partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    missing = len(head) + 4 + length - got
    while missing:
        missing -= sock.recv_into(room, min(missing, len(room)))
