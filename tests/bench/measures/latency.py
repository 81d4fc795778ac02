"""A sync at 50 ms a request: how much of the waiting is used."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count

from tests.bench.figures import Figure
from tests.bench.measures.rounds import in_turns
from tests.bench.options import Options
from tests.bench.processes import child
from tests.bench.stage import Stage

SERIAL_FLOOR, TWO_FLOOR = 0.85, 1.6


def measure(stage: Stage, options: Options, vendor: str) -> Iterator[Figure]:
    """A re-sync with 1 % changed, one and two pages in flight, beside the bare fetch of the same pages."""
    environment = stage.fresh("postgres")
    child("ours", environment, base_url=f"{vendor}/{options.waited_for}/1/0")
    versions = count(2)

    def ours(at_once: int) -> float:
        address = f"{vendor}/{options.waited_for}/{next(versions)}/50"
        return options.waited_for / float(child("ours", environment, base_url=address, at_once=at_once)["seconds"])

    def fetch() -> float:
        address = f"{vendor}/{options.waited_for}/1/50"
        return options.waited_for / float(child("fetch", environment, base_url=address)["seconds"])

    rates = in_turns(max(options.rounds, 3), {"fetch": fetch, "serial": partial(ours, 1), "two": partial(ours, 2)})
    parts = {"projects": options.waited_for, **{f"{name}/s": rate for name, rate in rates.items()}}
    yield Figure("50 ms, one in flight: ours / bare fetch", rates["serial"] / rates["fetch"], SERIAL_FLOOR, parts=parts)
    yield Figure("50 ms, two in flight / one", rates["two"] / rates["serial"], TWO_FLOOR, parts=parts)
    stage.drop(environment)
