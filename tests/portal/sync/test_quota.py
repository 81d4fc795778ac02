"""Published throttles as shared budgets."""

from __future__ import annotations

import pytest
import time_machine
from django.conf import LazySettings

from portal.lib.errors import QuotaSpent
from portal.sync.quota import Lane, take
from portal.sync.source import Limit

MINUTE = (Limit("user", 100, 60), Limit("account", 10_000, 86_400))
OWNERS = {"user": "u", "account": "a"}


@pytest.fixture(autouse=True)
def budgets_on(db: None, settings: LazySettings) -> None:
    settings.VENDOR_QUOTAS = True


def spend(lane: Lane, most: int = 1000) -> int:
    """Takes until the budget says wait; how many it gave."""
    for taken in range(most):
        try:
            take(OWNERS, "project", MINUTE, lane)
        except QuotaSpent:
            return taken
    return most


def test_no_minute_holds_more_than_the_limit_wherever_it_begins() -> None:
    sent: list[float] = []
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        for _second in range(180):
            for _ in range(spend(Lane.INTERACTIVE)):
                sent.append(_second)
            clock.shift(1)
    for start in range(120):
        assert sum(start <= at < start + 60 for at in sent) <= 100
    # Not stingy either: in three minutes most of what is allowed goes out.
    assert len(sent) > 170


def test_people_go_before_background_work() -> None:
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        background = spend(Lane.BACKGROUND)
        interactive = spend(Lane.INTERACTIVE)
    assert background > 0
    assert interactive > 0
    assert background + interactive == 60


def test_a_refusal_says_how_long_to_wait_and_then_it_goes_on() -> None:
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        spend(Lane.INTERACTIVE)
        with pytest.raises(QuotaSpent) as refused:
            take(OWNERS, "project", MINUTE, Lane.INTERACTIVE)
        assert refused.value.retry_after is not None
        clock.shift(refused.value.retry_after + 0.001)
        take(OWNERS, "project", MINUTE, Lane.INTERACTIVE)


def test_a_refused_request_takes_nothing_from_the_other_budget() -> None:
    tight = (Limit("account", 10_000, 86_400), Limit("user", 10, 60))
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        for _ in range(6):
            take(OWNERS, "system_details", tight, Lane.INTERACTIVE)
        for _ in range(50):
            with pytest.raises(QuotaSpent):
                take(OWNERS, "system_details", tight, Lane.INTERACTIVE)
        other_user = {"user": "v", "account": "a"}
        for _ in range(6):
            take(other_user, "system_details", tight, Lane.INTERACTIVE)


def test_two_people_of_one_account_share_its_day() -> None:
    day = (Limit("account", 10, 86_400),)
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        for user in ("u", "v") * 3:
            take({"user": user, "account": "a"}, "project", day, Lane.INTERACTIVE)
        with pytest.raises(QuotaSpent):
            take({"user": "w", "account": "a"}, "project", day, Lane.INTERACTIVE)


def test_budgets_can_be_lifted(settings: LazySettings) -> None:
    settings.VENDOR_QUOTAS = False
    assert spend(Lane.BACKGROUND, most=500) == 500
