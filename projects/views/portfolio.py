"""The portfolio: a page for the browser, the same rows as a file."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.access import Access, access_of
from portal.lib.currencies import COUNTRY_OF
from portal.templatetags.numbers import dash, figure, kw, kwh, money, percent
from portal.views.exports import csv_file, note_taken
from projects.models import Proposal
from projects.services.proposals import portfolio, portfolio_export
from projects.services.proposals.portfolio_asked import RANGES, RIGHTS, Asked, Column, read


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: where it leads, and how the table is sorted by it."""

    label: str
    url: str
    sorted: str


@require_safe
def portfolio_page(request: HttpRequest) -> HttpResponseBase:
    """Proposals in figures, narrowed, sorted and paged by the address."""
    access = access_of(request)
    asked = read(request.GET, access)
    page = portfolio.page_of(access, asked)
    columns = portfolio.columns_for(access)
    ranges = _ranges(access, asked)
    context = {
        "asked": asked,
        "page": page,
        "heads": [_head(asked, column) for column in columns],
        "lines": [(row, [(column.label, _cell(row.proposal, column)) for column in columns]) for row in page.rows],
        "totals": [(total, _sums(access, total)) for total in portfolio.totals_of(access, asked)],
        "total_heads": [label for label, _cell in _sums(access, portfolio.Total("", 0, None, None, None, None))],
        "currencies": portfolio.currencies_of(access),
        "ranges": ranges,
        "range_names": ", ".join(str(column.label) for column in columns if column.name in RANGES),
        "previous_url": asked.query(position=page.previous) if page.previous else "",
        "next_url": asked.query(position=page.next) if page.next else "",
        "export_url": asked.query(),
    }
    return render(request, "projects/portfolio.html", context)


@require_safe
def portfolio_file(request: HttpRequest) -> HttpResponseBase:
    """The same rows as CSV, as the database gives them."""
    access = access_of(request)
    asked = read(request.GET, access)
    note_taken(request, "portfolio.exported", filters=asked.query() if asked.narrows else "")
    return csv_file("portfolio", access.organisation, portfolio_export.lines(access, asked))


def amount(value: object, currency: str) -> str | SafeString:
    """An amount in its currency: with a symbol where we have one, else with the code."""
    text = money(value, COUNTRY_OF.get(currency, ""))  # type: ignore[arg-type]
    plain = value is None or not currency or currency in COUNTRY_OF
    return text if plain else f"{text}\N{NO-BREAK SPACE}{currency}"


def _cell(proposal: Proposal, column: Column) -> object:
    value = getattr(proposal, column.name)
    if column.name in ("price", "cost", "npv"):
        return dash(amount(value, proposal.currency))
    if column.name == "payback_years":
        return dash("" if value is None else _("%(years)s years") % {"years": figure(value, 1)})
    if column.name in ("irr", "roi"):
        return dash(percent(value, 1))
    return dash(kw(value, 2) if column.name == "kw_stc" else kwh(value))


def _sums(access: Access, total: portfolio.Total) -> list[tuple[str, object]]:
    """Label and sum of each column that adds up, by right."""
    unknown = _("Not added up: their currency is not known")
    prices = [(_("Price"), total.price), (_("NPV"), total.npv)] if access.sees_prices else []
    costs = [(_("Cost"), total.cost)] if access.sees_costs else []
    money_sums = [(label, dash(amount(value, total.currency), unknown)) for label, value in (*prices, *costs)]
    return [*money_sums, (_("kWh a year"), dash(kwh(total.kwh)))]


def _head(asked: Asked, column: Column) -> Head:
    is_current = asked.sort.lstrip("-") == column.name
    descends = asked.sort.startswith("-")
    token = column.name if is_current and descends else f"-{column.name}"
    words = ("descending" if descends else "ascending") if is_current else ""
    return Head(str(column.label), asked.query(sort=token), words)


def _ranges(access: Access, asked: Asked) -> list[tuple[str, object, str, str]]:
    """Name, label and both ends of each range that a person may narrow by."""
    seen = {column.name for column in portfolio.columns_for(access)}
    return [
        (name, label, asked.value_of(name, 0), asked.value_of(name, 1))
        for name, label in RANGES.items()
        if name in seen or not RIGHTS[name]
    ]
