"""Children of the bench: each is ended, whatever happens, and none outlives the parent."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 900


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process for as long as the block lasts."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def child(way: str, environment: Mapping[str, str], **arguments: Any) -> dict[str, Any]:
    """Runs one of `tests.bench.ways` in a process of its own and returns what it measured."""
    command = [sys.executable, "-m", "tests.bench.child", way, json.dumps(arguments)]
    with running(command, environment) as process:
        out, _ = process.communicate(timeout=LONGEST)
    if process.returncode:
        raise RuntimeError(f"{way} ended with {process.returncode}")
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def wait_for(port: int, seconds: float = 30) -> None:
    """Until somebody listens there."""
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


@contextmanager
def page_server(environment: Mapping[str, str]) -> Iterator[str]:
    """The address of a page server; see `vendor.server` for what goes behind it."""
    with running([sys.executable, "-m", "tests.bench.vendor.server"], environment) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
