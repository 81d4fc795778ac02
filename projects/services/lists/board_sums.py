"""How many projects stand in each stage, their kW and their money: one question to the database, kept for a minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection as database
from django.db.models import Case, F, FilteredRelation, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from portal.access import Access
from portal.templatetags.numbers import CURRENCY_SYMBOLS
from projects.models import Project
from projects.services.lists.criteria import Criteria
from projects.services.lists.listing import matching
from projects.services.lists.sorts import DEFAULT

KEPT = 60
EURO = "€"


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in one currency; `country` is one that pays in it (ISO 3166 alpha-2), empty where none is known.

    `needs_name`: the sign alone would not tell it from another amount.
    """

    country: str
    value: Decimal
    needs_name: bool = False

    @property
    def sign(self) -> str:
        """The currency's sign, which several may share."""
        return CURRENCY_SYMBOLS.get(self.country, "")


@dataclass(frozen=True, slots=True)
class Sums:
    """What stands in one stage: `kw` None where no size is known; `amounts` one a currency, none without the right."""

    count: int = 0
    kw: Decimal | None = None
    amounts: Sequence[Amount] = ()


def sums_of(access: Access, criteria: Criteria, *, afresh: bool = False) -> dict[int | None, Sums]:
    """By stage, over all projects that fit; up to a minute old unless `afresh`."""
    key = _key(access, criteria)
    found = None if afresh else cache.get(key)
    if found is None:
        found = _ask(matching(access, criteria), prices=access.sees_prices)
        cache.set(key, found, KEPT)
    return _by_stage(found)


def _key(access: Access, criteria: Criteria) -> str:
    """Shared only by people who see the same: those who see all projects, with or without prices; else nobody."""
    who = "all" if access.sees_all_projects else f"membership {access.membership.pk}"
    asked = (access.organisation.pk, who, access.sees_prices, criteria.query(sort=DEFAULT, columns=(), view=0))
    return f"board-sums-{sha256(repr(asked).encode()).hexdigest()}"


def _ask(projects: QuerySet[Project], *, prices: bool) -> list[tuple[Any, ...]]:
    """(stage, country, projects, kW, money) a stage and country; without `prices` they are not even read.

    The leading system is that of `projects.services.lists.rows.leading`: sold, else current, else first. Django cannot
    count over what a window chose, so its statement is wrapped by hand.
    """
    is_there = Q(systems__removed_at=None, systems__withheld_at=None)
    is_sold = Q(is_sold=True, system__opensolar_id=F("system_sold_ref"))
    rank = Case(
        When(is_sold, then=Value(0)),
        When(system__is_current=True, then=Value(1)),
        default=2,
        output_field=IntegerField(),
    )
    order = [rank, F("system__order").asc(), F("system__opensolar_id").asc()]
    columns = ["stage", "country_iso2", "system__kw_stc", *(["system__price_including_tax"] if prices else [])]
    lines = (
        projects.order_by()
        .annotate(system=FilteredRelation("systems", condition=is_there))
        .annotate(place=Window(RowNumber(), partition_by=F("pk"), order_by=order))
        .values_list(*columns, "place")
    )
    try:
        statement, params = lines.query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking that nothing can fit
        return []
    names = "stage, country, kw, price, place" if prices else "stage, country, kw, place"
    summed = f"""
        WITH line ({names}) AS ({statement})
        SELECT stage, UPPER(country), COUNT(*), SUM(kw), {"SUM(price)" if prices else "NULL"}
        FROM line WHERE place = 1 GROUP BY 1, 2
    """  # noqa: S608 (Django's own statement, its values bound)
    with database.cursor() as cursor:
        cursor.execute(summed, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _by_stage(lines: Iterable[tuple[Any, ...]]) -> dict[int | None, Sums]:
    found: dict[int | None, list[tuple[Any, ...]]] = {}
    for stage, *line in lines:
        found.setdefault(stage, []).append(tuple(line))
    return {stage: _sums(of_stage) for stage, of_stage in found.items()}


def _sums(lines: Sequence[tuple[Any, ...]]) -> Sums:
    """From (country, projects, kW, money): the currencies with the most projects first, what has no country last."""
    sizes = [_exact(kw) for _, _, kw, _ in lines if kw is not None]
    money: dict[str, Amount] = {}
    for country, _, _, price in sorted(lines, key=lambda line: (not line[0], -line[1], line[0])):
        if price is not None:
            currency = EURO if CURRENCY_SYMBOLS.get(country) == EURO else country
            before = money.get(currency, Amount(country, Decimal(0)))
            money[currency] = Amount(before.country, before.value + _exact(price))
    signs = Counter(amount.sign for amount in money.values())
    amounts = [
        replace(amount, needs_name=len(money) > 1 and (not amount.sign or signs[amount.sign] > 1))
        for amount in money.values()
    ]
    return Sums(sum(count for _, count, _, _ in lines), sum(sizes, Decimal(0)) if sizes else None, amounts)


def _exact(value: Any) -> Decimal:
    """SQLite adds up as floats; cents and watts are what is meant."""
    return Decimal(str(value)).quantize(Decimal("0.001"))
