"""Measures ways in turns, so that a noisy minute on the machine falls on all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median


def in_turns(rounds: int, ways: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """The median rate of each way; each round runs every way once, in order."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, run in ways.items():
            found[name].append(run())
    return {name: median(rates) for name, rates in found.items()}
