"""Figures for people: the unit behind a no-break space, sensible precision, unknown as an en dash and never as 0."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()

Figure = Decimal | int | float | str | None

SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
BEYOND_SENSE = Decimal(10) ** 15
UNKNOWN = mark_safe('<span class="unknown">–</span>')
_DOLLAR = ("AU", "CA", "NZ", "US")
_EURO = tuple(re.findall("..", "ATBEBGCYDEEEESFIFRGRHRIEITLTLULVMTNLPTSISK"))
CURRENCY_SYMBOLS = {"GB": "£", **dict.fromkeys(_DOLLAR, "$"), **dict.fromkeys(_EURO, "€")}


def _decimal(value: Figure) -> Decimal | None:
    """The figure, or None for what is missing, no finite number or beyond all sense."""
    if value is None or value == "":
        return None
    try:
        figure = Decimal(str(value))
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and -BEYOND_SENSE < figure < BEYOND_SENSE else None


def _rounded(figure: Decimal, places: int) -> Decimal:
    """Half away from zero, as on every invoice; Python's own rounding goes to the even neighbour."""
    return figure.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _grouped(figure: Decimal, places: int) -> str:
    rounded = _rounded(figure, places)
    text = number_format(abs(rounded), decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"{MINUS}{text}" if rounded < 0 else text


def _with_unit(value: Figure, places: int, unit: str) -> str:
    figure = _decimal(value)
    return UNKNOWN if figure is None else f"{_grouped(figure, places)}{SPACE}{unit}"


@register.filter
def figure(value: Figure, places: int = 0) -> str:
    """A bare number, grouped: 1284 → "1,284"."""
    number = _decimal(value)
    return UNKNOWN if number is None else _grouped(number, places)


@register.filter
def kw(value: Figure, places: int = 1) -> str:
    """Power in kW: 8.4 → "8.4 kW"; `|kw:2` where two sizes are compared."""
    return _with_unit(value, places, "kW")


@register.filter
def kwh(value: Figure) -> str:
    """Energy in kWh: 11230 → "11,230 kWh"; below 10 with one decimal."""
    number = _decimal(value)
    places = 1 if number is not None and 0 < abs(number) < 10 else 0
    return _with_unit(value, places, "kWh")


@register.filter
def degrees(value: Figure) -> str:
    """An angle in degrees: 20 → "20°"."""
    number = _decimal(value)
    return UNKNOWN if number is None else f"{_grouped(number, 0)}°"


@register.filter
def money(value: Figure, country: str | None = "") -> str:
    """An amount in the currency of the project's country (ISO 3166 alpha-2), without a symbol where that is unknown.

    Cents are shown only below 1,000 and only if there are any.
    """
    amount = _decimal(value)
    if amount is None:
        return UNKNOWN
    places = 2 if abs(amount) < 1000 and amount % 1 else 0
    text = _grouped(abs(amount), places)
    sign = MINUS if _rounded(amount, places) < 0 else ""
    return f"{sign}{CURRENCY_SYMBOLS.get((country or '').upper(), '')}{text}"


@register.filter
def percent(value: Figure, places: int = 0) -> str:
    """A figure that is per cent already: 94.6 → "95 %"."""
    return _with_unit(value, places, "%")


@register.filter
def dash(value: object, reason: str = "") -> object:
    """The value, or, where it is unknown, an en dash that tells the reason on hover and to a screen reader."""
    if value is not None and value not in ("", UNKNOWN):
        return value
    return _dash_because(reason or _("Not known"))


def _dash_because(reason: str) -> SafeString:
    return format_html(
        '<span class="unknown" title="{0}"><span aria-hidden="true">–</span>'
        '<span class="visually-hidden">{0}</span></span>',
        reason,
    )
