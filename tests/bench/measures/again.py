"""A sync of what is there already: nothing changed, one in a hundred changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from tests.bench.figures import Figure
from tests.bench.measures.rounds import in_turns
from tests.bench.options import Options
from tests.bench.processes import child
from tests.bench.stage import Stage

FLOOR = 0.33
WRITES = (
    "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int FROM pg_stat_user_tables"
    " WHERE relname LIKE 'projects\\_%' OR relname = 'portal_payload'"
)


def measure(stage: Stage, options: Options, vendor: str) -> Iterator[Figure]:
    """Ours beside fetching and parsing the same pages, on both databases."""
    for kind in ("postgres", "sqlite"):
        environment = stage.fresh(kind)
        where = f"{vendor}/{options.projects}"
        child("ours", environment, base_url=f"{where}/1/0")
        yield Figure(f"nothing changed, {kind}: writes", _writes(environment, f"{where}/1/0"), 0, unit="", at_most=True)
        changed = _Changed(environment, where, options.projects)
        rates = in_turns(max(options.rounds, 3), {"fetch": changed.fetch, "ours": changed.ours})
        parts = {"projects": options.projects, **{f"{name}/s": rate for name, rate in rates.items()}}
        yield Figure(f"1 % changed, {kind}: ours / fetch and parse", rates["ours"] / rates["fetch"], FLOOR, parts=parts)
        stage.drop(environment)


@dataclass
class _Changed:
    """Each round has a version of its own, whose pages the server has ready before anybody measures."""

    environment: dict[str, str]
    where: str
    projects: int
    version: int = 1

    def fetch(self) -> float:
        """Projects a second of fetching and parsing."""
        self.version += 1
        for _ in ("makes the pages", "counts"):
            found = child("fetch", self.environment, base_url=f"{self.where}/{self.version}/0")
        return self.projects / float(found["seconds"])

    def ours(self) -> float:
        """Projects a second of a sync of the same pages."""
        found = child("ours", self.environment, base_url=f"{self.where}/{self.version}/0")
        if not 0.005 < found["counts"]["updated"] / self.projects < 0.02:
            raise RuntimeError(f"not one in a hundred was updated: {found['counts']}")
        return self.projects / float(found["seconds"])


def _writes(environment: dict[str, str], address: str) -> int:
    """Rows of mirrored tables that a sync wrote: as PostgreSQL counts them, or statements as Django sends them."""
    if environment["DATABASE_URL"].startswith("sqlite"):
        return int(child("ours", environment, base_url=address)["writes"])
    before = _rows_written(environment["DATABASE_URL"])
    child("ours", environment, base_url=address)
    return _rows_written(environment["DATABASE_URL"]) - before


def _rows_written(url: str) -> int:
    with psycopg.connect(url) as database:
        (written,) = database.execute(WRITES).fetchone() or (0,)
        return int(written)
