"""The portfolio as a file for a spreadsheet, row by row as the database gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_scopes import scope

from portal.access import Access
from portal.services.spreadsheet import Cell, as_csv
from projects.services.names import place_of
from projects.services.proposals.portfolio import AT_ONCE, Row, columns_for, cut, matching, position_of
from projects.services.proposals.portfolio_asked import Asked, Column

LINES_A_PIECE = 500
UNITS = {"payback_years": gettext_lazy("years"), "irr": "%", "roi": "%", "kw_stc": "kW", "output_annual_kwh": "kWh"}


def lines(access: Access, asked: Asked) -> Iterator[str]:
    """The file in pieces: heading, then all rows that fit."""
    pieces = as_csv(_table(access, asked))
    while piece := "".join(islice(pieces, LINES_A_PIECE)):
        yield piece


def _table(access: Access, asked: Asked) -> Iterator[Sequence[Cell]]:
    columns = columns_for(access)
    names = [_head(column) for column in columns]
    yield [_("Customer"), _("Address"), _("OpenSolar id"), _("Stage"), _("Sold on"), _("Currency"), *names]
    asked, more = replace(asked, position=None), True
    while more:
        # The response is sent after the request has left its organisation.
        with scope(organisation=access.organisation):
            rows, more = cut(matching(access, asked), asked, AT_ONCE)
            more = more and bool(rows)
        if rows:
            asked = replace(asked, position=position_of(asked, rows[-1].proposal, 1))
        for row in rows:
            yield [*_who(row), *(getattr(row.proposal, column.name) for column in columns)]


def _who(row: Row) -> list[Cell]:
    project = row.project
    sold = project.sold_date.isoformat() if project.sold_date else ""
    return [row.customer, place_of(project), project.opensolar_id, row.stage, sold, row.proposal.currency]


def _head(column: Column) -> str:
    unit = UNITS.get(column.name)
    return f"{column.label} ({unit})" if unit else str(column.label)
