"""Peak memory of `manage.py sync` beside an idle `manage.py shell`, as the kernel's high-water mark (Linux)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen

from tests.bench.figures import Figure
from tests.bench.options import Options
from tests.bench.processes import LONGEST, child, running
from tests.bench.stage import Stage

ABOVE_IDLE, APART = 60, 10
BEAT = 0.02


def measure(stage: Stage, options: Options, vendor: str) -> Iterator[Figure]:
    """Megabytes above idle, and between few and many projects."""
    for kind in ("postgres", "sqlite"):
        sizes = [size for size in (options.few, options.long) if size]
        peaks = {size: _sync(stage, kind, vendor, size) for size in sizes}
        idle = _idle(stage, kind)
        parts = {"idle": idle, **{f"{size} projects": peak for size, peak in peaks.items()}}
        above = max(peaks.values()) - idle
        yield Figure(f"memory of a sync above idle, {kind}", above, ABOVE_IDLE, unit="MB", at_most=True, parts=parts)
        if len(sizes) > 1:
            apart = max(peaks.values()) - min(peaks.values())
            name = f"memory, {sizes[0]} and {sizes[1]} projects apart, {kind}"
            yield Figure(name, apart, APART, unit="MB", at_most=True, parts=parts)


def _sync(stage: Stage, kind: str, vendor: str, projects: int) -> float:
    environment = stage.fresh(kind)
    child("aim", environment, base_url=f"{vendor}/{projects}/1/0")
    with running([sys.executable, "manage.py", "sync", "sunny-roofs", "--json"], environment) as process:
        peak = 0.0
        end = time.monotonic() + LONGEST
        while process.poll() is None:
            if time.monotonic() > end:
                raise RuntimeError("a sync did not end")
            peak = max(peak, _peak(process))
            time.sleep(BEAT)
        if process.returncode:
            raise RuntimeError(f"sync ended with {process.returncode}")
    stage.drop(environment)
    return peak


def _idle(stage: Stage, kind: str) -> float:
    environment = stage.fresh(kind)
    with running([sys.executable, "manage.py", "shell"], environment, stderr=DEVNULL) as process:
        peak, since = 0.0, time.monotonic()
        # Idle is when it has not grown for two seconds.
        while time.monotonic() - since < 2:
            now = _peak(process)
            if now > peak:
                peak, since = now, time.monotonic()
            time.sleep(BEAT)
    stage.drop(environment)
    return peak


def _peak(process: Popen[str]) -> float:
    """Megabytes; 0 when the process has just gone."""
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
