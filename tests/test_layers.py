"""The layers between modules, and the sizes of files: rules that hold because a machine looks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("portal", "projects", "monitoring", "surveys")
LIMITS = {
    "Python": 350,
    "templates": 120,
    "styles and scripts": 150,
}


def test_imports_keep_to_the_layers() -> None:
    """The contracts stand in pyproject.toml under [tool.importlinter]; the report names each import that breaks one."""
    lint = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", lint],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def files(kind: str) -> Iterator[Path]:
    """What we write ourselves: no migrations, no tests, nothing that npm builds."""
    if kind == "Python":
        for app in SOURCES:
            yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
        yield ROOT / "manage.py"
    elif kind == "templates":
        yield from (ROOT / "templates").rglob("*.html")
    else:
        for folder in ("css", "js"):
            yield from (path for path in (ROOT / "static" / folder).rglob("*.*") if path.suffix in (".css", ".js"))


@pytest.mark.parametrize("kind", LIMITS)
def test_files_stay_readable_in_one_sitting(kind: str) -> None:
    lines = {path: len(path.read_text().splitlines()) for path in files(kind)}
    assert len(lines) > 10
    assert {str(path.relative_to(ROOT)): n for path, n in lines.items() if n > LIMITS[kind]} == {}
