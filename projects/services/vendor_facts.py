"""Shows objects whose keys no document names: each plain value under its own name, money by right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from portal.templatetags.numbers import figure
from portal.vendors.opensolar import displayed
from projects.services.money_inside import is_cost

WORDS = re.compile(r"[_\s]+|(?<=[a-z0-9])(?=[A-Z])")
SKIPPED = frozenset({"id", "url", "uuid", "org", "project", "logo", "hourly"})
LONGEST = 300
MOST = 40
MOST_IN_A_LIST = 12


def label_of(key: str) -> str:
    """ "system_price_including_tax" and "beamAccessAnnual" in words."""
    words = [word for word in WORDS.split(key.strip()) if word]
    text = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
    return text[:1].upper() + text[1:]


def facts(entry: Any, *, costs: bool, without: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Labels and values of an object, those inside its objects too; empty for anything else."""
    found = _facts(entry, costs, without, "") if isinstance(entry, dict) else iter(())
    return [pair for pair, _number in zip(found, range(MOST), strict=False)]


def _facts(entry: Mapping[str, Any], costs: bool, without: frozenset[str], before: str) -> Iterator[tuple[str, str]]:
    for key, value in entry.items():
        if key in SKIPPED or key in without or (not costs and is_cost(key)):
            continue
        label = f"{before} – {label_of(key).lower()}" if before else label_of(key)
        if isinstance(value, dict) and not before:
            yield from _facts(value, costs, without, label)
        elif text := shown(value):
            yield label, text


def shown(value: Any) -> str:
    """A plain value, or a short list of them, as text; empty for nothing and for what is deeper."""
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, int | float):
        number = displayed.figure(value)
        if number is None:
            return ""
        return str(figure(number, 0 if number == number.to_integral_value() else 2))
    if isinstance(value, str):
        return value.strip()[:LONGEST]
    if isinstance(value, list) and value and len(value) <= MOST_IN_A_LIST:
        texts = [shown(item) for item in value if not isinstance(item, dict | list)]
        return ", ".join(texts) if len(texts) == len(value) and all(texts) else ""
    return ""
