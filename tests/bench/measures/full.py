"""A first sync beside the plain loop and, on PostgreSQL, beside COPY."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.bench.figures import Figure
from tests.bench.measures.rounds import in_turns
from tests.bench.options import Options
from tests.bench.processes import child
from tests.bench.stage import Stage
from tests.bench.ways.same import check_same

FLOORS = {"postgres": 15, "sqlite": 7}
LIMIT_FLOOR = 0.6


def measure(stage: Stage, options: Options, vendor: str) -> Iterator[Figure]:
    """Projects a second of each way, every time into an empty database."""
    check_same(stage, vendor)
    child("fetch", stage.environment(), base_url=f"{vendor}/{options.projects}/1/0")  # makes the pages
    for kind, floor in FLOORS.items():
        ways = {"ours": partial(_rate, stage, kind, "ours", vendor, options.projects)}
        if kind == "postgres":
            ways["limit"] = partial(_rate, stage, kind, "limit", vendor, options.projects)
        ways["plain"] = partial(_rate, stage, kind, "plain", vendor, options.plain)
        rates = in_turns(options.rounds, ways)
        parts = {"projects": options.projects, **{f"{name}/s": rate for name, rate in rates.items()}}
        yield Figure(f"full sync, {kind}: ours / plain", rates["ours"] / rates["plain"], floor, parts=parts)
        if kind == "postgres":
            yield Figure(
                "full sync, postgres: ours / COPY limit", rates["ours"] / rates["limit"], LIMIT_FLOOR, parts=parts
            )


def _rate(stage: Stage, kind: str, way: str, vendor: str, projects: int) -> float:
    environment = stage.fresh(kind)
    found = child(way, environment, base_url=f"{vendor}/{projects}/1/0")
    stage.drop(environment)
    return projects / float(found["seconds"])
