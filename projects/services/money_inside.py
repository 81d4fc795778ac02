"""Money inside OpenSolar's decoded texts: keys that only people with the right to prices or costs get."""

from __future__ import annotations

from typing import Any

from portal.access import Access

# OpenSolar does not document the keys. A share of the company's (margin, markup, fee) is a cost as much as a cost is.
COSTS = ("cost", "margin", "markup", "profit", "commission", "dealer_fee")
PRICES = ("price", "discount")


def without_money(value: Any, access: Access) -> Any:
    """The same without what this person may not see, at any depth; the keys are then absent. Copies what it changes."""
    hidden = _hidden(access)
    return _without(value, hidden) if hidden else value


def is_hidden(key: str, access: Access) -> bool:
    """Whether a key names money that this person may not see."""
    return any(word in key.lower() for word in _hidden(access))


def _hidden(access: Access) -> tuple[str, ...]:
    return (*(() if access.sees_costs else COSTS), *(() if access.sees_prices else PRICES))


def _without(value: Any, hidden: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if not any(word in key.lower() for word in hidden)}
        return {key: _without(item, hidden) for key, item in kept.items()}
    return [_without(item, hidden) for item in value] if isinstance(value, list) else value
