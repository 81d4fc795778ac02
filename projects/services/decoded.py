"""OpenSolar's decoded settings as lines for people. Only what a key itself says of its unit is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from portal.templatetags.numbers import SPACE, figure
from projects.services.parts import number

MOST_LINES = 60
PERCENTAGE, SLOPE = "_percentage", "_slope"


@dataclass(frozen=True, slots=True)
class Line:
    """A setting: its name, and its value with its unit."""

    label: str
    value: str


def lines_of(settings: Mapping[str, Any] | None) -> list[Line]:
    """Every setting that has a value, in OpenSolar's order; what lies deeper is named by the way to it."""
    return list(islice(_walk(settings or {}, ""), MOST_LINES))


def words_of(key: str) -> str:
    """ "price_per_watt" → "Price per watt"; a per cent sign behind the value says what "percentage" would."""
    words = " ".join(key.replace(PERCENTAGE, "").replace("_", " ").split())
    return words[:1].upper() + words[1:] or key


def said(key: str, value: Any) -> str:
    """A single value with the unit that its key says; empty for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    amount = number({key: value}, key)
    if amount is None:
        return str(value)
    if PERCENTAGE in key:
        return f"{plain(amount)}{SPACE}%"
    return f"{plain(amount)}°" if key.endswith(SLOPE) else plain(amount)


def plain(amount: Decimal) -> str:
    """All the digits that came, up to four behind the point."""
    exponent = amount.as_tuple().exponent
    return str(figure(amount, min(4, max(0, -exponent)) if isinstance(exponent, int) else 0))


def _walk(value: Any, way: str) -> Iterator[Line]:
    if isinstance(value, Mapping):
        entries = [(str(key), item) for key, item in value.items()]
    else:
        entries = [(str(place), item) for place, item in enumerate(value, start=1)]
    for key, item in entries:
        label = f"{way} · {words_of(key)}" if way else words_of(key)
        if isinstance(item, Mapping | list):
            yield from _walk(item, label)
        elif text := said(key, item):
            yield Line(label, text)
