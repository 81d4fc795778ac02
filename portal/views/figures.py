"""A number on the home page that is the door to what it counts; tiles put theirs under `figures`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is a number, words, or a moment; `tone` is well, watch, act or empty."""

    label: str
    icon: str
    value: int | str | datetime
    note: str
    url: str
    tone: str = ""

    @property
    def shape(self) -> str:
        """How it is written."""
        return "number" if isinstance(self.value, int) else "moment" if isinstance(self.value, datetime) else "words"
