"""The figures of a proposal, one set for each system in it, read from display strings and lists (document 001).

Only `title`, `name` and the `system…` strings are documented; `id` and `uuid` are read where a system has them, and of
`data` only what cannot be mistaken.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.vendors.opensolar.displayed import currency, figure, figures
from portal.vendors.opensolar.values import id_of

# `pricing` has no documented keys; these are what document 000's systems and the design's description call a price.
_PRICES = ("system_price_including_tax", "price_including_tax")
_TEXTS = {
    "systemPanelPlacement": "panel_placement",
    "panelOrientations": "panel_orientations",
    "moduleCodes": "modules",
    "inverterCodes": "inverters",
    "batteryCodes": "batteries",
}
_COSTS = ("total_cost", "system_cost", "cost", "costs")


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """kW DC, kWh a year, years, amounts in the account's currency, IRR and ROI in per cent; unknown is None."""

    number: int | None
    uuid: str
    name: str
    title: str
    kw_stc: Decimal | None
    output_annual_kwh: Decimal | None
    payback_years: Decimal | None
    npv: Decimal | None
    irr: Decimal | None
    roi: Decimal | None
    price: Decimal | None
    cost: Decimal | None
    currency: str
    output_monthly: list[float | None] = field(default_factory=list)
    use_daily: list[float | None] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict, repr=False)


def options_in(project: dict[str, Any]) -> list[OptionFigures]:
    """The systems of a proposal in their order; what is no object is left out."""
    proposal = project.get("proposal_data")
    systems = proposal.get("systems") if isinstance(proposal, dict) else None
    return [_option(system) for system in systems if isinstance(system, dict)] if isinstance(systems, list) else []


def errors_in(project: dict[str, Any]) -> list[str]:
    """What OpenSolar could not calculate, each once."""
    messages = project.get("calculation_error_messages")
    said = [*(messages if isinstance(messages, list) else [messages]), project.get("last_calculation_error")]
    texts = (item if isinstance(item, str) else _message(item) for item in said)
    return list(dict.fromkeys(text.strip()[:500] for text in texts if text.strip()))


def _option(system: dict[str, Any]) -> OptionFigures:
    data = system.get("data") if isinstance(system.get("data"), dict) else {}
    pricing = data.get("pricing") if isinstance(data, dict) else None
    pricing = pricing if isinstance(pricing, dict) else {}
    npv = system.get("systemNetPresentValue")
    return OptionFigures(
        number=id_of(system.get("id")) or id_of(system.get("url")),
        uuid=_text(system.get("uuid")),
        name=_text(system.get("name")),
        title=_text(system.get("title")),
        kw_stc=figure(system.get("systemKwStc")),
        output_annual_kwh=figure(system.get("systemOutputAnnualkWh")),
        payback_years=figure(system.get("systemPaybackYear")),
        npv=figure(npv),
        irr=figure(system.get("systemIrr")),
        roi=figure(system.get("systemReturnOnInvestment")),
        price=_first(pricing, _PRICES),
        cost=_first(pricing, _COSTS),
        currency=currency(npv, *(value for value in pricing.values() if isinstance(value, str))),
        output_monthly=figures(system.get("output_monthly_json")),
        use_daily=figures(system.get("energy_consumption_daily_per_month_json")),
        texts={label: text for key, label in _TEXTS.items() if (text := _text(system.get(key)))},
        data=data or {},
    )


def _first(entry: dict[str, Any], keys: tuple[str, ...]) -> Decimal | None:
    return next((found for key in keys if (found := figure(entry.get(key))) is not None), None)


def _text(value: Any) -> str:
    return value.strip()[:300] if isinstance(value, str) else ""


def _message(value: Any) -> str:
    return (
        next((v for k in ("message", "error", "detail") if isinstance(v := value.get(k), str)), "")
        if isinstance(value, dict)
        else ""
    )
