"""A proposal's year by month: what the system makes against what the house uses, as a chart and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.dates import MONTHS_3

from portal.vendors.opensolar.displayed import figures
from portal.vendors.opensolar.proposal_figures import OptionFigures

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
HOURS = 8760
WIDTH, HEIGHT, FOOT, GAP = 624, 200, 24, 52
BAR = 20


@dataclass(frozen=True, slots=True)
class Month:
    """kWh; None where it is not known."""

    name: str
    made: float | None
    used: float | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of the chart."""

    kind: str
    x: int
    y: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars and labels on a ground of `WIDTH` by `HEIGHT`; `top` is the kWh at its upper edge."""

    bars: list[Bar]
    labels: list[tuple[int, str]]
    top: int


def months_of(option: OptionFigures) -> list[Month]:
    """Twelve months, or none where neither list has twelve figures."""
    made, used = option.output_monthly, option.use_daily
    if len(made) != 12:
        made = _made_otherwise(option.data.get("output"))
    if len(made) != 12 and len(used) != 12:
        return []
    made = made if len(made) == 12 else [None] * 12
    daily = used if len(used) == 12 else [None] * 12
    year = [None if day is None else day * days for day, days in zip(daily, DAYS, strict=True)]
    return [Month(str(MONTHS_3[n]).capitalize(), made[n - 1], year[n - 1]) for n in range(1, 13)]


def odd_hours(option: OptionFigures) -> int | None:
    """How many hourly figures came, where that is not a year of them."""
    output = option.data.get("output")
    hourly = output.get("hourly") if isinstance(output, dict) else None
    return len(hourly) if isinstance(hourly, list) and hourly and len(hourly) != HOURS else None


def chart_of(months: Sequence[Month]) -> Chart | None:
    """The bars; None where nothing is known."""
    known = [value for month in months for value in (month.made, month.used) if value is not None and value > 0]
    if not known:
        return None
    top = _round_up(max(known))
    bars = []
    for place, month in enumerate(months):
        for shift, (kind, value) in enumerate((("made", month.made), ("used", month.used))):
            if value is not None and value > 0:
                height = round(value / top * (HEIGHT - FOOT), 1)
                x = place * GAP + 5 + shift * (BAR + 1)
                bars.append(Bar(kind, x, round(HEIGHT - FOOT - height, 1), height, f"{month.name}: {value:,.0f} kWh"))
    return Chart(bars, [(place * GAP + 26, month.name) for place, month in enumerate(months)], top)


def _made_otherwise(output: Any) -> list[float | None]:
    """Months inside `output`, else the sums of a year of hours."""
    if not isinstance(output, dict):
        return []
    monthly = figures(output.get("monthly"))
    hourly = output.get("hourly")
    if len(monthly) == 12 or not isinstance(hourly, list) or len(hourly) != HOURS:
        return monthly
    hours = figures(hourly, HOURS)
    sums: list[float | None] = []
    start = 0
    for days in DAYS:
        part = hours[start : start + 24 * days]
        sums.append(None if None in part else sum(value for value in part if value is not None))
        start += 24 * days
    return sums


def _round_up(value: float) -> int:
    """The next figure with one digit that counts, so that the axis can be read."""
    step = 10 ** max(0, len(str(int(value))) - 1)
    return int(-(-value // step) * step)
