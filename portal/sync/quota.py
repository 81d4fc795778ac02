"""Vendors' published throttles as budgets shared by all processes; people go before background work."""

from __future__ import annotations

import time
from collections.abc import Sequence
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.db.models import F, FloatField, Value
from django.db.models.functions import Greatest

from portal.lib.errors import QuotaSpent
from portal.models import Quota
from portal.sync.source import Limit

# A limit of N a minute is spent as 0.6 N at once and 0.4 N spread over the minute, so that no minute, wherever it
# begins, holds more than N: the vendors do not say where theirs begin.
AT_ONCE = 0.6
BACKGROUND_SHARE = 0.7


class Lane(Enum):
    """Who waits for the answer: a person, or only the mirror."""

    INTERACTIVE = 1.0
    BACKGROUND = BACKGROUND_SHARE


def take(owners: dict[str, str], action: str, limits: Sequence[Limit], lane: Lane) -> None:
    """Takes one request from every budget of `action`, all or none; raises QuotaSpent with the seconds to wait.

    `owners` maps a limit's scope (`user`, `account`) to whose budget it is.
    """
    if not settings.VENDOR_QUOTAS or not limits:
        return
    with transaction.atomic():
        for limit in limits:
            _take_one(owners[limit.scope], f"{action} {limit.count}/{limit.seconds}s", limit, lane)


def _take_one(owner: str, action: str, limit: Limit, lane: Lane) -> None:
    now = time.time()
    step = limit.seconds / (limit.count * (1 - AT_ONCE))
    reach = limit.count * AT_ONCE * step * lane.value
    mine = Quota.objects.filter(owner=owner, action=action)
    ahead = Greatest(F("full_until"), Value(now, output_field=FloatField())) + step
    if mine.filter(full_until__lte=now + reach - step).update(full_until=ahead):
        return
    found = mine.first()
    if found is None:
        Quota.objects.bulk_create([Quota(owner=owner, action=action)], ignore_conflicts=True)
        _take_one(owner, action, limit, lane)
        return
    wait = found.full_until - (now + reach - step)
    raise QuotaSpent(
        f"The vendor's limit of {limit.count} requests in {limit.seconds} seconds is used up; the rest waits.",
        retry_after=max(wait, 0.1),
    )
