"""The built files that are committed are what npm builds from their sources."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILT = Path("static/vendor")
NEEDED = ("package.json", "package-lock.json", ".npmrc", "static")


@pytest.mark.node
def test_the_built_files_match_their_sources(tmp_path: Path) -> None:
    for name in NEEDED:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, tmp_path / name)
    shutil.rmtree(tmp_path / BUILT)
    _npm(["ci", "--no-progress"], tmp_path)
    _npm(["run", "build", "--silent"], tmp_path)
    assert _contents(tmp_path / BUILT) == _contents(ROOT / BUILT), "Run `make build` and commit static/vendor."


def _npm(arguments: Sequence[str], folder: Path) -> None:
    done = subprocess.run(["npm", *arguments], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def _contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}
