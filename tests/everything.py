"""`make test`: every check and every test; ends by naming what this machine had to leave out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.browser import chromium

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ["portal", "projects", "monitoring", "surveys", "tests", "manage.py"]
PYTHON = [sys.executable, "-m"]
# One process a processor; more than that many would wait for the database and for one another's browsers.
FEWEST, MOST = 2, 4
PACKAGES = ["portal", "projects", "monitoring", "surveys", "manage.py"]


def main() -> int:
    """Runs the tests, and the checks beside them, all of them even after one has failed; 0 when every one passed."""
    os.chdir(ROOT)
    missing = _missing()
    environment = {**os.environ, "DEBUG": "on", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    checks = ThreadPoolExecutor(1, "checks")
    beside = {name: checks.submit(_passes_quietly, name, command, environment) for name, command in _checks()}
    try:
        failed = [] if _passes("tests", _tests(missing), environment) else ["tests"]
        failed += [name for name, passed in beside.items() if not passed.result()]
    finally:
        checks.shutdown(cancel_futures=True)
    for what, why in missing.items():
        print(f"LEFT OUT: {what} ({why})")
    if failed:
        print("FAILED: " + ", ".join(failed))
    if missing and os.environ.get("CI"):
        print("Under CI nothing may be left out.")
        return 1
    return 1 if failed else 0


def _missing() -> dict[str, str]:
    missing = {}
    if not chromium.path():
        missing["browser tests"] = "Chromium is not installed"
    if not shutil.which("npm"):
        missing["proof that static/vendor matches its sources"] = "Node and npm are not installed"
    return missing


def _checks() -> list[tuple[str, list[str]]]:
    return [
        ("lint", [*PYTHON, "ruff", "check", *SOURCES]),
        ("format", [*PYTHON, "ruff", "format", "--check", *SOURCES]),
        ("templates", [*PYTHON, "djlint", "--lint", "--quiet", "templates"]),
        ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
        ("locks", [*PYTHON, "tests.locks"]),
        ("types", [*PYTHON, "mypy", *PACKAGES]),
    ]


def _tests(missing: dict[str, str]) -> list[str]:
    marks = " and ".join(
        f"not {mark}"
        for mark, what in (("browser", "browser tests"), ("node", "proof that static/vendor matches its sources"))
        if what in missing
    )
    workers = os.environ.get("TEST_WORKERS") or str(min(max(os.cpu_count() or FEWEST, FEWEST), MOST))
    return [*PYTHON, "pytest", "-n", workers, *(["-m", marks] if marks else [])]


def _passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    print(f"== {name}", flush=True)
    return subprocess.run(command, env=environment, check=False).returncode == 0


def _passes_quietly(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """The same, told in one piece when it is over: the dots of the tests go on meanwhile."""
    done = subprocess.run(
        command, env=environment, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    print(f"\n== {name}: {'ok' if done.returncode == 0 else 'FAILED'}\n{done.stdout}", end="", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
