"""What a person asks of the project list, as its address says it; what is wrong there becomes a hint, no error.

`read` and `Criteria.query` are each other's inverse: list, board, file and kept views speak of projects through them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import Role
from projects.services.lists import criteria_reading as reading
from projects.services.lists.columns import read_columns
from projects.services.lists.keyset import Position, read_token, write_token
from projects.services.lists.picked import read_ids, write_ids
from projects.services.lists.sorts import DEFAULT, SORTS, Sort
from projects.services.stages import stage_of, token_of

OPEN = "open"
CHANGED = {"1": 1, "7": 7, "30": 30}
YES = "yes"
# Open and without activity for so long.
STALLED_DAYS = 14

# The parameter that names a person, and the column in which a project names that person.
PEOPLE = {
    "owner": "assigned_role_ref",
    "salesperson": "assigned_salesperson_role_ref",
    "designer": "assigned_designer_role_ref",
    "inspector": "assigned_site_inspector_role_ref",
    "installer": "assigned_installer_role_ref",
}
PERSON_LABELS = {
    "person": gettext_lazy("person"),
    "owner": gettext_lazy("owner"),
    "salesperson": gettext_lazy("salesperson"),
    "designer": gettext_lazy("designer"),
    "inspector": gettext_lazy("inspector"),
    "installer": gettext_lazy("installer"),
}
# From–to filters, both ends included: `<name>_from` and `<name>_to` in the address.
DATES = {
    "created": gettext_lazy("Created"),
    "sold": gettext_lazy("Sold on"),
    "installation": gettext_lazy("Installation"),
    "modified": gettext_lazy("Last activity"),
}
SIZE, PRICE = "kw", "price"
AMOUNTS = {SIZE: gettext_lazy("Size"), PRICE: gettext_lazy("Price")}
RANGES = tuple(f"{name}_{end}" for name in (*DATES, *AMOUNTS) for end in ("from", "to"))
FILTERS = (
    *("q", "stage", "sold", "owner", "salesperson", "changed", "person", "designer", "inspector", "installer"),
    *("stalled", "lead", "priority", *RANGES, "ids"),
)
PARAMETERS = (*FILTERS, "columns", "view", "sort", "page")


@dataclass(frozen=True, slots=True)
class Criteria:
    """Search words, filters, columns, order and place; `hints` are sentences about what was not understood.

    `columns` empty: those that the person chose last; `view`: the kept view that the list was opened from, or 0.
    """

    q: str = ""
    stage: str = ""
    sold: str = ""
    owner: Role | None = None
    salesperson: Role | None = None
    changed: str = ""
    person: Role | None = None
    designer: Role | None = None
    inspector: Role | None = None
    installer: Role | None = None
    stalled: str = ""
    lead: str = ""
    priority: str = ""
    created_from: date | None = None
    created_to: date | None = None
    sold_from: date | None = None
    sold_to: date | None = None
    installation_from: date | None = None
    installation_to: date | None = None
    modified_from: date | None = None
    modified_to: date | None = None
    kw_from: Decimal | None = None
    kw_to: Decimal | None = None
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    ids: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    view: int = 0
    sort: Sort = DEFAULT
    position: Position | None = None
    hints: Sequence[str] = field(default=(), compare=False)

    @property
    def words(self) -> list[str]:
        """The words that all have to be found, in lower case."""
        return self.q.lower().split()[: reading.MOST_WORDS]

    @property
    def narrows(self) -> bool:
        """Whether anything is filtered out."""
        return any(self.is_on(name) for name in FILTERS)

    def is_on(self, name: str) -> bool:
        """Whether this filter narrows the list; a size or price from 0 on does, too."""
        return getattr(self, name) not in ("", None, ())

    def query(self, **changes: Any) -> str:
        """This list, with changes, as a query string ("?q=…", or "?"); a changed filter or order starts at the top."""
        other = replace(self, **{"position": None, **changes})
        values = {name: _written(getattr(other, name)) for name in (*FILTERS, "columns", "view")}
        values["ids"] = write_ids(other.ids)
        values["sort"] = "" if other.sort == DEFAULT else other.sort.token
        values["page"] = write_token(other.sort.token, other.position) if other.position else ""
        return "?" + urlencode({name: value for name, value in values.items() if value}, safe=",")


def _written(value: object) -> str:
    match value:
        case Role():
            return str(value.pk)
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}"
        case tuple():
            return ",".join(map(str, value))
    return str(value or "")


def read(params: Mapping[str, str], team: Sequence[Role], *, prices: bool = False) -> Criteria:
    """The criteria in an address's parameters; the team is whom one may filter by.

    Without the right to see prices no filter by price is taken over, whatever its value: a list that is narrowed by
    prices tells them.
    """
    hints: list[str] = []
    sort = _sort(params.get("sort", ""), hints)
    people: dict[str, Any] = {
        name: reading.member(params.get(name, ""), team, str(PERSON_LABELS[name]), hints) for name in PERSON_LABELS
    }
    reading.say_unknown(params, PARAMETERS, hints)
    columns = params.getlist("columns") if isinstance(params, QueryDict) else [params.get("columns", "")]
    return Criteria(
        q=reading.search(params.get("q", ""), hints),
        stage=_stage(params.get("stage", ""), hints),
        sold=reading.one_of(params.get("sold", ""), [YES, "no"], _("sold"), hints),
        changed=reading.one_of(params.get("changed", ""), list(CHANGED), _("changed"), hints),
        stalled=reading.one_of(params.get("stalled", ""), [YES], _("stalled"), hints),
        lead=reading.name(params.get("lead", ""), _("lead source"), hints),
        priority=_whole(params.get("priority", ""), _("priority"), hints),
        ids=read_ids(params.get("ids", ""), hints),
        columns=read_columns(",".join(columns), prices, hints),
        view=int(_whole(params.get("view", ""), _("view"), hints) or 0),
        sort=sort,
        position=_position(params.get("page", ""), sort, hints),
        hints=hints,
        **people,
        **dict(_ranges(params, prices, hints)),
    )


def _ranges(params: Mapping[str, str], prices: bool, hints: list[str]) -> Iterator[tuple[str, Any]]:
    for name, label in (*DATES.items(), *AMOUNTS.items()):
        ends = [params.get(f"{name}_{end}", "").strip() for end in ("from", "to")]
        if name == PRICE and any(ends) and not prices:
            hints.append(_("You do not see prices, so the list is not filtered by them."))
            continue
        one: Callable[[str, str, list[str]], Any] = reading.day if name in DATES else reading.amount
        start, end = (one(value, str(label), hints) for value in ends)
        if start is not None and end is not None and end < start:
            hints.append(_("“%(filter)s” ends before it begins; that filter was left out.") % {"filter": label})
            continue
        yield f"{name}_from", start
        yield f"{name}_to", end


def _stage(value: str, hints: list[str]) -> str:
    """OpenSolar may use numbers that we do not know, or none: any can be asked for."""
    try:
        return token_of(stage_of(value)) if value not in ("", OPEN) else value
    except ValueError:
        return reading.one_of(value, (), _("stage"), hints)


def _whole(value: str, what: str, hints: list[str]) -> str:
    known = [value] if value.isascii() and value.isdecimal() and len(value) < 10 else []
    return reading.one_of(value, known, what, hints)


def _sort(value: str, hints: list[str]) -> Sort:
    if value and value not in SORTS:
        shown = reading.shown("", value)
        hints.append(_("The list cannot be sorted by “%(value)s”; it is sorted by activity.") % shown)
    return SORTS.get(value, DEFAULT)


def _position(value: str, sort: Sort, hints: list[str]) -> Position | None:
    if not value:
        return None
    try:
        return read_token(value, sort.token, sort.key_of)
    except ValueError:
        hints.append(_("That page is not known; this is the first one."))
        return None
