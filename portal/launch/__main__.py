"""`python -m portal.launch run|demo`: one command for web, worker and beat, with or without the demo's sandbox."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from portal.launch import commands
from portal.launch.demo import demo
from portal.launch.processes import Processes, Stopped, obey_signals


def run() -> int:
    """The processes of real use, on the configuration of the environment and `.env`."""
    port = commands.port_of(os.environ, "PORT", "8000")
    processes = Processes(os.environ)
    try:
        processes.step(*commands.MANAGE, "migrate", "--verbosity", "0")
        processes.step(*commands.MANAGE, "setuplink", "--address", f"http://127.0.0.1:{port}")
        processes.start("worker", *commands.WORKER)
        processes.start("beat", *commands.BEAT)
        processes.start("web", *commands.web(port))
        print(f"Installer Portal answers at http://127.0.0.1:{port}/ (Ctrl-C ends it).", flush=True)  # noqa: T201
        return processes.wait()
    finally:
        processes.end()


MODES: dict[str, Callable[[], int]] = {"run": run, "demo": demo}


def main() -> int:
    """Runs the mode named by the first argument until it is stopped; being stopped is no failure."""
    if len(sys.argv) != 2 or sys.argv[1] not in MODES:
        print(f"usage: python -m portal.launch {'|'.join(MODES)}", file=sys.stderr)  # noqa: T201
        return 2
    obey_signals()
    try:
        return MODES[sys.argv[1]]()
    except Stopped:
        return 0


if __name__ == "__main__":
    sys.exit(main())
