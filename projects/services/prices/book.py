"""The price book as people read it: what is asked for, which records fit, and what each says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import Access
from projects.access import visible_costings, visible_payment_options, visible_pricing_schemes
from projects.models import Costing, PaymentOption, PricingScheme
from projects.services.decoded import Line, lines_of, words_of
from projects.services.money_inside import without_money
from projects.services.prices.costing_figures import Item, items_of, shares_of

A_PAGE = 24
LONGEST_SEARCH = 200
SCHEMES, PAYMENTS, COSTINGS = "pricing-schemes", "payment-options", "costings"
LABELS = {
    SCHEMES: gettext_lazy("Pricing schemes"),
    PAYMENTS: gettext_lazy("Payment options"),
    COSTINGS: gettext_lazy("Costings"),
}
IN_USE, ARCHIVED, ALL = "", "archived", "all"
STATES = {IN_USE: gettext_lazy("In use"), ARCHIVED: gettext_lazy("Archived"), ALL: gettext_lazy("All")}
AUTOMATIC = {"yes": True, "no": False}
FAVOURED = {"yes": gettext_lazy("Has priority"), "no": gettext_lazy("Without priority")}
NUMBER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
# The document's names; one that it does not know is shown as it came.
PAYMENT_TYPES = {
    "cash": gettext_lazy("Cash"),
    "loan": gettext_lazy("Loan"),
    "loan_advanced": gettext_lazy("Advanced loan"),
    "ppa": gettext_lazy("Power purchase agreement"),
    "regular_payment": gettext_lazy("Regular payment"),
    "lease": gettext_lazy("Lease"),
}
VISIBLE: dict[str, Callable[[Access], QuerySet[Any]]] = {
    SCHEMES: visible_pricing_schemes,
    PAYMENTS: visible_payment_options,
    COSTINGS: visible_costings,
}
KINDS = {SCHEMES: "pricing_formula", PAYMENTS: "payment_type"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the page: which part of the book, and what narrows it."""

    show: str
    q: str = ""
    kind: str = ""
    automatic: str = ""
    priority: str = ""
    state: str = IN_USE
    page: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything but archived records is left out."""
        return bool(self.q or self.kind or self.automatic or self.priority)

    def query(self, **changed: Any) -> str:
        """The same as a query string, with something changed."""
        narrowed = {"q": self.q, "kind": self.kind, "auto": self.automatic, "priority": self.priority}
        values = {"show": self.show, **narrowed, "state": self.state}
        return "?" + urlencode({name: value for name, value in {**values, **changed}.items() if value})


@dataclass(frozen=True, slots=True)
class Card:
    """A record as the page shows it; `unread` where OpenSolar's settings could not be read.

    `url` leads to its page, `mark` says how an edit of it stands.
    """

    record: Any
    kind: str
    where: str
    lines: list[Line] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    unread: bool = False
    url: str = ""
    mark: Any = None


def parts_for(access: Access) -> list[str]:
    """The parts of the book that this person may read."""
    return [*((SCHEMES, PAYMENTS) if access.sees_prices else ()), *((COSTINGS,) if access.sees_costs else ())]


def read(params: Mapping[str, str], parts: list[str]) -> Asked:
    """A part that is not theirs shows the first that is; a filter that does not exist narrows nothing."""
    show, state, automatic = params.get("show", ""), params.get("state", ""), params.get("auto", "")
    # A database has no character NUL.
    words, kind = (params.get(name, "").replace("\0", "").strip()[:LONGEST_SEARCH] for name in ("q", "kind"))
    show = show if show in parts else parts[0]
    priority = params.get("priority", "")
    return Asked(
        show=show,
        q=words,
        kind=kind if show in KINDS else "",
        automatic=automatic if automatic in AUTOMATIC and show in KINDS else "",
        priority=priority if (priority in FAVOURED if show == COSTINGS else NUMBER.fullmatch(priority)) else "",
        state=state if state in STATES else IN_USE,
        page=params.get("page", ""),
    )


def page_of(access: Access, asked: Asked) -> Page[Any]:
    """The records that fit, by priority and name."""
    rows = VISIBLE[asked.show](access)
    if asked.state != ALL:
        rows = rows.filter(is_archived=asked.state == ARCHIVED)
    if asked.kind:
        rows = rows.filter(**{KINDS[asked.show]: asked.kind})
    if asked.automatic:
        rows = rows.filter(auto_apply_enabled=AUTOMATIC[asked.automatic])
    if asked.priority:
        wanted = AUTOMATIC[asked.priority] if asked.show == COSTINGS else int(asked.priority)
        rows = rows.filter(priority=wanted)
    columns = ("title",) if asked.show == SCHEMES else ("title", "description")
    for word in asked.q.split():
        anywhere = Q()
        for column in columns:
            anywhere |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(anywhere)
    first = "-priority" if asked.show == COSTINGS else "priority"
    return Paginator(rows.order_by(first, "title", "pk"), A_PAGE).get_page(asked.page)


def kinds_for(access: Access, asked: Asked) -> list[tuple[str, str]]:
    """Formulas or kinds of payment that occur, with their names, to choose from."""
    if asked.show not in KINDS:
        return []
    return [(kind, _kind_name(kind)) for kind in _occurring(access, asked, KINDS[asked.show], asked.kind)]


def priorities_for(access: Access, asked: Asked) -> list[tuple[str, str]]:
    """Priorities that occur; a costing has it or has it not."""
    if asked.show == COSTINGS:
        return [(value, str(label)) for value, label in FAVOURED.items()]
    chosen = int(asked.priority) if asked.priority else None
    found = _occurring(access, asked, "priority", chosen)
    return [(str(number), _("Priority %(number)s") % {"number": number}) for number in found]


def _occurring(access: Access, asked: Asked, column: str, chosen: Any) -> list[Any]:
    """Values of a column, and the chosen one also where it does not occur: the page says what it narrows by."""
    rows = VISIBLE[asked.show](access).order_by(column).values_list(column, flat=True).distinct()
    found = {value for value in rows if value not in (None, "")}
    return sorted(found | ({chosen} if chosen not in (None, "") else set()))


def cards(access: Access, asked: Asked, records: Iterable[Any]) -> list[Card]:
    """The records in words; internal figures only for people who see costs."""
    return [card_of(access, record) for record in records]


def card_of(access: Access, record: PricingScheme | PaymentOption | Costing) -> Card:
    """The same of one."""
    if isinstance(record, Costing):
        return _costing(record)
    kind = record.pricing_formula if isinstance(record, PricingScheme) else record.payment_type
    return Card(
        record=record,
        kind=_kind_name(kind),
        where=_where(record),
        lines=lines_of(without_money(record.configuration, access)),
        unread=record.configuration is None,
    )


def _costing(record: Any) -> Card:
    where = _("Has priority") if record.priority else ""
    return Card(record=record, kind="", where=where, lines=shares_of(record), items=items_of(record))


def _kind_name(kind: str) -> str:
    return str(PAYMENT_TYPES.get(kind) or words_of(kind) if kind else "")


def _where(record: Any) -> str:
    """ "Applied automatically in NSW, VIC"; OpenSolar applies nothing by itself that does not say so."""
    if not record.auto_apply_enabled:
        return _("Chosen by hand")
    places = [*_places(record.auto_apply_only_specified_states), *_places(record.auto_apply_only_specified_zips)]
    return _("Applied automatically in %s") % ", ".join(places) if places else _("Applied automatically everywhere")


def _places(value: Any) -> list[str]:
    """Names of places, in whatever way they came: as a list, or as text."""
    if isinstance(value, list):
        return [str(place) for place in value if place not in (None, "")]
    return [value.strip()] if isinstance(value, str) and value.strip() else []
