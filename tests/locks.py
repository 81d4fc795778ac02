"""Proves that the lock files fit pyproject.toml and name no address; `--write` makes them anew."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS: dict[str, list[str]] = {"requirements.lock": [], "requirements-dev.lock": ["--extra", "dev"]}
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]
ADDRESS = re.compile(r"https?://|file:|--(index|find-links|extra-index)")


def main() -> int:
    """0 when both locks are what the resolver makes of pyproject.toml, starting from their pins."""
    problems = []
    for name, extra in LOCKS.items():
        lock = ROOT / name
        if "--write" in sys.argv:
            _compile(lock, extra)
        with tempfile.TemporaryDirectory() as folder:
            again = Path(folder) / name
            again.write_text(lock.read_text())
            _compile(again, extra)
            if again.read_text() != lock.read_text():
                problems.append(f"{name} does not fit pyproject.toml; `make lock` makes it anew.")
        if ADDRESS.search(lock.read_text()):
            problems.append(f"{name} names an address; it may hold names, versions and hashes only.")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def _compile(lock: Path, extra: list[str]) -> None:
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *extra, *OPTIONS, "--quiet"]
    subprocess.run([*command, "--no-annotate", "--output-file", str(lock)], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
