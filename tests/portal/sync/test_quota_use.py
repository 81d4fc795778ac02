"""What is used of a published limit, counted with the request that takes it, lane by lane."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import LazySettings

from portal.lib.errors import QuotaSpent
from portal.models import Quota
from portal.sync.quota import Lane, Use, key_of, seconds_until, take, used
from portal.sync.source import Limit

MINUTE, DAY = Limit("user", 100, 60), Limit("account", 10_000, 86_400)
OWNERS = {"user": "u", "account": "a"}
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def budgets_on(db: None, settings: LazySettings) -> None:
    settings.VENDOR_QUOTAS = True


def spend(number: int, lane: Lane) -> None:
    for _ in range(number):
        take(OWNERS, "project", (MINUTE, DAY), lane)


def lanes(limit: Limit = MINUTE) -> tuple[int, int]:
    use = used(list(OWNERS.values())).get((OWNERS[limit.scope], key_of("project", limit)), Use())
    return use.interactive, use.background


def test_each_lane_is_counted_for_every_limit() -> None:
    with time_machine.travel(NOON, tick=False):
        spend(3, Lane.INTERACTIVE)
        spend(5, Lane.BACKGROUND)
        assert lanes() == (3, 5)
        assert lanes(DAY) == (3, 5)


def test_what_is_refused_is_not_counted_in_any_limit() -> None:
    tight = Limit("user", 10, 60)
    with time_machine.travel(NOON, tick=False):
        for _ in range(6):
            take(OWNERS, "project", (DAY, tight), Lane.INTERACTIVE)
        with pytest.raises(QuotaSpent):
            take(OWNERS, "project", (DAY, tight), Lane.INTERACTIVE)
        assert lanes(DAY) == lanes(tight) == (6, 0)


def test_a_minute_that_is_over_fades_and_is_gone_after_another() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        spend(10, Lane.INTERACTIVE)
        spend(20, Lane.BACKGROUND)
        clock.shift(75)
        assert lanes() == (8, 15)
        spend(1, Lane.INTERACTIVE)
        assert lanes() == (9, 15)
        clock.shift(60)
        assert lanes() == (1, 0)
        clock.shift(60)
        assert lanes() == (0, 0)
        spend(2, Lane.BACKGROUND)
        assert lanes() == (0, 2)


def test_the_edge_between_two_minutes_loses_nothing() -> None:
    with time_machine.travel(NOON.replace(second=59), tick=False) as clock:
        spend(4, Lane.INTERACTIVE)
        clock.shift(1)
        assert lanes() == (4, 0)
        spend(4, Lane.INTERACTIVE)
        assert lanes() == (8, 0)


def test_a_process_whose_clock_is_behind_counts_all_the_same() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        spend(2, Lane.INTERACTIVE)
        clock.shift(-30)
        spend(3, Lane.BACKGROUND)
        assert lanes() == (2, 3)
        clock.shift(30)
        assert lanes() == (2, 3)
    assert Quota.objects.get(owner="u").window == int(NOON.timestamp()) // 60


def test_never_more_is_shown_than_the_limit_allows() -> None:
    with time_machine.travel(NOON, tick=False):
        Quota.objects.create(
            owner="u",
            action=key_of("project", MINUTE),
            window=int(NOON.timestamp()) // 60,
            used_interactive=60,
            before_background=90,
        )
        assert lanes() == (60, 40)


def test_nothing_is_counted_while_budgets_are_lifted(settings: LazySettings) -> None:
    settings.VENDOR_QUOTAS = False
    spend(5, Lane.INTERACTIVE)
    assert not Quota.objects.exists()


def test_how_long_many_requests_take_is_what_they_really_take() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        spend(10, Lane.INTERACTIVE)
        use = used(["u"])["u", key_of("project", MINUTE)]
        foretold = seconds_until(use, MINUTE, 200, Lane.BACKGROUND)
        sent = 0
        while sent < 200:
            try:
                take(OWNERS, "project", (MINUTE,), Lane.BACKGROUND)
                sent += 1
            except QuotaSpent as spent:
                clock.shift((spent.retry_after or 0) + 0.001)
        took = datetime.now(UTC) - NOON
    assert foretold == pytest.approx(took.total_seconds(), abs=1)


def test_what_fits_at_once_takes_no_time() -> None:
    with time_machine.travel(NOON, tick=False):
        assert seconds_until(Use(), MINUTE, 42, Lane.BACKGROUND) == 0
        assert seconds_until(Use(), MINUTE, 43, Lane.BACKGROUND) > 0


def test_one_more_statement_is_asked_of_nobody(django_assert_num_queries: object) -> None:
    spend(1, Lane.INTERACTIVE)
    with django_assert_num_queries(4):  # type: ignore[operator]
        # A savepoint (two statements, in a test) around one UPDATE a limit.
        spend(1, Lane.BACKGROUND)
