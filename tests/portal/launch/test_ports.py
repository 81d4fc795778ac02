"""A port that is none is said in a sentence, before anything starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("mode", "name", "port"),
    [("demo", "PORT", "abc"), ("demo", "SANDBOX_PORT", "70000"), ("run", "PORT", "-1"), ("run", "PORT", "8" * 5000)],
)
def test_port_that_is_none(tmp_path: Path, mode: str, name: str, port: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "portal.launch", mode],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path), name: port},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == f"{name} is {port!r}: write a port from 1 to 65535.\n"
    assert list(tmp_path.iterdir()) == []
