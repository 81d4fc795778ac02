"""A group of child processes that starts together and of which none is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from types import FrameType

# All has to be gone 10 s after Ctrl-C; what does not end by itself in this time is ended.
GRACE_SECONDS = 5.0


class Stopped(Exception):
    """Somebody asked us to end."""


class Processes:
    """Children in sessions of their own, so that Ctrl-C reaches this process alone and it ends them in order."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(self, name: str, *command: str, quiet: bool = False) -> None:
        """Starts a child; its output goes to ours, with `quiet` only its errors do."""
        output = subprocess.DEVNULL if quiet else None
        child = subprocess.Popen(
            command, env=self.environment, start_new_session=True, stdin=subprocess.DEVNULL, stdout=output
        )
        self._running.append((name, child))

    def step(self, *command: str) -> None:
        """Runs a command to its end; raises SystemExit with its code when it fails."""
        child = subprocess.Popen(command, env=self.environment, start_new_session=True, stdin=subprocess.DEVNULL)
        self._running.append((command[-1], child))
        code = child.wait()
        self._running.pop()
        if code:
            raise SystemExit(code)

    def wait(self) -> int:
        """Waits until a child ends, which is never right; returns 1 and says which."""
        while True:
            for name, child in self._running:
                code = child.poll()
                if code is not None:
                    print(f"{name} ended with {code}; stopping the rest.", file=sys.stderr)  # noqa: T201
                    return 1
            time.sleep(0.2)

    def end(self) -> None:
        """Asks every child to end, the last started first, and ends with its whole session what does not."""
        for _, child in reversed(self._running):
            # The child alone: it knows in which order to end its own children.
            child.terminate()
        give_up = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < give_up and any(child.poll() is None for _, child in self._running):
            time.sleep(0.05)
        for _, child in self._running:
            # Also where the child itself has ended: its own children may not have.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        self._running.clear()


def obey_signals() -> None:
    """SIGINT, SIGTERM and SIGHUP raise Stopped, once; what follows is not disturbed by a second one."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped
