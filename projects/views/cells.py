"""The cells of a line of the project list: what a person reads in each column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.templatetags.frame import avatar, phone_href, state
from portal.templatetags.numbers import dash, figure, kw, money
from portal.templatetags.times import day, since
from projects.services.lists.columns import Column
from projects.services.lists.rows import Row
from projects.views.heads import class_of


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; `note` is its second line; `label` names it where there is no head above."""

    css_class: str
    label: str
    main: object
    note: object = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row and its cells behind the customer's."""

    row: Row
    cells: Sequence[Cell]


def lines_of(rows: Iterable[Row], columns: Sequence[Column]) -> list[Line]:
    """Lines for a page of rows, in these columns."""
    names = [column.name for column in columns]
    classes = {name: class_of(name, names) for name in names}
    shown = [column for column in columns if column.name != "customer"]
    return [Line(row, [_cell(row, column, classes[column.name], names) for column in shown]) for row in rows]


def _cell(row: Row, column: Column, css_class: str, names: Sequence[str]) -> Cell:
    if column.name == "stage":
        return Cell(css_class, "", _stage(row), _stage_note(row, names))
    note = row.panels if column.name == "system" else ""
    main = (
        _owner(row) if column.name == "owner" else MAIN[column.name](row) if column.name in MAIN else _who(row, column)
    )
    return Cell(css_class, str(column.label), main, note)


def _stage(row: Row) -> object:
    word = state(row.stage, row.tone)
    if row.days_in_stage is None:
        return word
    words = ngettext("%(days)s day in this stage", "%(days)s days in this stage", row.days_in_stage)
    days = {"days": row.days_in_stage}
    return format_html(
        '{}<span class="stage-days" title="{}"><span aria-hidden="true"> · {}</span>'
        '<span class="visually-hidden">, {}</span></span>',
        word,
        words % days,
        row.days_in_stage,
        words % days,
    )


def _stage_note(row: Row, names: Sequence[str]) -> object:
    """When it was sold; on a phone, where the usual columns leave it out, when something happened last."""
    sold = row.project.sold_date if "sold" not in names else None
    first = format_html('<span class="not-phone">{} {}</span>', _("sold"), day(sold)) if sold else ""
    last = format_html('<span class="only-phone">{}</span>', _activity(row)) if "activity" in names else ""
    return format_html("{}{}", first, last) if first or last else ""


def _owner(row: Row) -> object:
    if not row.owner:
        return dash("", _("Assigned to nobody"))
    known = row.owner if row.project.assigned_role else ""
    return format_html(
        '<span class="person" title="{0}">{1}<span class="owner-name truncate">{0}</span></span>',
        row.owner,
        avatar(known),
    )


def _who(row: Row, column: Column) -> object:
    return dash(row.person(column.role), _("Nobody"))


def _activity(row: Row) -> object:
    return since(row.project.modified_date, row.zone)


def _phone(row: Row) -> object:
    href = phone_href(row.phone)
    text = format_html('<a class="row-over" href="{}">{}</a>', href, row.phone) if href else row.phone
    return dash(text, _("No phone number"))


def _email(row: Row) -> object:
    text = format_html('<a class="row-over" href="mailto:{0}">{0}</a>', row.email) if row.email else ""
    return dash(text, _("No e-mail address"))


MAIN: dict[str, Callable[[Row], object]] = {
    "system": lambda row: dash(kw(row.system.kw_stc if row.system else None), _("No system yet")),
    "panels": lambda row: dash(figure(row.system.module_quantity if row.system else None), _("No system yet")),
    "price": lambda row: dash(money(row.price, row.project.country_iso2), _("No price yet")),
    "kwh": lambda row: dash(figure(row.system.output_annual_kwh if row.system else None), _("No system yet")),
    "lead": lambda row: dash(row.project.lead_source),
    "created": lambda row: day(row.project.created_date, row.zone),
    "sold": lambda row: dash(day(row.project.sold_date), _("Not sold yet")),
    "installation": lambda row: dash(day(row.project.installation_date), _("No date yet")),
    "activity": _activity,
    "phone": _phone,
    "email": _email,
    "locality": lambda row: dash(row.project.locality),
    "state": lambda row: dash(row.project.state),
    "postcode": lambda row: dash(row.project.zip),
    "number": lambda row: row.project.opensolar_id,
}
