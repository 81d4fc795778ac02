"""Settles which figures a proposal stands for in the portfolio: those of the system that stands for its project.

Figures of the system's own record go before what the proposal shows of it, which is text for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from portal.lib.currencies import currency_of
from portal.models import Connection
from portal.sync.message import Step, send
from portal.sync.rows import updating
from projects.models import Project, Proposal, System
from projects.sync.standing_system import present_systems, standing_for

CENT, WATT = Decimal("0.01"), Decimal("0.001")
BEYOND = Decimal(10) ** 8
"""Sizes in kW from here on fit no column and no roof."""
SHOWN = ("payback_years", "npv", "irr", "roi")


def settle(connection: Connection, numbers: Iterable[int]) -> None:
    """Brings the figures of these projects' proposals up to date; writes only what differs. May run twice."""
    proposals = list(Proposal.objects.filter(connection=connection, opensolar_id__in=list(numbers)))
    if not proposals:
        return
    mine = [proposal.opensolar_id for proposal in proposals]
    projects = {p.opensolar_id: p for p in Project.objects.filter(connection=connection, opensolar_id__in=mine)}
    systems = present_systems(connection, mine)
    changes: list[Step] = []
    for proposal in proposals:
        project, options = projects.get(proposal.opensolar_id), systems.get(proposal.opensolar_id, [])
        figures = _figures(proposal, project, options)
        if any(getattr(proposal, name) != value for name, value in figures.items()):
            changes.append(updating(Proposal, {**figures, "changed_at": timezone.now()}, {"id": proposal.pk}))
    send(*changes)


def _figures(proposal: Proposal, project: Project | None, systems: Sequence[System]) -> dict[str, Any]:
    system = standing_for(project, systems) if project else None
    entries = _entries(proposal.options)
    place = _place_of(entries, system, systems)
    shown = {} if place is None else entries[place]
    country = proposal.country_iso2 or (project.country_iso2 if project else "")
    kwh = _number(shown.get("output_annual_kwh"))
    size = _number(shown.get("kw_stc"))
    price, cost = _number(shown.get("price")), _number(shown.get("cost"))
    if system is not None:
        price = system.price_including_tax if system.price_including_tax is not None else price
        if system.price_excluding_tax is not None and system.net_profit is not None:
            cost = system.price_excluding_tax - system.net_profit
    return {
        "system_ref": system.opensolar_id if system else None,
        "option_place": place,
        "currency": currency_of(country) or str(shown.get("currency") or ""),
        "price": _rounded(price, CENT),
        "cost": _rounded(cost, CENT),
        **{name: _rounded(_number(shown.get(name)), CENT) for name in SHOWN},
        "output_annual_kwh": _first(system and system.output_annual_kwh, None if kwh is None else float(kwh)),
        "kw_stc": _first(system and system.kw_stc, _rounded(size, WATT) if size and abs(size) < BEYOND else None),
    }


def _place_of(entries: Sequence[dict[str, Any]], system: System | None, systems: Sequence[System]) -> int | None:
    """Where the proposal shows this system: by number or uuid, which are not documented, else by name, else by size.

    A name or a size that two of them have names neither.
    """
    if system is None:
        return 0 if len(entries) == 1 else None
    signs = (
        lambda entry: entry.get("number") == system.opensolar_id,
        lambda entry: bool(system.uuid) and str(entry.get("uuid")).lower() == system.uuid.lower(),
        lambda entry: bool(system.name) and entry.get("name") == system.name,
        lambda entry: system.kw_stc is not None and _number(entry.get("kw_stc")) == system.kw_stc,
    )
    for sign in signs:
        found = [place for place, entry in enumerate(entries) if sign(entry)]
        if len(found) == 1:
            return found[0]
    return 0 if len(entries) == len(systems) == 1 else None


def _entries(options: Any) -> list[dict[str, Any]]:
    return [entry for entry in options if isinstance(entry, dict)] if isinstance(options, list) else []


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _number(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def _rounded(value: Decimal | None, step: Decimal) -> Decimal | None:
    return None if value is None else value.quantize(step)
