"""Reads figures that were written for people: "$12,340", "8,547", "4.2", "12.3 %", "(1,200)".

What cannot be told for certain is not known: text with two numbers in it is no figure.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

LONGEST = 60
BEYOND_SENSE = Decimal(10) ** 12
_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009'’_"), None)
_DASHES = str.maketrans(dict.fromkeys("−–—‒", "-"))
_NUMBER = re.compile(r"\d[\d.,]*(?:[eE][+-]?\d{1,3})?")
_CURRENCIES = {"A$": "AUD", "AU$": "AUD", "US$": "USD", "NZ$": "NZD", "C$": "CAD", "CA$": "CAD", "€": "EUR", "£": "GBP"}
_SYMBOL = re.compile(r"(?:AU|US|NZ|CA|A|C)\$|[€£]|\b[A-Z]{3}\b")
_CODES = frozenset(
    ("AUD", "USD", "NZD", "CAD", "EUR", "GBP", "CHF", "SEK", "NOK", "DKK", "JPY", "INR", "BRL", "MXN", "ZAR")
)


def figure(value: Any) -> Decimal | None:
    """The number in a value; a percentage is its figure in per cent. None for what is missing, no number or absurd."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | Decimal):
        return _sensible(str(value))
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    text = value.translate(_SPACES).translate(_DASHES)
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return None
    before, _, after = text.partition(found[0])
    number = _sensible(_plain(found[0]))
    if number is None or before.endswith((".", ",")) or "<" in before or ">" in before:
        return None
    is_negative = "-" in before or (before.rstrip("$€£").endswith("(") and ")" in after) or after.endswith("-")
    return -number if is_negative else number


def currency(*values: Any) -> str:
    """The ISO code of the first value that names its currency for certain; "$" alone does not. Empty if none does."""
    for value in values:
        names: list[str] = _SYMBOL.findall(value) if isinstance(value, str) and len(value) <= LONGEST else []
        for found in names:
            if found in _CURRENCIES or found in _CODES:
                return _CURRENCIES.get(found, found)
    return ""


def figures(value: Any, most: int = 12) -> list[float | None]:
    """A list of figures, also as JSON inside a string; what is no figure is None; empty where there is no list."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return []
    if not isinstance(value, list):
        return []
    return [None if (found := figure(item)) is None else float(found) for item in value[:most]]


def _plain(text: str) -> str:
    """The digits with a point for the decimals: the last separator, unless it groups thousands."""
    text = text.rstrip(".,")
    point = max(text.rfind("."), text.rfind(","))
    if point < 0:
        return text
    separator, other = text[point], "," if text[point] == "." else "."
    if text.count(separator) > 1:
        return text.replace(separator, "").replace(other, ".")
    behind = text[point + 1 :]
    is_group = separator == "," and other not in text and len(behind) == 3 and behind.isdigit() and text[0] != "0"
    if is_group:
        return text.replace(separator, "")
    return text.replace(other, "").replace(separator, ".")


def _sensible(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and -BEYOND_SENSE < number < BEYOND_SENSE else None
