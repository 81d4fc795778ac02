"""Single values of vendors' records as our columns hold them."""

from __future__ import annotations

from datetime import date
from typing import Any


def day_of(value: Any) -> date | None:
    """The day in an ISO date, also where a time stands behind it; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None
