"""How an organisation's connections fare, in figures for the frame and the home page."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from portal.access import Access
from portal.models import Connection, SyncProblem
from portal.services.age import BROKEN


def broken_connections(access: Access) -> QuerySet[Connection]:
    """Connections that go on only when a person acts."""
    return Connection.objects.filter(organisation=access.organisation, state__in=BROKEN)


def problems_by_connection(access: Access) -> dict[int, int]:
    """Records that could not be taken in, and decisions that wait, by connection; only those that have any."""
    waiting = SyncProblem.objects.filter(connection__organisation=access.organisation, resolved_at=None)
    return dict(waiting.order_by().values_list("connection").annotate(Count("pk")))
