"""Money inside OpenSolar's decoded texts: keys that only people with the right to prices or costs get."""

from __future__ import annotations

from typing import Any

import orjson

from portal.access import Access

# OpenSolar does not document the keys. A share of the company's (margin, markup, fee) is a cost as much as a cost is.
COSTS = ("cost", "cogs", "wholesale", "overhead", "margin", "markup", "mark_up", "profit", "commission", "dealer")
PRICES = ("price", "discount")
# In these lists of a system a value is the customer's: that of an extra, or of an incentive, a share of the price.
VALUED, VALUE = ("adders", "incentives"), "value"


def without_money(value: Any, access: Access) -> Any:
    """The same without what this person may not see, at any depth; the keys are then absent. Copies what it changes."""
    hidden = _hidden(access)
    return _without(value, hidden) if hidden else value


def part_without_money(part: str, value: Any, access: Access) -> Any:
    """The same of what stands in a record's column `part`, as `modules` and `adders` of a system."""
    hidden = _hidden(access)
    if part in VALUED and not access.sees_prices:
        hidden = (*hidden, VALUE)
    return _without(value, hidden) if hidden else value


def is_cost(key: str) -> bool:
    """Whether a key speaks of what it costs the company, or of its profit."""
    return any(word in key.lower() for word in COSTS)


def is_hidden(key: str, access: Access) -> bool:
    """Whether a key names money that this person may not see."""
    return any(word in key.lower() for word in _hidden(access))


def _hidden(access: Access) -> tuple[str, ...]:
    return (*(() if access.sees_costs else COSTS), *(() if access.sees_prices else PRICES))


def _without(value: Any, hidden: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if not any(word in key.lower() for word in hidden)}
        return {key: _without(item, hidden) for key, item in kept.items()}
    if isinstance(value, str):
        return _text_without(value, hidden)
    return [_without(item, hidden) for item in value] if isinstance(value, list) else value


def _text_without(text: str, hidden: tuple[str, ...]) -> str:
    """OpenSolar writes JSON inside strings, as a part's `data`; any other text stays as it is."""
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        found = orjson.loads(text)
        kept = _without(found, hidden)
        return text if kept == found else orjson.dumps(kept).decode()
    except ValueError:
        return text
    except (RecursionError, TypeError):
        # Nested beyond all sense: nobody can say what is in it.
        return ""
