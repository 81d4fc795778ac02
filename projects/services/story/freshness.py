"""How old one project's data is, and asking OpenSolar for it anew when a person wants to be sure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import Connection, ConnectionState, PendingFetch, Rank, SyncProblem
from portal.services.age import age_of
from portal.services.nudges import nudge_fetch
from portal.sync.pending import want
from projects.models import Project
from projects.services.story.details import NOT_ASKED, PART, SOON

PROJECT_PART = "project_details"
AGAIN_AFTER = timedelta(minutes=1)
# What makes data old; that the first sync has not ended yet is said elsewhere.
TOLD = ("silent", "refused", "paused", "late")
REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Freshness:
    """`at`: until when the data is known to be right. `why` it is not newer, as portal.services.age says it.

    `coming`: OpenSolar is being asked. `may_ask`: a person can ask now. `asked_at`: when one last did; `failed_at`:
    when OpenSolar gave them no answer.
    """

    at: datetime
    level: str
    why: str
    since: datetime | None
    coming: bool
    may_ask: bool
    asked_at: datetime | None
    failed_at: datetime | None


def freshness_of(project: Project) -> Freshness:
    """How this project stands: its own last answer, or the last complete sync, which found nothing newer."""
    connection: Connection = project.connection
    age = age_of(connection)
    gone = bool(project.removed_at or project.withheld_at)
    told = not gone and age.why in TOLD
    asked_at = _asked_at(project)
    failed_at = None if gone else _failed_at(project, asked_at)
    coming = not gone and failed_at is None and _is_waited_for(project)
    checked = None if gone else connection.last_success_at
    return Freshness(
        at=max(project.requested_at, checked) if checked else project.requested_at,
        level=age.level if told else "well",
        why=age.why if told else "",
        since=age.since if told else None,
        coming=coming,
        may_ask=not gone and not coming and connection.state not in NOT_ASKED and not _too_soon(asked_at),
        asked_at=asked_at,
        failed_at=failed_at,
    )


def ask_again(project: Project) -> str:
    """Puts this project before all others, at most once a minute; what the person should be told. May run twice."""
    if project.removed_at or project.withheld_at:
        return _("OpenSolar does not show this project any more; it cannot be read again.")
    connection: Connection = project.connection
    if connection.state in NOT_ASKED:
        state = ConnectionState(connection.state).label
        return _("OpenSolar cannot be asked: %(state)s.") % {"state": state}
    if _too_soon(_asked_at(project)):
        return _("OpenSolar was asked less than a minute ago.")
    number = str(project.opensolar_id)
    with transaction.atomic():
        for part in (PROJECT_PART, PART):
            if part not in connection.switched_off:
                want(connection, part, [(number, None)], Rank.SOMEBODY_LOOKS)
        transaction.on_commit(partial(nudge_fetch, connection.pk))
    cache.set(_key(project), timezone.now(), REMEMBERED.total_seconds())
    return _("OpenSolar is asked for this project now.")


def is_coming(project: Project) -> bool:
    """Whether an answer of OpenSolar about this project can be expected in the next moments."""
    return _failed_at(project, _asked_at(project)) is None and _is_waited_for(project)


def _failed_at(project: Project, asked_at: datetime | None) -> datetime | None:
    """When OpenSolar last failed to answer what a person asked. It is asked again, but nobody waits for that."""
    if asked_at is None:
        return None
    problems = SyncProblem.objects.filter(
        connection=project.connection_id,
        resource__in=(PROJECT_PART, PART),
        what=SyncProblem.What.FETCH,
        vendor_id=str(project.opensolar_id),
        resolved_at=None,
        seen_at__gte=asked_at,
    )
    last: datetime | None = problems.aggregate(last=Max("seen_at"))["last"]
    return last


def _is_waited_for(project: Project) -> bool:
    waiting = PendingFetch.objects.filter(
        connection=project.connection_id,
        resource__in=(PROJECT_PART, PART),
        vendor_id=str(project.opensolar_id),
        rank=Rank.SOMEBODY_LOOKS,
    )
    soon = timezone.now() + SOON
    return any(moment is None or moment <= soon for moment in waiting.values_list("not_before", flat=True))


def _asked_at(project: Project) -> datetime | None:
    found = cache.get(_key(project))
    return found if isinstance(found, datetime) else None


def _too_soon(asked_at: datetime | None) -> bool:
    return asked_at is not None and timezone.now() - asked_at < AGAIN_AFTER


def _key(project: Project) -> str:
    return f"project-asked-{project.pk}"
