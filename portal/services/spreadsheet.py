"""Rows as CSV that spreadsheets read as UTF-8 and take for text, never for formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | float | Decimal | None


class _Line:
    """A file for csv.writer that keeps nothing: what is written comes back."""

    def write(self, text: str) -> str:
        return text


def as_csv(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file in pieces, a line each; nothing is kept, however many rows there are."""
    writer = csv.writer(_Line())
    start = BYTE_ORDER_MARK
    for row in rows:
        yield start + writer.writerow([safe(cell) for cell in row])
        start = ""


def safe(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
