"""How many projects each kept view holds for whom it is shown to: all counts by one question, kept for a minute."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Func, IntegerField, QuerySet, Subquery

from portal.access import Access
from portal.models import Organisation
from projects.access import visible_projects
from projects.models import Project
from projects.services.lists.criteria import Criteria
from projects.services.lists.narrowing import narrowed
from projects.services.lists.sorts import DEFAULT

KEPT = 60


def tallies_of(access: Access, views: Mapping[int, Criteria]) -> dict[int, int]:
    """By view: the number of projects that fit and that this person (not the view's owner) may see."""
    if not views:
        return {}
    asked = {pk: criteria.query(view=0, columns=(), sort=DEFAULT) for pk, criteria in views.items()}
    key = _key(access, asked)
    found: dict[int, int] | None = cache.get(key)
    if found is None:
        found = _count(access, views)
        cache.set(key, found, KEPT)
    return found


def _key(access: Access, asked: Mapping[int, str]) -> str:
    """Shared only by people who see the same projects."""
    who = "all" if access.sees_all_projects else f"membership {access.membership.pk}"
    parts = (access.organisation.pk, who, access.sees_prices, sorted(asked.items()))
    return f"view-tallies-{sha256(repr(parts).encode()).hexdigest()}"


def _count(access: Access, views: Mapping[int, Criteria]) -> dict[int, int]:
    everything = visible_projects(access)
    counts: dict[str, Any] = {f"view_{pk}": _number_of(narrowed(everything, view)) for pk, view in views.items()}
    row: dict[str, Any] = dict(**Organisation.objects.filter(pk=access.organisation.pk).values(**counts).get())
    return {pk: row[f"view_{pk}"] for pk in views}


def _number_of(projects: QuerySet[Project]) -> Subquery:
    counted = projects.order_by().annotate(tally=Func("pk", function="COUNT", output_field=IntegerField()))
    return Subquery(counted.values("tally"))
