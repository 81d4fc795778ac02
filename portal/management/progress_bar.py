"""A progress bar on a terminal; silent where the output is no terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self, TextIO

WIDTH = 30


class ProgressBar:
    """Shows resource, page, rate and time left on one line that is overwritten."""

    def __init__(self, stream: TextIO, label: str) -> None:
        self._stream, self._label, self._live = stream, label, stream.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._live:
            self._stream.write("\n")

    def show(self, progress: dict[str, Any]) -> None:
        """Draws the state of a run (`SyncRun.progress`)."""
        if not self._live or not progress:
            return
        page, pages = progress.get("page", 0), max(progress.get("pages") or 0, progress.get("page", 0), 1)
        filled = round(WIDTH * page / pages)
        left = f" about {progress['seconds_left']} s left" if "seconds_left" in progress else ""
        self._stream.write(
            f"\r{self._label} {progress.get('resource', ''):<10} [{'#' * filled}{'.' * (WIDTH - filled)}] "
            f"page {page} of {pages}, {progress.get('rate', 0):.0f}/s{left}\x1b[K"
        )
        self._stream.flush()
