"""What was measured beside what it has to reach; printed as a table, kept as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` has to be at least `floor`, or at most where `at_most` is set; `parts` are the absolute numbers."""

    name: str
    value: float
    floor: float
    unit: str = "x"
    at_most: bool = False
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether the figure is reached."""
        return self.value <= self.floor if self.at_most else self.value >= self.floor

    def line(self) -> str:
        """One row of the table."""
        sign = "<=" if self.at_most else ">="
        parts = "  ".join(f"{name} {_short(value)}" for name, value in self.parts.items())
        verdict = "ok" if self.holds else "BELOW"
        return f"{self.name:<52} {self.value:>9.2f} {self.unit:<3} {sign} {self.floor:<6g} {verdict:<6} {parts}"


def _short(value: Any) -> str:
    return (
        f"{value:,.4g}"
        if isinstance(value, float) and value < 1000
        else f"{value:,.0f}"
        if isinstance(value, int | float)
        else str(value)
    )


def write(figures: list[Figure], path: Path) -> None:
    """bench.json: name → value, floor, unit, parts."""
    found = {
        figure.name: {
            "value": round(figure.value, 4),
            "floor": figure.floor,
            "at_most": figure.at_most,
            "unit": figure.unit,
            "parts": figure.parts,
        }
        for figure in figures
    }
    path.write_text(json.dumps(found, indent=2) + "\n")
