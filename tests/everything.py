"""`make test`: every check and every test; ends by naming what this machine had to leave out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ["portal", "projects", "monitoring", "surveys", "tests", "manage.py"]
PACKAGES = ["portal", "projects", "monitoring", "surveys", "manage.py"]


def main() -> int:
    """Runs all steps, also after one has failed; 0 when every one passed."""
    os.chdir(ROOT)
    missing = _missing()
    environment = {**os.environ, "DEBUG": "on", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    failed = [name for name, command in _steps(missing) if not _passes(name, command, environment)]
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
    if not (shutil.which("chromium") or shutil.which("chromium-browser") or os.environ.get("CHROMIUM")):
        missing["browser tests"] = "Chromium is not installed"
    if not shutil.which("npm"):
        missing["proof that static/vendor matches its sources"] = "Node and npm are not installed"
    return missing


def _steps(missing: dict[str, str]) -> list[tuple[str, list[str]]]:
    python = [sys.executable, "-m"]
    marks = " and ".join(
        f"not {mark}"
        for mark, what in (("browser", "browser tests"), ("node", "proof that static/vendor matches its sources"))
        if what in missing
    )
    workers = os.environ.get("TEST_WORKERS", "2")
    return [
        ("lint", [*python, "ruff", "check", *SOURCES]),
        ("format", [*python, "ruff", "format", "--check", *SOURCES]),
        ("types", [*python, "mypy", *PACKAGES]),
        ("templates", [*python, "djlint", "--lint", "--quiet", "templates"]),
        ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
        ("locks", [*python, "tests.locks"]),
        ("tests", [*python, "pytest", "-n", workers, "--dist", "loadgroup", *(["-m", marks] if marks else [])]),
    ]


def _passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    print(f"== {name}", flush=True)
    return subprocess.run(command, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
