"""The project list as a file for a spreadsheet: the same filters, order, columns and rights, however many rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy
from django_scopes import scope

from portal.access import Access
from portal.services.spreadsheet import Cell, as_csv
from portal.templatetags.times import in_zone
from projects.services.lists.columns import Column
from projects.services.lists.criteria import Criteria
from projects.services.lists.listing import cut, position_of
from projects.services.lists.rows import Row, rows_of
from projects.services.names import place_of

AT_ONCE = 2000
LINES_A_PIECE = 500


def lines(access: Access, criteria: Criteria, columns: Sequence[Column]) -> Iterator[str]:
    """The file in pieces: heading, then all rows that fit, from the first page on."""
    pieces = as_csv(_table(access, criteria, columns))
    while piece := "".join(islice(pieces, LINES_A_PIECE)):
        yield piece


def _table(access: Access, criteria: Criteria, columns: Sequence[Column]) -> Iterator[Sequence[Cell]]:
    parts = [part for column in columns for part in _parts(column, columns)]
    yield [str(label) for label, _cell in parts]
    criteria = replace(criteria, position=None)
    more = True
    while more:
        # The response is sent after the request has left its organisation.
        with scope(organisation=access.organisation):
            projects, more = cut(access, criteria, AT_ONCE, columns)
            rows = rows_of(access, projects)
            criteria = replace(criteria, position=position_of(criteria, projects[-1], 1)) if projects else criteria
        for row in rows:
            yield [cell(row) for _label, cell in parts]


Part = tuple[Any, Callable[[Row], Cell]]


def _parts(column: Column, columns: Sequence[Column]) -> Sequence[Part]:
    """What stands in a column of the page, one figure a column of the file."""
    if column.role:
        return [(str(column.label), lambda row: row.person(column.role))]
    if column.name == "stage" and any(other.name == "sold" for other in columns):
        return PARTS["stage"][:-1]
    return PARTS[column.name]


def _moment(moment: datetime | None, zone: tzinfo) -> str:
    """In the project's own zone, its distance from UTC included."""
    return in_zone(moment, zone).isoformat(sep=" ", timespec="seconds") if moment else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


PARTS: dict[str, Sequence[Part]] = {
    "customer": [
        (gettext_lazy("Customer"), lambda row: row.customer),
        (gettext_lazy("Title"), lambda row: row.project.title),
        (gettext_lazy("Address"), lambda row: place_of(row.project)),
    ],
    "stage": [
        (gettext_lazy("Stage"), lambda row: row.stage),
        (gettext_lazy("Days in stage"), lambda row: row.days_in_stage),
        (gettext_lazy("Sold on"), lambda row: _day(row.project.sold_date)),
    ],
    "system": [
        (gettext_lazy("Size (kW)"), lambda row: row.system.kw_stc if row.system else None),
        (gettext_lazy("Panels"), lambda row: row.panels),
    ],
    "panels": [(gettext_lazy("Number of panels"), lambda row: row.system.module_quantity if row.system else None)],
    "price": [(gettext_lazy("Price incl. tax"), lambda row: row.price)],
    "kwh": [(gettext_lazy("Yearly output (kWh)"), lambda row: row.system.output_annual_kwh if row.system else None)],
    "lead": [(gettext_lazy("Lead source"), lambda row: row.project.lead_source)],
    "created": [(gettext_lazy("Created"), lambda row: _moment(row.project.created_date, row.zone))],
    "sold": [(gettext_lazy("Sold on"), lambda row: _day(row.project.sold_date))],
    "installation": [(gettext_lazy("Installation"), lambda row: _day(row.project.installation_date))],
    "activity": [(gettext_lazy("Last activity"), lambda row: _moment(row.project.modified_date, row.zone))],
    "phone": [(gettext_lazy("Phone"), lambda row: row.phone)],
    "email": [(gettext_lazy("E-mail"), lambda row: row.email)],
    "locality": [(gettext_lazy("Town"), lambda row: row.project.locality)],
    "state": [(gettext_lazy("State"), lambda row: row.project.state)],
    "postcode": [(gettext_lazy("Postcode"), lambda row: row.project.zip)],
    "number": [(gettext_lazy("OpenSolar id"), lambda row: row.project.opensolar_id)],
}
