"""kW and money above a column: of each project's leading system, over the whole column, by currency and by right."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection as database
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import Kind, Membership
from projects.models import Project, System
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project, make_system
from tests.projects.board.reading import BOARD, column_of


def _sums(client: Client, stage: str = "Presale", query: str = "") -> list[str]:
    return column_of(client.get(BOARD + query), stage).sums


def _project(company: Company, price: int | None = 10_000, kw: str | None = "5", **columns: Any) -> Project:
    project = make_project(company.connection, **columns)
    make_system(project, kw_stc=kw and Decimal(kw), price_including_tax=price)
    return project


def test_a_column_sums_all_its_projects_not_only_its_cards(sunny: Company, grace: Client) -> None:
    for _ in range(25):
        _project(sunny, price=1_000, kw="4.1")
    _project(sunny, stage=2)
    assert _sums(grace) == ["102.5 kW", "$25,000"]
    assert _sums(grace, "Sold") == ["5.0 kW", "$10,000"]


def test_the_leading_system_counts_alone(sunny: Company, grace: Client) -> None:
    """The sold one, else the current, else the first, and of the rest none."""
    sold = make_project(sunny.connection, is_sold=True, system_sold_ref=3)
    for number, is_current in ((1, True), (2, False), (3, False)):
        make_system(sold, opensolar_id=number, is_current=is_current, kw_stc=number, price_including_tax=number * 1000)
    current = make_project(sunny.connection, system_sold_ref=5)  # chosen once, and not sold any more
    for number, is_current in ((5, False), (6, True)):
        make_system(current, opensolar_id=number, is_current=is_current, kw_stc=10, price_including_tax=number * 10_000)
    first = make_project(sunny.connection)
    for number, order in ((8, 1), (9, 0)):
        make_system(first, opensolar_id=number, order=order, kw_stc=100, price_including_tax=number * 100_000)
    assert _sums(grace) == ["113.0 kW", "$963,000"]


def test_systems_that_are_gone_count_for_nothing(sunny: Company, grace: Client) -> None:
    project = _project(sunny, kw="5", price=10_000)
    make_system(project, is_current=True, kw_stc=70, removed_at=NOON)
    make_system(project, is_current=True, kw_stc=70, withheld_at=NOON)
    assert _sums(grace) == ["5.0 kW", "$10,000"]


def test_what_is_unknown_is_no_zero(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection)
    _project(sunny, price=None, kw=None)
    assert _sums(grace) == ["– No system yet", "– No price yet"]


def test_different_currencies_are_never_added_up(sunny: Company, grace: Client) -> None:
    """Dollars of two countries look alike and are not; euros are the same in all of theirs."""
    for country, price in (("AU", 1_000), ("au", 2_000), ("NZ", 500), ("DE", 100), ("AT", 20)):
        _project(sunny, price=price, country_iso2=country)
    assert _sums(grace)[1:] == ["AU $3,000 €120 NZ $500"]
    _project(sunny, country_iso2="GB")
    assert _sums(grace)[1:] == ["several currencies"]


def test_money_without_a_country_stands_apart(sunny: Company, grace: Client) -> None:
    _project(sunny, price=1_000)
    _project(sunny, price=70, country_iso2="")
    assert _sums(grace)[1:] == ["$1,000 70 without a country"]


def test_cents_are_kept(sunny: Company, grace: Client) -> None:
    for _ in range(3):
        _project(sunny, price=Decimal("0.10"))  # type: ignore[arg-type]
    assert _sums(grace)[1] == "$0.30"


@pytest.mark.parametrize("who", ["inspector", "installer"])
def test_without_the_right_no_price_is_read_or_shown(sunny: Company, who: str) -> None:
    _project(sunny, assigned_site_inspector_role_ref=13, assigned_installer_role_ref=14)
    client = signed_in(sunny.people[who])
    with CaptureQueriesContext(database) as asked:
        response = client.get(BOARD)
    assert column_of(response, "Presale").sums == ["5.0 kW"]
    assert "$" not in response.content.decode()
    assert "projects_system" in (said := " ".join(query["sql"] for query in asked))
    assert "price_including_tax" not in said


# A cache whose clock stands still with the others'; Redis has one of its own.
@override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}})
def test_sums_are_kept_for_a_minute(sunny: Company, grace: Client, noon: time_machine.Coordinates) -> None:
    project = _project(sunny)
    assert _sums(grace) == ["5.0 kW", "$10,000"]
    with scopes_disabled():
        System.objects.filter(project_ref=project.opensolar_id).update(kw_stc=7)
    assert _sums(grace) == ["5.0 kW", "$10,000"]
    noon.shift(timedelta(seconds=61))
    assert _sums(grace) == ["7.0 kW", "$10,000"]


def test_kept_sums_are_not_shared_between_rights(sunny: Company, kestrel: Company, grace: Client) -> None:
    """All look at the same address within a minute, who sees most first."""
    theirs = {"assigned_site_inspector_role_ref": 13}
    _project(sunny, **theirs)
    _project(sunny, assigned_installer_role_ref=14)
    _project(sunny)
    _project(kestrel)
    assert _sums(grace) == ["15.0 kW", "$30,000"]
    assert _sums(signed_in(sunny.people["administrator"])) == ["15.0 kW", "$30,000"]
    assert _sums(signed_in(sunny.people["inspector"])) == ["5.0 kW"]
    assert _sums(signed_in(kestrel.people["sales"])) == ["5.0 kW", "$10,000"]
    with scopes_disabled():
        Membership.objects.filter(role__opensolar_id=14).update(derived_kind=Kind.INSPECTOR)
    assert _sums(signed_in(sunny.people["installer"])) == ["5.0 kW"]


def test_kept_sums_are_of_the_same_filters(sunny: Company, grace: Client) -> None:
    _project(sunny, title="Chapel")
    _project(sunny, title="Mill")
    assert _sums(grace) == ["10.0 kW", "$20,000"]
    assert _sums(grace, query="?q=mill") == ["5.0 kW", "$10,000"]
