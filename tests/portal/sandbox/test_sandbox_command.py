"""`manage.py sandbox`: says where it serves, and ends at once when told."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
import requests

MANAGE = Path(__file__).resolve().parents[3] / "manage.py"
ENVIRONMENT = {**os.environ, "DEBUG": "on"}
COMMAND = [sys.executable, str(MANAGE), "sandbox", "--port", "0", "--projects", "5", "--sites", "2", "--seed", "3"]


@pytest.fixture
def serving() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        COMMAND, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT
    ) as process:
        yield process
        process.kill()


def first_line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_end(serving: subprocess.Popen[str], signum: signal.Signals) -> None:
    line = first_line(serving.stdout)
    found = re.search(r"http://127\.0\.0\.1:\d+/opensolar", line)
    assert found, line
    assert requests.get(f"{found[0]}/api/orgs/1/", timeout=5).status_code == 401
    begin = time.monotonic()
    serving.send_signal(signum)
    assert serving.wait(30) == 0
    assert time.monotonic() - begin < 10


def test_a_taken_port_is_said_in_a_sentence(serving: subprocess.Popen[str]) -> None:
    found = re.search(r"127\.0\.0\.1:(\d+)", first_line(serving.stdout))
    assert found
    second = subprocess.run(
        [sys.executable, str(MANAGE), "sandbox", "--port", found[1]],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env=ENVIRONMENT,
    )
    assert second.returncode == 1
    assert f"Cannot serve on 127.0.0.1:{found[1]}" in second.stderr
    assert "Traceback" not in second.stderr
