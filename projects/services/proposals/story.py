"""A whole proposal for its page, read from the body as it came: every key may be missing or odd."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

from portal.access import Access
from portal.lib.vendor_html import CleanHtml, cleaned
from portal.models import Payload
from portal.vendors.opensolar.proposal_figures import OptionFigures, options_in
from portal.vendors.opensolar.values import id_of
from projects.models import Project, Proposal
from projects.services.proposals.bills import Bills, bills_of
from projects.services.proposals.lines import Line, PaymentOption, first_text, lines_of, payment_options_of, pricing_of
from projects.services.proposals.months import Chart, Month, chart_of, months_of, odd_hours
from projects.services.vendor_facts import facts

MOST = 50
Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Option:
    """One system of the proposal; money only by right."""

    name: str
    stands: bool
    figures: OptionFigures
    price: Decimal | None
    cost: Decimal | None
    parts: Facts
    pricing: Facts
    lines: list[Line]
    payments: list[PaymentOption]
    months: list[Month]
    chart: Chart | None
    hours: int | None
    bills: Bills | None
    shading: list[Facts]
    environment: Facts


@dataclass(frozen=True, slots=True)
class Story:
    """What the page shows beside the options."""

    options: list[Option]
    message: CleanHtml
    performance: CleanHtml
    change_orders: list[tuple[str, Facts]]
    attachments: list[str]
    actions: list[str]
    current_system: Facts


def story_of(access: Access, project: Project, proposal: Proposal) -> Story:
    """One query for the body."""
    rows = Payload.objects.filter(
        connection=proposal.connection_id, resource="proposals", vendor_id=proposal.proposal_key
    )
    body = rows.values_list("body", flat=True).first()
    return read(access, project, proposal, _decoded(body))


def read(access: Access, project: Project, proposal: Proposal, record: dict[str, Any]) -> Story:
    """The documented keys of the project and its `proposal_data`."""
    inside = record.get("proposal_data")
    inside = inside if isinstance(inside, dict) else {}
    sold = id_of(record.get("payment_option_sold")) if project.is_sold else None
    options = [_option(access, proposal, place, option, sold) for place, option in enumerate(options_in(record)[:MOST])]
    orders = [*_objects(record.get("change_orders")), *_objects([inside.get("initiated_change_order")])]
    files = [*_objects(inside.get("proposal_attachments")), *_objects(inside.get("pdf_attachments"))]
    acts = record.get("available_customer_actions") or inside.get("available_customer_actions")
    current = inside.get("current_system")
    return Story(
        options=sorted(options, key=lambda option: not option.stands),
        message=cleaned(inside.get("proposal_message")),
        performance=cleaned(inside.get("system_performance_html")),
        change_orders=[(first_text(entry), _facts_of_order(access, entry)) for entry in orders],
        attachments=[name for entry in files if (name := first_text(entry, FILE_NAMES))],
        actions=_actions(_objects(acts)),
        current_system=_current(current) if isinstance(current, dict) else [],
    )


FILE_NAMES = ("title", "name", "filename", "display")
ACTION_NAMES = ("action_title", "title", "label", "name", "action_type", "type")


def _option(access: Access, proposal: Proposal, place: int, option: OptionFigures, sold: int | None) -> Option:
    data, months = option.data, months_of(option)
    stands = place == proposal.option_place
    price, cost = (proposal.price, proposal.cost) if stands else (option.price, option.cost)
    return Option(
        name=option.name or option.title,
        stands=stands,
        figures=option,
        price=price if access.sees_prices else None,
        cost=cost if access.sees_costs else None,
        parts=_parts(option),
        pricing=pricing_of(access, data),
        lines=lines_of(access, data),
        payments=payment_options_of(access, data, sold),
        months=months,
        chart=chart_of(months),
        hours=odd_hours(option),
        bills=bills_of(data) if access.sees_prices else None,
        shading=[found for entry in _objects(data.get("shadingByPanelGroup")) if (found := facts(entry, costs=False))],
        environment=facts(data.get("environmentals"), costs=False),
    )


def _parts(option: OptionFigures) -> Facts:
    return [(key, text) for key, text in facts(option.texts, costs=False) if text]


def _current(current: dict[str, Any]) -> Facts:
    """The system that stands on the roof today; nothing where all of it is empty."""
    parts = {
        kind: ", ".join(filter(None, (first_text(part, ("code", "name")) for part in _objects(current.get(kind)))))
        for kind in ("inverters", "batteries", "others")
    }
    size = current.get("kw_stc")
    output = current.get("output")
    annual = output.get("annual") if isinstance(output, dict) else None
    found = facts({"kw_stc": size or None, "output_annual_kwh": annual, **parts}, costs=False)
    return [(label, text) for label, text in found if text not in ("", "0")]


def _facts_of_order(access: Access, entry: dict[str, Any]) -> Facts:
    """Any of them may be an amount."""
    return facts(entry, costs=access.sees_costs, without=frozenset({"title", "name"})) if access.sees_prices else []


def _actions(entries: Iterable[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for entry in entries if (name := first_text(entry, ACTION_NAMES))))


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value[:MOST] if isinstance(item, dict)] if isinstance(value, list) else []


def _decoded(body: str | None) -> dict[str, Any]:
    try:
        value = orjson.loads(body or "{}")
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
