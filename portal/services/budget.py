"""What of a vendor's published limits is used, by whom, and when all that waits will have been asked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from portal.models import Connection, PendingFetch
from portal.registry import registry
from portal.services.syncing import STOPPED
from portal.sync.quota import Lane, Use, key_of, owners_of, seconds_until, used
from portal.sync.source import Limit, Source


@dataclass(frozen=True, slots=True)
class LimitUse:
    """A published limit and what was used of it in its last minute, hour or day: for people and in the background."""

    action: str
    limit: Limit
    interactive: int
    background: int

    @property
    def used(self) -> int:
        """Both together."""
        return self.interactive + self.background


@dataclass(frozen=True, slots=True)
class Backfill:
    """What waits of one part: how many, how many a minute the limits let through, and when the last is asked for.

    `held_by` is the limit that decides. The three are None where the portal holds nothing back.
    """

    name: str
    number: int
    a_minute: float | None = None
    ends_at: datetime | None = None
    held_by: Limit | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """`counted` is False where the portal's budgets are lifted, `asked` where nothing is asked of the vendor now."""

    limits: Sequence[LimitUse]
    waiting: Sequence[Backfill]
    counted: bool
    asked: bool


Uses = Mapping[tuple[str, str], Use]


def budget_of(connection: Connection) -> Budget | None:
    """In a number of queries that does not depend on how much waits; None for a vendor that publishes no limits."""
    source = registry.sources.get(connection.vendor)
    if source is None or not source.limits:
        return None
    owners = owners_of(connection)
    uses = used(list(owners.values()))
    limits = []
    for action, of_action in source.limits.items():
        for limit in of_action:
            use = uses.get((owners[limit.scope], key_of(action, limit)), Use())
            limits.append(LimitUse(action, limit, use.interactive, use.background))
    counted, asked = settings.VENDOR_QUOTAS, connection.state not in STOPPED
    numbers, not_before = _waiting(connection, source)
    if counted and asked:
        waiting = _forecast(source, numbers, not_before, owners, uses)
    else:
        waiting = [Backfill(name, number) for name, number in numbers.items()]
    return Budget(limits, waiting, counted, asked)


def _waiting(connection: Connection, source: Source) -> tuple[Counter[str], datetime | None]:
    """How many wait, by part, and until when the last of them is put off."""
    rows = PendingFetch.objects.filter(connection=connection).order_by().values_list("resource")
    numbers: Counter[str] = Counter()
    put_off = []
    for name, number, until in rows.annotate(number=Count("pk"), until=Max("not_before")):
        numbers[name] = number
        put_off.append(until)
    known = [part.name for part in source.parts]
    found = Counter({name: numbers[name] for name in known if numbers[name]})
    for backlog in source.backlogs:
        if number := backlog.waiting(connection):
            found[backlog.name] = number
    return found, max(filter(None, put_off), default=None)


def _forecast(
    source: Source, numbers: Mapping[str, int], not_before: datetime | None, owners: Mapping[str, str], uses: Uses
) -> list[Backfill]:
    """Parts that spend the same limits end together; backlogs begin when the parts have ended."""
    spends = {part.name: part.spends for part in source.parts} | {lane.name: lane.spends for lane in source.backlogs}
    together: dict[str, int] = defaultdict(int)
    for name, number in numbers.items():
        together[spends[name]] += number
    now = timezone.now()
    ends = {action: _seconds(source, action, number, owners, uses) for action, number in together.items()}
    behind = {lane.name for lane in source.backlogs}
    parts = [ends[spends[name]][0] for name in numbers if name not in behind]
    first_ends = max([*parts, (not_before - now).total_seconds() if not_before and parts else 0.0], default=0.0)
    found = []
    for name, number in numbers.items():
        seconds, limit = ends[spends[name]]
        pace = None if limit is None or not seconds else 60 * together[spends[name]] / seconds
        if name in behind:
            seconds += first_ends
        elif not_before:
            seconds = max(seconds, (not_before - now).total_seconds())
        found.append(Backfill(name, number, pace, now + timedelta(seconds=seconds), limit))
    return found


def _seconds(
    source: Source, action: str, number: int, owners: Mapping[str, str], uses: Uses
) -> tuple[float, Limit | None]:
    """How long so many requests take in the background, and the limit that makes it so long; none where none does."""
    slowest, by = 0.0, None
    for limit in source.limits.get(action, ()):
        use = uses.get((owners[limit.scope], key_of(action, limit)), Use())
        seconds = seconds_until(use, limit, number, Lane.BACKGROUND)
        if seconds > slowest:
            slowest, by = seconds, limit
    return slowest, by
