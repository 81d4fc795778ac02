"""Looks, with every sweep, for what administrators have to be told: vendors that refuse us, decisions, problems.

It reads rows instead of being called by the engine: a state is told whoever wrote it, and nothing is lost when the
process that wrote it died. What a sweep never saw (a login refused and accepted between two) needs nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scopes_disabled

from portal.models import Connection, Notification, SyncProblem, Topic
from portal.registry import registry
from portal.services.age import BROKEN
from portal.services.notices import administrators_of, settle, tell

# What is older was told, or nobody swept; then the home page says it anyway.
RECENT = timedelta(days=1)
NOT_TAKEN_IN = (SyncProblem.What.RECORD, SyncProblem.What.FETCH, SyncProblem.What.WITHHELD)


def look() -> None:
    """Tells what is new and settles what is over. May run at any time, twice: an occasion is told once."""
    with scopes_disabled():
        _tell_broken()
        _settle_recovered()
        _tell_removals()
        _settle_removals()
        _tell_problems()


def _tell_broken() -> None:
    broken = Connection.objects.filter(state__in=BROKEN).select_related("organisation").defer("credentials")
    by_key = {f"{_prefix(row)}{row.state}:{row.state_since}": row for row in broken}
    for key in _untold(Topic.CONNECTION, by_key):
        row = by_key[key]
        title = f"{_vendor(row)}: {row.get_state_display()}"
        _tell(row, Topic.CONNECTION, key, title, row.message)


def _settle_recovered() -> None:
    """The first run that works again ends the matter; nobody has to be told that nothing is wrong."""
    changed = Connection.objects.filter(state_since__gte=timezone.now() - RECENT).exclude(state__in=BROKEN)
    for row in changed.select_related("organisation").defer("credentials"):
        settle(administrators_of(row.organisation), Q(topic=Topic.CONNECTION, key__startswith=_prefix(row)))


def _tell_removals() -> None:
    waiting = SyncProblem.objects.filter(what=SyncProblem.What.REMOVALS, resolved_at=None, approved_by=None)
    rows = waiting.select_related("connection__organisation").defer("connection__credentials", "payload")
    by_key = {f"removals:{row.pk}": row for row in rows}
    for key in _untold(Topic.REMOVALS, by_key):
        row = by_key[key]
        title = _("%(vendor)s: many removals wait for your decision") % {"vendor": _vendor(row.connection)}
        _tell(row.connection, Topic.REMOVALS, key, title, row.reason)


def _settle_removals() -> None:
    decided = Q(resolved_at__gte=timezone.now() - RECENT) | Q(resolved_at=None, approved_by__isnull=False)
    rows = SyncProblem.objects.filter(decided, what=SyncProblem.What.REMOVALS).select_related(
        "connection__organisation"
    )
    for row in rows.defer("connection__credentials", "payload"):
        settle(administrators_of(row.connection.organisation), Q(topic=Topic.REMOVALS, key=f"removals:{row.pk}"))


def _tell_problems() -> None:
    """One notice a run, with the number; for records asked for outside of runs, one a day."""
    now = timezone.now()
    fresh = SyncProblem.objects.filter(resolved_at=None, what__in=NOT_TAKEN_IN, created_at__gte=now - RECENT)
    of_run = Q(run__finished_at__isnull=False, created_at__gte=F("run__started_at"))
    groups = fresh.filter(of_run | Q(run=None)).order_by().values_list("connection", "run").annotate(Count("pk"))
    numbers = {f"problems:{pk}:{run or now.date()}": (pk, number) for pk, run, number in groups}
    untold = _untold(Topic.PROBLEM, numbers)
    rows = Connection.objects.select_related("organisation").defer("credentials")
    connections = rows.in_bulk({numbers[key][0] for key in untold})
    for key in untold:
        row, number = connections[numbers[key][0]], numbers[key][1]
        words = ngettext(
            "%(vendor)s: 1 record could not be taken in",
            "%(vendor)s: %(number)s records could not be taken in",
            number,
        )
        title = words % {"vendor": _vendor(row), "number": f"{number:,}"}
        text = _("Everything else was. Each record stands on the connection's page, with the reason.")
        _tell(row, Topic.PROBLEM, key, title, text)


def _tell(connection: Connection, topic: Topic, key: str, title: str, text: str) -> None:
    """To all administrators; leads to the connection's page."""
    url = reverse("connection", args=[connection.pk]) + ("#problems" if topic == Topic.PROBLEM else "")
    organisation = connection.organisation
    tell(organisation, topic, key, title, text, url, to=administrators_of(organisation))


def _untold(topic: Topic, keys: Iterable[str]) -> list[str]:
    """Those of the occasions that nobody has been told of yet."""
    wanted = list(keys)
    if not wanted:
        return []
    told = set(Notification.objects.filter(topic=topic, key__in=wanted).values_list("key", flat=True))
    return [key for key in wanted if key not in told]


def _prefix(connection: Connection) -> str:
    return f"connection:{connection.pk}:"


def _vendor(connection: Connection) -> str:
    source = registry.sources.get(connection.vendor)
    return source.setup.label if source else connection.vendor
