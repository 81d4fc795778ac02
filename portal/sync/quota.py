"""Vendors' published throttles as budgets shared by all processes; people go before background work."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from math import ceil
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, FloatField, Value, When
from django.db.models.functions import Greatest

from portal.lib.errors import QuotaSpent
from portal.models import Connection, Quota
from portal.sync.source import Limit

# A limit of N a minute is spent as 0.6 N at once and 0.4 N spread over the minute, so that no minute, wherever it
# begins, holds more than N: the vendors do not say where theirs begin.
AT_ONCE = 0.6
BACKGROUND_SHARE = 0.7


class Lane(Enum):
    """Who waits for the answer: a person, or only the mirror."""

    INTERACTIVE = 1.0
    BACKGROUND = BACKGROUND_SHARE


@dataclass(frozen=True, slots=True)
class Use:
    """What of a limit was used in its last minute, hour or day, and until when (Unix seconds) it is spoken for."""

    interactive: int = 0
    background: int = 0
    full_until: float = 0.0


def owners_of(connection: Connection) -> dict[str, str]:
    """Whose budgets a connection spends, by scope: its login's (`user`) and its account's; digests tell nobody who.

    Of a token that was pasted nobody knows the login: its connection then has a budget of its own.
    """
    login = connection.budget_owner or f"connection {connection.pk}"
    who = {"user": login, "account": connection.account_id}
    return {scope: f"{connection.vendor} {scope} {_digest(connection.base_url, name)}" for scope, name in who.items()}


def take(owners: dict[str, str], action: str, limits: Sequence[Limit], lane: Lane) -> None:
    """Takes one request from every budget of `action`, all or none; raises QuotaSpent with the seconds to wait.

    `owners` maps a limit's scope (`user`, `account`) to whose budget it is.
    """
    if not settings.VENDOR_QUOTAS or not limits:
        return
    with transaction.atomic():
        for limit in limits:
            _take_one(owners[limit.scope], key_of(action, limit), limit, lane)


def used(owners: Sequence[str]) -> dict[tuple[str, str], Use]:
    """What these owners used of each limit, by owner and `key_of`, in one query.

    The last minute is this one and the part of the one before that is not yet over, taken as evenly spread.
    """
    now = time.time()
    return {(row.owner, row.action): _use(row, now) for row in Quota.objects.filter(owner__in=owners)}


def seconds_until(use: Use, limit: Limit, number: int, lane: Lane) -> float:
    """In how many seconds the last of so many requests may go out, if nobody else asks meanwhile."""
    step, now = _step(limit), time.time()
    return max(0.0, max(use.full_until, now) + number * step - _reach(limit, lane) - now)


def key_of(action: str, limit: Limit) -> str:
    """What a limit is called in the books: "project 100/60s"."""
    return f"{action} {limit.count}/{limit.seconds}s"


def _take_one(owner: str, action: str, limit: Limit, lane: Lane) -> None:
    now, step = time.time(), _step(limit)
    latest = now + _reach(limit, lane) - step
    mine = Quota.objects.filter(owner=owner, action=action)
    ahead = Greatest(F("full_until"), Value(now, output_field=FloatField())) + step
    if mine.filter(full_until__lte=latest).update(full_until=ahead, **_counted(int(now // limit.seconds), lane)):
        return
    found = mine.first()
    if found is None:
        Quota.objects.bulk_create([Quota(owner=owner, action=action)], ignore_conflicts=True)
        _take_one(owner, action, limit, lane)
        return
    raise QuotaSpent(
        f"The vendor's limit of {limit.count} requests in {limit.seconds} seconds is used up; the rest waits.",
        retry_after=max(found.full_until - latest, 0.1),
    )


def _counted(window: int, lane: Lane) -> dict[str, Any]:
    """One more in this window, in the statement that takes it; a process whose clock is behind counts in the newer."""
    columns: dict[str, Any] = {"window": Greatest(F("window"), Value(window))}
    for name, of in (("interactive", Lane.INTERACTIVE), ("background", Lane.BACKGROUND)):
        one = int(lane is of)
        columns[f"used_{name}"] = Case(When(window__gte=window, then=F(f"used_{name}") + one), default=Value(one))
        columns[f"before_{name}"] = Case(
            When(window__gte=window, then=F(f"before_{name}")),
            When(window=window - 1, then=F(f"used_{name}")),
            default=Value(0),
        )
    return columns


def _use(row: Quota, now: float) -> Use:
    count, seconds = row.action.rsplit(" ", 1)[1].removesuffix("s").split("/")
    since, gone = divmod(now, int(seconds))
    windows, left = int(since) - row.window, 1 - gone / int(seconds)
    if windows > 1:
        return Use(full_until=row.full_until)
    pairs = [(row.used_interactive, row.before_interactive), (row.used_background, row.before_background)]
    if windows == 1:
        pairs = [(0, used) for used, _before in pairs]
    interactive, background = (this + ceil(before * left) for this, before in pairs)
    # Evenly spread is a guess; that nothing went beyond the limit is not.
    background = min(background, max(int(count) - interactive, 0))
    return Use(min(interactive, int(count)), background, row.full_until)


def _step(limit: Limit) -> float:
    """Seconds in which one more request is given back."""
    return limit.seconds / (limit.count * (1 - AT_ONCE))


def _reach(limit: Limit, lane: Lane) -> float:
    """How far ahead this lane may speak for."""
    return limit.count * AT_ONCE * _step(limit) * lane.value


def _digest(base_url: str, name: str) -> str:
    return sha256(f"{base_url}|{name}".encode()).hexdigest()[:24]
