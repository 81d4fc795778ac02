"""Posts one body again and again over kept connections, from several clients in processes of their own."""

from __future__ import annotations

import multiprocessing
import socket
import threading
import time

CLIENTS, PROCESSES = 8, 2
Taken = list[float]


def post_all(port: int, path: str, headers: dict[str, str], body: bytes, seconds: float) -> dict[str, float]:
    """Answers a second to eight clients, and the 95th percentile of one answer in milliseconds.

    RuntimeError for any answer but a 200.
    """
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        found = pool.starmap(_several, [(port, head.encode() + body, CLIENTS // PROCESSES, seconds)] * PROCESSES)
    taken = sorted(one for part in found for one in part)
    return {"rate": len(taken) / seconds, "p95": taken[int(len(taken) * 0.95)] * 1000}


def _several(port: int, request: bytes, clients: int, seconds: float) -> Taken:
    """A few clients that each wait for their answer before they post again."""
    taken: Taken = []
    end = time.perf_counter() + seconds
    threads = [threading.Thread(target=_one, args=(port, request, end, taken)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def _one(port: int, request: bytes, end: float, taken: Taken) -> None:
    line = socket.create_connection(("127.0.0.1", port), timeout=30)
    while (began := time.perf_counter()) < end:
        line.sendall(request)
        data = line.recv(65536)
        while data and b"\r\n\r\n" not in data:
            data += line.recv(65536)
        if not data.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(data[:300])
        taken.append(time.perf_counter() - began)
        if b"connection: close" in data.lower():
            line.close()
            line = socket.create_connection(("127.0.0.1", port), timeout=30)
    line.close()
