"""Which currency an amount of a country is in, where that is known for certain."""

import re

_EURO = re.findall("..", "ATBEBGCYDEEEESFIFRGRHRIEITLTLULVMTNLPTSISK")
CURRENCY_OF = {
    "AU": "AUD",
    "CA": "CAD",
    "CH": "CHF",
    "GB": "GBP",
    "IN": "INR",
    "NZ": "NZD",
    "US": "USD",
    "ZA": "ZAR",
    **dict.fromkeys(_EURO, "EUR"),
}
COUNTRY_OF = {"AUD": "AU", "CAD": "CA", "EUR": "DE", "GBP": "GB", "NZD": "NZ", "USD": "US"}
"""A country for each currency whose amounts have a symbol on our pages."""


def currency_of(country: str) -> str:
    """The ISO 4217 code for an ISO 3166 alpha-2 country; empty where we do not know it."""
    return CURRENCY_OF.get(country.strip().upper(), "")
