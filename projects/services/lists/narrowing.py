"""Criteria as conditions on projects."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from projects.models import Project, Role
from projects.services.days import between
from projects.services.leading import with_leading_between
from projects.services.lists.criteria import CHANGED, OPEN, PEOPLE, STALLED_DAYS, YES, Criteria
from projects.services.stages import OPEN as OPEN_STAGES
from projects.services.stages import stage_of


def narrowed(projects: QuerySet[Project], criteria: Criteria) -> QuerySet[Project]:
    """Those of the projects that fit, in no order."""
    for word in criteria.words:
        projects = projects.filter(search_text__contains=word)
    projects = projects.filter(_states(criteria), _people(criteria), _days(criteria))
    projects = between(projects, "created_date", criteria.created_from, criteria.created_to)
    projects = between(projects, "modified_date", criteria.modified_from, criteria.modified_to)
    for column, low, high in (
        ("kw_stc", criteria.kw_from, criteria.kw_to),
        ("price_including_tax", criteria.price_from, criteria.price_to),
    ):
        if low is not None or high is not None:
            projects = with_leading_between(projects, column, low, high)
    return projects.filter(pk__in=criteria.ids) if criteria.ids else projects


def stalled() -> Q:
    """Open, and nothing happened for a while; where it is not known when something happened, nobody can say."""
    return Q(stage__in=OPEN_STAGES, modified_date__lt=timezone.now() - timedelta(days=STALLED_DAYS))


def _states(criteria: Criteria) -> Q:
    fits = Q()
    if criteria.stage == OPEN:
        fits &= Q(stage__in=OPEN_STAGES)
    elif criteria.stage:
        fits &= Q(stage=stage_of(criteria.stage))
    if criteria.sold:
        fits &= Q(is_sold=criteria.sold == YES)
    if criteria.changed:
        fits &= Q(modified_date__gte=timezone.now() - timedelta(days=CHANGED[criteria.changed]))
    if criteria.stalled:
        fits &= stalled()
    if criteria.lead:
        fits &= Q(lead_source__icontains=criteria.lead)
    if criteria.priority:
        fits &= Q(priority=int(criteria.priority))
    return fits


def _people(criteria: Criteria) -> Q:
    fits = Q()
    for name, column in PEOPLE.items():
        role: Role | None = getattr(criteria, name)
        if role:
            fits &= Q(**{"connection_id": role.connection_id, column: role.opensolar_id})
    if criteria.person:
        named = Q()
        for column in PEOPLE.values():
            named |= Q(**{column: criteria.person.opensolar_id})
        fits &= named & Q(connection_id=criteria.person.connection_id)
    return fits


def _days(criteria: Criteria) -> Q:
    fits = Q()
    for column, first, last in (
        ("sold_date", criteria.sold_from, criteria.sold_to),
        ("installation_date", criteria.installation_from, criteria.installation_to),
    ):
        if first:
            fits &= Q(**{f"{column}__gte": first})
        if last:
            fits &= Q(**{f"{column}__lte": last})
    return fits
