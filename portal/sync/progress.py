"""A run's counts and where it is now, stored often enough to watch and seldom enough to cost nothing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from portal.models import SyncRun
from portal.sync.statements import written_soon

COUNTS = ("fetched", "created", "updated", "unchanged", "removed", "failed", "deferred")
STORE_EVERY = 0.5

Listener = Callable[[dict[str, Any]], None]


class Progress:
    """Counts of a run by resource; tells the database (twice a second at most) and a listener."""

    def __init__(self, run: SyncRun, listener: Listener | None = None) -> None:
        self.run, self._listener = run, listener
        self.counts: dict[str, Counter[str]] = {}
        self.troubled: list[str] = []
        self._stored_at = 0.0
        self._began = time.monotonic()

    def begin(self, resource: str, pages_expected: int) -> None:
        """A resource's listing starts; `pages_expected` is what the last listing had, 0 if unknown."""
        self.counts.setdefault(resource, Counter())
        self._began = time.monotonic()
        self.run.progress = {"resource": resource, "page": 0, "pages": pages_expected, "records": 0}
        self.store(force=True)

    def add(self, resource: str, counts: Counter[str]) -> None:
        """Adds what an upsert did."""
        self.counts.setdefault(resource, Counter()).update(counts)

    def page(self, number: int, records: int) -> None:
        """A page is in: updates rate (records a second) and estimated seconds to the end."""
        state = self.run.progress
        seconds = max(time.monotonic() - self._began, 0.001)
        state["page"], state["records"] = number, state.get("records", 0) + records
        state["rate"] = round(state["records"] / seconds, 1)
        pages = state.get("pages") or 0
        if pages > number and state["records"]:
            state["seconds_left"] = round((pages - number) * seconds / max(state["page"], 1))
        else:
            state.pop("seconds_left", None)
        self.store()

    def as_dict(self) -> dict[str, dict[str, int]]:
        """Counts a resource, every name present."""
        return {resource: {name: counts[name] for name in COUNTS} for resource, counts in self.counts.items()}

    def store(self, *, force: bool = False, requests: int | None = None) -> None:
        """Writes the run's row; without `force` at most twice a second."""
        if requests is not None:
            self.run.requests = requests
        if self._listener:
            self._listener(self.run.progress)
        now = time.monotonic()
        if force or now - self._stored_at >= STORE_EVERY:
            self._stored_at = now
            self.run.counts = self.as_dict()
            with written_soon():
                SyncRun.objects.filter(pk=self.run.pk).update(
                    counts=self.run.counts, progress=self.run.progress, requests=self.run.requests
                )
