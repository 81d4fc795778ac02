"""The portfolio: proposals in figures, a line a project, narrowed and paged by the address; totals by currency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from portal.access import Access
from projects.access import visible_proposals
from projects.models import Project, Proposal
from projects.services.lists.keyset import Position, seek
from projects.services.lists.pages import PAGE, Page, page_at
from projects.services.names import customer_of, subtitle_of, with_customer
from projects.services.proposals.portfolio_asked import COLUMNS, SORTED_BY, Asked, Column
from projects.services.stages import stage_label, stage_tone

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A project and its proposal's figures, those that the person may see."""

    project: Project
    proposal: Proposal
    customer: str
    subtitle: str
    stage: str
    tone: str


@dataclass(frozen=True, slots=True)
class Total:
    """What the proposals in one currency add up to; unknown figures count as nothing.

    Amounts whose currency nobody knows (`currency` empty) are not added up at all.
    """

    currency: str
    count: int
    price: Decimal | None
    cost: Decimal | None
    npv: Decimal | None
    kwh: float | None


def columns_for(access: Access) -> list[Column]:
    """The columns that a person may see: money by the right to prices, what it costs by the right to costs."""
    rights = {"prices": access.sees_prices, "costs": access.sees_costs, "": True}
    return [column for column in COLUMNS if rights[column.right]]


def matching(access: Access, asked: Asked) -> QuerySet[Proposal]:
    """The proposals that fit, in their projects' own language, in no order."""
    proposals = visible_proposals(access).filter(language_asked="")
    for word in asked.words:
        proposals = proposals.filter(project__search_text__contains=word)
    if asked.sold:
        proposals = proposals.filter(project__is_sold=asked.sold == "yes")
    if asked.currency:
        proposals = proposals.filter(currency="" if asked.currency == "?" else asked.currency)
    for name, (low, high) in asked.ranges.items():
        if low is not None:
            proposals = proposals.filter(**{f"{name}__gte": low})
        if high is not None:
            proposals = proposals.filter(**{f"{name}__lte": high})
    return proposals


def totals_of(access: Access, asked: Asked) -> list[Total]:
    """A line for each currency, the largest first: one query."""
    sums = {f"total_{name}": Sum(name) for name in ("price", "cost", "npv")}
    by_currency = matching(access, asked).values("currency")
    counted = by_currency.annotate(count=Count("pk"), kwh=Sum("output_annual_kwh"), **sums)
    return [_total(access, row) for row in counted.order_by("-count", "currency")]


def currencies_of(access: Access) -> list[str]:
    """The currencies that occur among all that a person may see."""
    found = visible_proposals(access).filter(language_asked="").order_by("currency")
    return list(found.values_list("currency", flat=True).distinct())


def page_of(access: Access, asked: Asked) -> Page[Row]:
    """The page at the position asked for; the first one when nothing is left there."""
    fitting = matching(access, asked)

    def rows_at(position: Position | None) -> tuple[list[Row], bool]:
        return cut(fitting, replace(asked, position=position), PAGE)

    def beside(row: Row, number: int, backwards: bool) -> Position:
        return position_of(asked, row.proposal, number, backwards=backwards)

    return page_at(asked.position, fitting.count(), rows_at, beside)


def cut(fitting: QuerySet[Proposal], asked: Asked, size: int) -> tuple[list[Row], bool]:
    """Up to `size` rows at the position, in order, and whether more lie beyond them: two queries."""
    ordered = fitting.annotate(modified=F("project__modified_date")).defer("options", "calculation_errors")
    column = SORTED_BY[asked.sort.lstrip("-")]
    found = list(seek(ordered, column, descending=asked.sort.startswith("-"), position=asked.position)[: size + 1])
    here = found[:size]
    if asked.position and asked.position.backwards:
        here.reverse()
    return _rows(here), len(found) > size


def position_of(asked: Asked, proposal: Proposal, number: int, *, backwards: bool = False) -> Position:
    """The position right behind (or before) a row in this order."""
    key = getattr(proposal, SORTED_BY[asked.sort.lstrip("-")])
    return Position(str(key) if isinstance(key, Decimal | float) else key, proposal.pk, number, backwards)


def _rows(proposals: Sequence[Proposal]) -> list[Row]:
    wanted = [proposal.opensolar_id for proposal in proposals]
    connections = {proposal.connection_id for proposal in proposals}
    projects = with_customer(Project.objects.filter(connection_id__in=connections, opensolar_id__in=wanted))
    by_number = {(project.connection_id, project.opensolar_id): project for project in projects}
    return [_row(by_number[key], p) for p in proposals if (key := (p.connection_id, p.opensolar_id)) in by_number]


def _row(project: Project, proposal: Proposal) -> Row:
    return Row(
        project,
        proposal,
        customer_of(project),
        subtitle_of(project),
        stage_label(project.stage),
        stage_tone(project.stage),
    )


def _total(access: Access, row: Any) -> Total:
    known = bool(row["currency"])
    prices, costs = known and access.sees_prices, known and access.sees_costs
    return Total(
        currency=row["currency"],
        count=row["count"],
        price=row["total_price"] if prices else None,
        cost=row["total_cost"] if costs else None,
        npv=row["total_npv"] if prices else None,
        kwh=row["kwh"],
    )
