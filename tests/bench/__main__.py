"""`make bench`: measures, prints a table and writes bench.json. Exit 1 when a figure is below its floor."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import NoReturn

from tests.bench import options as choices
from tests.bench.figures import Figure, write
from tests.bench.measures import again, full, latency, memory, reads, webhooks
from tests.bench.processes import ROOT, page_server
from tests.bench.stage import stage
from tests.bench.vendor.rate import pages_a_second

ENOUGH_PAGES = 2_000
GROUPS = {
    "full": full.measure,
    "again": again.measure,
    "latency": latency.measure,
    "memory": memory.measure,
    "reads": reads.measure,
    "webhooks": webhooks.measure,
}


def main() -> int:
    """Runs the groups of figures one after the other."""
    signal.signal(signal.SIGTERM, _stop)
    options = choices.from_environment()
    figures: list[Figure] = []
    with stage(options.database_url) as built, page_server(built.environment()) as vendor:
        print(f"page server: {pages_a_second(vendor):,.0f} pages of 650 KB a second (never the bottleneck)", flush=True)
        for name, measure in GROUPS.items():
            if options.only and name not in options.only:
                continue
            for figure in measure(built, options, vendor):
                print(figure.line(), flush=True)
                figures.append(figure)
    write(figures, ROOT / "bench.json")
    below = [figure.name for figure in figures if not figure.holds]
    print(f"below: {', '.join(below)}" if below else "every figure holds")
    return 1 if below else 0


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    # Leaves through the `with` blocks, so that children end and databases go.
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
