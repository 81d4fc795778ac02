"""What a proposal says of one system: yield and consumption by month, prices, payment options, bills, shading."""

from dataclasses import dataclass
from random import Random
from typing import Any

from portal.sandbox.opensolar.data import PAYMENT_OPTIONS
from portal.sandbox.wire import JsonObject

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# The share of a year's sun in each month, south of the equator; north of it half a year later.
_SOUTH = (11.0, 9.4, 9.1, 7.4, 6.0, 5.0, 5.4, 6.7, 8.1, 9.6, 10.8, 11.5)
_YEARS = 20
_OPTIONS = (
    ("cash", "Cash"),
    ("loan", "Green loan, 7 years"),
    ("regular_payment", "Twelve payments"),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """One system's year: kWh and money, from its record and the project's usage."""

    kw_stc: float
    output: float
    usage: float
    price: float
    net: float
    profit: float
    discount: float
    rate: float

    @property
    def saving(self) -> float:
        """Of what is made a little less than a half is used at once; the rest earns a fifth of the rate."""
        used = min(0.45 * self.output, self.usage)
        return self.rate * (used + 0.2 * (self.output - used))

    @property
    def cost(self) -> float:
        return round(self.net - self.profit, 2)

    @property
    def payback(self) -> float | None:
        return round(self.price / self.saving, 1) if self.saving and self.price else None

    @property
    def npv(self) -> float:
        worth = sum(self.saving / 1.05**year for year in range(1, _YEARS + 1))
        return round(worth - self.price, 2)

    @property
    def irr(self) -> float | None:
        """Per cent, by halving; None where nothing comes back."""
        if not self.price or self.saving * _YEARS <= self.price:
            return None
        low, high = 0.0, 5.0
        for _ in range(60):
            middle = (low + high) / 2
            worth = sum(self.saving / (1 + middle) ** year for year in range(1, _YEARS + 1))
            low, high = (middle, high) if worth > self.price else (low, middle)
        return round(100 * low, 1)

    @property
    def roi(self) -> float | None:
        return round(100 * (self.saving * _YEARS / self.price - 1), 1) if self.price else None


def figures_of(project: JsonObject, system: JsonObject) -> Figures:
    """From records that a test may have broken: what is no number counts as nought."""
    tariff = project.get("utility_tariff_current_data")
    rate = tariff.get("energy_rate") if isinstance(tariff, dict) else None
    return Figures(
        kw_stc=_number(system.get("kw_stc")),
        output=_number(system.get("output_annual_kwh")),
        usage=_number(project.get("usage_annual_or_guess")),
        price=_number(system.get("price_including_tax")),
        net=_number(system.get("price_excluding_tax")),
        profit=_number(system.get("net_profit")),
        discount=_number(system.get("discount")),
        rate=_number(rate) or 0.28,
    )


def output_by_month(figures: Figures, lat: Any) -> list[int]:
    """Whole kWh that add up to the year's output."""
    shares = _SOUTH if _number(lat) < 0 else (*_SOUTH[6:], *_SOUTH[:6])
    months = [int(figures.output * share / 100) for share in shares]
    months[0] += round(figures.output) - sum(months)
    return months


def use_by_day(figures: Figures, chance: Random) -> list[float]:
    """kWh a day for each month, which make up the year's consumption but for rounding."""
    weights = [1 + 0.25 * chance.random() for _ in DAYS]
    whole = sum(weight * days for weight, days in zip(weights, DAYS, strict=True))
    return [round(figures.usage * weight / whole, 2) for weight in weights]


def pricing(figures: Figures) -> JsonObject:
    return {
        "system_price_including_tax": figures.price,
        "system_price_excluding_tax": figures.net,
        "tax": round(figures.price - figures.net, 2),
        "discount": figures.discount,
        "total_cost": figures.cost,
        "margin": figures.profit,
    }


def line_items(figures: Figures, system: JsonObject) -> list[JsonObject]:
    """Lines that add up to the price without tax and to the cost."""
    quantity = system.get("module_quantity")
    shares = (("Panels", quantity, 0.45), ("Inverter", 1, 0.2), ("Mounting", quantity, 0.1))
    lines: list[JsonObject] = [
        {
            "label": label,
            "quantity": count,
            "total_value": round(figures.net * share, 2),
            "total_cost": round(figures.cost * share, 2),
        }
        for label, count, share in shares
    ]
    rest: JsonObject = {
        "label": "Labour and permits",
        "quantity": 1,
        "total_value": round(figures.net - sum(line["total_value"] for line in lines), 2),
        "total_cost": round(figures.cost - sum(line["total_cost"] for line in lines), 2),
    }
    return [*lines, rest]


def payment_options(figures: Figures, here: str) -> list[JsonObject]:
    options = []
    for number, (kind, title) in zip(PAYMENT_OPTIONS, _OPTIONS, strict=True):
        months = {"cash": 1, "loan": 84, "regular_payment": 12}[kind]
        interest = 1.18 if kind == "loan" else 1.0
        options.append(
            {
                "id": number,
                "url": f"{here}/payment_options/{number}/",
                "title": title,
                "payment_type": kind,
                "deposit": round(figures.price * 0.1, 2) if kind == "cash" else 0.0,
                "number_of_payments": months,
                "payment": round(figures.price * interest / months, 2),
                "total": round(figures.price * interest, 2),
                "netPresentValue": f"${figures.npv:,.0f}",
            }
        )
    return options


def bills(figures: Figures, use: list[float]) -> JsonObject:
    """Twelve months of bills and their sum, without and with the system."""
    before = [round(day * days * figures.rate, 2) for day, days in zip(use, DAYS, strict=True)]
    share = figures.saving / sum(before) if sum(before) else 0.0
    after = [round(bill * (1 - share), 2) for bill in before]
    return {
        "current": {"monthly": before, "annual": round(sum(before), 2)},
        "proposed": {"monthly": after, "annual": round(sum(after), 2)},
    }


def shading(groups: list[JsonObject], chance: Random) -> list[JsonObject]:
    return [
        {
            "panelGroup": place,
            "azimuth": group.get("azimuth"),
            "slope": group.get("slope"),
            "moduleQuantity": group.get("module_quantity"),
            "beamAccessAnnual": round(82 + 17 * chance.random(), 1),
        }
        for place, group in enumerate(groups, 1)
    ]


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
