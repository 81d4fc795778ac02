"""Asks one address again and again over kept connections, with as little work of its own as possible."""

from __future__ import annotations

import json
import socket
import threading
import time
from statistics import median
from typing import Any

CLIENTS = 4


class Client:
    """One connection; `get` returns the body."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._sock: socket.socket | None = None

    def get(self, path: str) -> bytes:
        """The body of a 200; RuntimeError for anything else."""
        for attempt in (1, 2):
            try:
                return self._exchange(path)
            except ConnectionError:
                # The server may close a connection between two requests.
                self.close()
                if attempt == 2:
                    raise
        raise ConnectionError(path)

    def _exchange(self, path: str) -> bytes:
        if self._sock is None:
            self._sock = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        self._sock.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self._token}\r\n\r\n".encode()
        )
        data = bytearray()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = bytes(data[:end]).lower()
        if b" 200 " not in head[:15]:
            raise RuntimeError(f"{path}: {bytes(data[:500])!r}")
        size = end + 4 + int(head.partition(b"content-length:")[2].split()[0])
        while len(data) < size:
            data += self._more()
        if b"connection: close" in head:
            self.close()
        return bytes(data[end + 4 :])

    def _more(self) -> bytes:
        assert self._sock is not None
        part = self._sock.recv(2**17)
        if not part:
            raise ConnectionResetError
        return part

    def json(self, path: str) -> Any:
        """The body, parsed."""
        return json.loads(self.get(path))

    def close(self) -> None:
        """Ends the connection."""
        if self._sock:
            self._sock.close()
        self._sock = None


def milliseconds(port: int, token: str, path: str, times: int) -> float:
    """The median time of one request, one after the other."""
    client = Client(port, token)
    client.get(path)
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        client.get(path)
        taken.append(time.perf_counter() - began)
    client.close()
    return median(taken) * 1000


def requests_a_second(port: int, token: str, path: str, seconds: float) -> float:
    """Answers to four clients that ask without a pause."""
    counts = [0] * CLIENTS
    end = time.perf_counter() + seconds

    def ask(number: int) -> None:
        client = Client(port, token)
        while time.perf_counter() < end:
            client.get(path)
            counts[number] += 1
        client.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)
