"""How figures, moments and people are shown: through templates, as every page does it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NBSP = "\N{NO-BREAK SPACE}"


def shown(expression: str, **context: Any) -> str:
    """What a page shows for one template expression."""
    return Template("{% load frame numbers times %}" + expression).render(Context(context))


@pytest.mark.parametrize(
    ("expression", "value", "expected"),
    [
        ("{{ v|kw }}", 8.4, "8.4 kW"),
        ("{{ v|kw:2 }}", Decimal("8.4"), "8.40 kW"),
        ("{{ v|kw }}", "13.25", "13.3 kW"),
        ("{{ v|kwh }}", 11230, "11,230 kWh"),
        ("{{ v|kwh }}", 4.26, "4.3 kWh"),
        ("{{ v|kwh }}", 0, "0 kWh"),
        ("{{ v|figure }}", 1284, "1,284"),
        ("{{ v|degrees }}", 19.6, "20°"),
        ("{{ v|percent }}", 94.5, "95 %"),
    ],
)
def test_figures_have_a_unit_and_sensible_precision(expression: str, value: object, expected: str) -> None:
    assert shown(expression, v=value).replace(NBSP, " ") == expected


@pytest.mark.parametrize(
    ("amount", "country", "expected"),
    [
        (24900, "AU", "$24,900"),
        (Decimal("24900.50"), "us", "$24,901"),
        (99.5, "GB", "£99.50"),
        (100, "DE", "€100"),
        (-250, "NZ", "−$250"),
        (1200, "ZZ", "1,200"),
        (1200, None, "1,200"),
    ],
)
def test_money_follows_the_country(amount: object, country: str | None, expected: str) -> None:
    assert shown("{{ v|money:country }}", v=amount, country=country) == expected


@pytest.mark.parametrize("filter_name", ["kw", "kwh", "figure", "degrees", "percent", "money"])
@pytest.mark.parametrize("value", [None, "", "n/a", float("nan"), float("inf")])
def test_unknown_is_a_dash_and_never_zero(filter_name: str, value: object) -> None:
    text = shown("{{ v|" + filter_name + " }}", v=value)
    assert "–" in text
    assert "0" not in text


def test_dash_tells_the_reason_and_leaves_what_is_known() -> None:
    unknown = shown("{{ v|kw|dash:why }}", v=None, why="No <b>system</b> yet")
    assert 'title="No &lt;b&gt;system&lt;/b&gt; yet"' in unknown
    assert "–" in unknown
    assert shown("{{ v|kw|dash:'No system yet' }}", v=0).replace(NBSP, " ") == "0.0 kW"
    assert shown("{{ v|dash:'No name' }}", v="<script>") == "&lt;script&gt;"


@pytest.mark.parametrize(
    ("distance", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=3, minutes=50), "3 h ago"),
        (timedelta(days=6, hours=23), "6 d ago"),
        (timedelta(days=7), "13 Nov"),
        (timedelta(days=400), "16 Oct 2025"),
        (timedelta(hours=-2), "in 2 h"),
        (timedelta(days=-9), "29 Nov"),
    ],
)
def test_moments_are_relative_up_to_a_week(distance: timedelta, text: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert f">{text}</time>" in shown("{{ v|since }}", v=NOW - distance)


def test_only_relative_moments_are_kept_fresh() -> None:
    with time_machine.travel(NOW, tick=False):
        assert "data-since" in shown("{{ v|since }}", v=NOW - timedelta(hours=1))
        assert "data-since" not in shown("{{ v|since }}", v=NOW - timedelta(days=30))


def test_exact_time_is_in_the_zone_of_the_roof() -> None:
    with time_machine.travel(NOW, tick=False):
        text = shown("{{ v|since:'Australia/Sydney' }}", v=datetime(2026, 11, 3, 20, 5, tzinfo=UTC))
    assert 'title="4 Nov 2026, 07:05 AEDT"' in text
    assert 'datetime="2026-11-04T07:05:00+11:00"' in text
    assert ">4 Nov</time>" in text


@pytest.mark.parametrize("zone", ["", None, "Nowhere/Fakesville", "../etc"])
def test_unknown_zone_is_the_current_one(zone: str | None) -> None:
    with timezone.override("UTC"):
        assert shown("{{ v|exact:zone }}", v=NOW, zone=zone) == "20 Nov 2026, 12:00 UTC"


def test_missing_moments_are_a_dash() -> None:
    assert all("–" in shown("{{ v|" + name + " }}", v=None) for name in ("since", "day", "exact"))


def test_days_carry_the_year_only_when_it_is_another() -> None:
    with time_machine.travel(NOW, tick=False):
        assert ">3 Jan</time>" in shown("{{ v|day }}", v=date(2026, 1, 3))
        assert ">3 Jan 2024</time>" in shown("{{ v|day }}", v=date(2024, 1, 3))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Edmond Becquerel", "EB"),
        ("Marie Skłodowska Curie", "MC"),
        ("émilie du châtelet", "ÉC"),
        ("volta@example.com", "V"),
        ("", "?"),
        (None, "?"),
    ],
)
def test_initials(name: str | None, expected: str) -> None:
    assert shown("{{ v|initials }}", v=name) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+61 2 5550 0000", "tel:+61255500000"),
        ("(02) 5550-0000", "tel:0255500000"),
        ("555 0100 ext. 12", "tel:5550100;ext=12"),
        ("555-0100 x7", "tel:5550100;ext=7"),
        ("call me", ""),
        (None, ""),
    ],
)
def test_phone_numbers_become_links(number: str | None, expected: str) -> None:
    assert shown("{{ v|phone_href }}", v=number) == expected


def test_badges_carry_a_mark_beside_the_colour() -> None:
    assert "#alert" in shown("{% badge 'Needs you' 'act' %}")
    assert 'class="dot"' in shown("{% badge 'Draft' %}")
    assert "&lt;i&gt;" in shown("{% state v 'well' %}", v="<i>")
