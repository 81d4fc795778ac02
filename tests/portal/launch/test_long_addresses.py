"""An address as long as a pasted search makes it: read where that is possible, else refused in our words and look."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from portal.launch.commands import web
from tests.portal.launch.test_launch import BARE, ROOT, free_port

KB = 1024


@dataclass
class Served:
    """gunicorn with the options of `make run`, and no database behind it."""

    port: int
    process: subprocess.Popen[bytes]

    def ask(self, target: str) -> bytes:
        """Everything that comes back for one request, until the server closes; also when it closes half-way."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as wire:
            request = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
            try:
                wire.sendall(request)
            except (BrokenPipeError, ConnectionResetError):
                assert len(request) > 1024 * KB, "a short request has to be taken whole"
            return b"".join(_received(wire))

    def memory(self) -> list[int]:
        """Bytes that each worker holds."""
        return [child.memory_info().rss for child in psutil.Process(self.process.pid).children()]


def _received(wire: socket.socket) -> Iterator[bytes]:
    try:
        while part := wire.recv(64 * KB):
            yield part
    except ConnectionResetError:
        return


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    port = free_port()
    folder: Path = tmp_path_factory.mktemp("served")
    environment = {**BARE, "DATA_DIR": str(folder), "DEBUG": "on", "PATH": os.environ["PATH"]}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(web(port), cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            running = Served(int(port), process)
            _wait_for(running)
            yield running
        finally:
            process.terminate()
            process.wait(timeout=15)


def _wait_for(served: Served) -> None:
    for _ in range(900):
        try:
            if served.ask("/healthz"):
                return
        except ConnectionRefusedError:
            assert served.process.poll() is None
            psutil.Process().cpu_percent(interval=0.1)
    raise AssertionError("gunicorn did not start")


@pytest.mark.parametrize("path", ["/search/", "/projects/"])
def test_a_long_search_reaches_the_portal(served: Served, path: str) -> None:
    answer = served.ask(f"{path}?q={'x' * 10 * KB}")
    assert answer.startswith(b"HTTP/1.1 302 ")
    assert b"\r\nLocation: /accounts/login/?next=" in answer


def test_what_is_longer_than_any_search_is_refused_in_a_sentence(served: Served) -> None:
    head, _, body = served.ask(f"/search/?q={'x' * 100 * KB}").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 414 URI Too Long\r\n")
    assert b"\r\nContent-Security-Policy: " in head
    assert b"default-src 'self'" in head
    assert f"\r\nContent-Length: {len(body)}\r\n".encode() in head
    assert b"<h1>Your search is too long</h1>" in body
    assert b"Search for a few words instead." in body
    assert b"xxx" not in body


def test_megabytes_of_address_are_not_kept(served: Served) -> None:
    huge = "/" + "x" * 5 * KB * KB
    # Its first answer loads what a page of ours needs into a worker; which one answers is chance.
    for number in range(1000):
        served.ask(huge)
        before = served.memory()
        if number >= 20 and min(before) > 0.9 * max(before):
            break
    for _ in range(20):
        answer = served.ask(huge)
        assert not answer or answer.startswith(b"HTTP/1.1 414 ")
    assert sum(served.memory()) - sum(before) < 4 * KB * KB
    assert served.ask("/healthz").startswith(b"HTTP/1.1 200 ")


def test_other_bad_requests_get_the_usual_answer(served: Served) -> None:
    assert served.ask("/healthz HTTP/1.1\r\nX-Long: " + "x" * 10 * KB).startswith(b"HTTP/1.1 431 ")
