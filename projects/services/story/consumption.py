"""The customer's consumption month by month, and the tariffs they pay, as a project's body carries them.

Both are OpenSolar's to change; here they are read (reference, section 6.2: `usage`, `utility_tariff_…`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.vendors.opensolar.values import id_of
from projects.services.parts import number, text

# `usage_data_source` → how many months each figure covers, and whether it is energy of a day.
KWH = {"kwh_monthly": 1, "kwh_every_second_month": 2, "kwh_quarterly": 3, "kwh_daily_per_month": 1}
DAILY = "kwh_daily_per_month"
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
TARIFFS = {
    "utility_tariff_current": gettext_lazy("Now"),
    "utility_tariff_proposed": gettext_lazy("Proposed"),
}
NAMED = ("name", "title", "utility_name")
UNSAID = (*NAMED, "id", "url", "org", "org_id", "data")
MOST_FACTS = 8


@dataclass(frozen=True, slots=True)
class Months:
    """One figure: which months, how much, and its share of the largest (0 to 1)."""

    label: str
    kwh: Decimal
    share: float


@dataclass(frozen=True, slots=True)
class Tariff:
    """A tariff: `when` it applies, its `name`; `guess` if OpenSolar assumes it; other plain values under its keys."""

    when: str
    name: str
    utility: str
    guess: bool = False
    facts: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Consumption:
    """What is known of both; empty where nothing is."""

    months: list[Months] = field(default_factory=list)
    tariffs: list[Tariff] = field(default_factory=list)


def consumption_in(record: Mapping[str, Any]) -> Consumption:
    """Reads a project's body; whatever is odd is left out."""
    return Consumption(_months(_plain(record.get("usage"))), list(_tariffs(record)))


def _months(usage: Any) -> list[Months]:
    if not isinstance(usage, dict):
        return []
    source, values = usage.get("usage_data_source"), _plain(usage.get("values"))
    step = KWH.get(source) if isinstance(source, str) else None
    if step is None or not isinstance(values, list) or len(values) != 12 // step:
        return []
    figures = [number({"kwh": value}, "kwh") for value in values]
    if any(figure is None or figure < 0 for figure in figures):
        return []
    whole = [figure or Decimal(0) for figure in figures]
    if source == DAILY:
        whole = [figure * days for figure, days in zip(whole, DAYS, strict=True)]
    most = max(whole)
    return [Months(_label(at * step, step), kwh, float(kwh / most) if most else 0.0) for at, kwh in enumerate(whole)]


def _label(first: int, step: int) -> str:
    """ "Jan", "Jan–Feb"."""
    names = [str(MONTHS_3[month]).capitalize() for month in (first + 1, first + step)]
    return names[0] if step == 1 else "–".join(names)


def _tariffs(record: Mapping[str, Any]) -> Iterable[Tariff]:
    for key, when in TARIFFS.items():
        custom = _plain(record.get(f"{key}_custom"))
        given = _plain(record.get(f"{key}_data"))
        told = next((each for each in (custom, given) if isinstance(each, dict) and each), None)
        if told is not None:
            yield _told(told, str(when))
            continue
        chosen = id_of(record.get(key))
        guessed = id_of(record.get(f"{key}_guess"))
        known = guessed if chosen is None else chosen
        if known is not None:
            yield Tariff(str(when), _by_number(known), "", guess=chosen is None)


def _told(tariff: dict[str, Any], when: str) -> Tariff:
    known = id_of(tariff.get("id"))
    name = text(tariff, "name") or text(tariff, "title") or (_by_number(known) if known is not None else _("Custom"))
    facts = [(_in_words(key), said) for key, value in tariff.items() if key not in UNSAID and (said := _fact(value))]
    return Tariff(when, name, text(tariff, "utility_name"), facts=facts[:MOST_FACTS])


def _by_number(known: int) -> str:
    return _("OpenSolar tariff %(number)s") % {"number": known}


def _in_words(key: str) -> str:
    return key.replace("_", " ").strip().capitalize()


def _fact(value: Any) -> str:
    """A plain value as OpenSolar writes it: the units of tariffs are not documented, so nothing is made of it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return f"{value:g}"
    return value.strip()[:80] if isinstance(value, str) and "://" not in value else ""


def _plain(value: Any) -> Any:
    """What a JSON string holds (also the string "null"); anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
