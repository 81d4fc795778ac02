"""What one run of the bench is about, from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Sizes in projects. `rounds` is how often each side of a ratio is measured; the median counts."""

    projects: int
    few: int = 2_000
    waited_for: int = 5_000
    read: int = 100_000
    long: int = 100_000
    plain: int = 1_000
    rounds: int = 3
    quick: bool = False
    database_url: str = "postgres://postgres@127.0.0.1:5432/postgres"
    only: tuple[str, ...] = ()


def from_environment() -> Options:
    """BENCH_PROJECTS, BENCH_QUICK=1 (about a minute, ratios rougher), BENCH_DATABASE_URL, BENCH_ONLY=sync,reads,…"""
    quick = os.environ.get("BENCH_QUICK", "") == "1"
    projects = int(os.environ.get("BENCH_PROJECTS", "2000" if quick else "20000"))
    url = os.environ.get("BENCH_DATABASE_URL", Options.database_url)
    only = tuple(filter(None, os.environ.get("BENCH_ONLY", "").split(",")))
    if quick:
        return Options(
            projects,
            waited_for=2_000,
            plain=300,
            read=10_000,
            long=0,
            rounds=1,
            quick=True,
            database_url=url,
            only=only,
        )
    return Options(projects, database_url=url, only=only)
