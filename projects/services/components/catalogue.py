"""The component catalogue as people read it: what is asked for, which parts fit, and what each says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy

from portal.access import Access
from projects.access import visible_components
from projects.models import ComponentActivation, ComponentKind
from projects.services.components.datasheets import KEYS, values_of
from projects.services.components.uses import LISTS, counted
from projects.services.decoded import Line, lines_of
from projects.services.money_inside import without_money
from projects.services.parts import Component
from projects.services.prices.book import ALL, ARCHIVED, IN_USE, LONGEST_SEARCH, STATES

A_PAGE = 50
KINDS = {
    ComponentKind.MODULE: gettext_lazy("Modules"),
    ComponentKind.INVERTER: gettext_lazy("Inverters"),
    ComponentKind.BATTERY: gettext_lazy("Batteries"),
    ComponentKind.OTHER: gettext_lazy("Other"),
}
# So many values of the data sheet stand in the list.
IN_LIST = 3
# In the head of the page, or only for OpenSolar's own use.
SAID_ELSEWHERE = frozenset({"code", "manufacturer", "manufacturer_name", "skus"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the list."""

    kind: ComponentKind
    q: str = ""
    state: str = IN_USE
    page: str = ""

    def query(self, **changed: Any) -> str:
        """The same as a query string, with something changed."""
        values = {"kind": self.kind.value, "q": self.q, "state": self.state, **changed}
        return "?" + urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class Row:
    """A part as the list shows it; `projects` is how many that the person may see use it."""

    part: ComponentActivation
    sheet: list[tuple[str, str]]
    projects: int


def read(params: Mapping[str, str]) -> Asked:
    """A kind or filter that does not exist shows modules, and what is in use."""
    kind, state = params.get("kind", ""), params.get("state", "")
    # A database has no character NUL.
    words = params.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    return Asked(
        ComponentKind(kind) if kind in ComponentKind.values else ComponentKind.MODULE,
        words,
        state if state in STATES else IN_USE,
        params.get("page", ""),
    )


def page_of(access: Access, asked: Asked) -> Page[ComponentActivation]:
    """A page of the parts that fit, by manufacturer and code."""
    rows = _fitting(access, asked).filter(kind=asked.kind)
    return Paginator(rows.order_by("manufacturer_name", "code", "pk"), A_PAGE).get_page(asked.page)


def counts(access: Access, asked: Asked) -> dict[str, int]:
    """How many fit by kind, also those of other kinds than the one shown."""
    found = _fitting(access, asked).order_by().values_list("kind").annotate(number=Count("pk"))
    return dict(found)


def rows_of(access: Access, asked: Asked, parts: Sequence[ComponentActivation]) -> list[Row]:
    """Lines for these parts: one query, whatever their number."""
    uses = counted(access, parts, asked.kind)
    return [Row(part, sheet_of(access, part)[:IN_LIST], uses.get(part.pk, 0)) for part in parts]


def sheet_of(access: Access, part: ComponentActivation) -> list[tuple[str, str]]:
    """The documented values of the data sheet, with the units that the reference infers."""
    entry = {"data": without_money(part.data, access)}
    return values_of(LISTS[ComponentKind(part.kind)], Component(None, part.manufacturer_name, part.code, entry))


def rest_of(access: Access, part: ComponentActivation) -> list[Line]:
    """What else OpenSolar says of the part: names as they come, and no unit, because none is known."""
    data = without_money(part.data, access) or {}
    shown = {key for key, _label, _unit in KEYS[LISTS[ComponentKind(part.kind)]]} | SAID_ELSEWHERE
    return lines_of({key: value for key, value in data.items() if key not in shown})


def _fitting(access: Access, asked: Asked) -> QuerySet[ComponentActivation]:
    rows = visible_components(access)
    if asked.state != ALL:
        rows = rows.filter(is_archived=asked.state == ARCHIVED)
    for word in asked.q.split():
        rows = rows.filter(Q(manufacturer_name__icontains=word) | Q(code__icontains=word) | Q(sku__icontains=word))
    return rows
