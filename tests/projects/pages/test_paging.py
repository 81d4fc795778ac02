"""Fifty rows a page, each row on exactly one of them, also while the list changes under the reader."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from projects.models import Project
from tests.conftest import Company
from tests.factories import NOON, make_project
from tests.projects.pages.reading import all_pages, names_on, text_of

SORTS = ("-activity", "activity", "customer", "-customer", "stage", "-stage", "created", "-created")


def _fill(sunny: Company, count: int) -> list[str]:
    """Projects of which the first is the latest."""
    names = [f"Roof {number:03}" for number in range(count)]
    for number, name in enumerate(names):
        make_project(sunny.connection, title=name, stage=number % 3, modified_date=NOON - timedelta(minutes=number))
    return names


def _neighbour(page: object, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]*)"', page.content.decode())  # type: ignore[attr-defined]
    assert found, f"no {rel} page"
    return "/projects/" + html.unescape(found.group(1))


def test_pages_go_on_where_the_last_one_ended_and_back(sunny: Company, grace: Client) -> None:
    names = _fill(sunny, 120)
    first = grace.get("/projects/")
    second = grace.get(_neighbour(first, "next"))
    third = grace.get(_neighbour(second, "next"))
    assert [names_on(page) for page in (first, second, third)] == [names[:50], names[50:100], names[100:]]
    assert "1–50 of 120" in text_of(first)
    assert "51–100 of 120" in text_of(second)
    assert "101–120 of 120" in text_of(third)
    assert b'rel="next"' not in third.content
    back = grace.get(_neighbour(third, "prev"))
    assert names_on(back) == names[50:100]
    assert "51–100 of 120" in text_of(back)
    start = grace.get(_neighbour(back, "prev"))
    assert names_on(start) == names[:50]
    assert b'rel="prev"' not in start.content


def test_a_change_while_reading_neither_skips_nor_repeats_a_row(sunny: Company, grace: Client) -> None:
    names = _fill(sunny, 80)
    first = grace.get("/projects/")
    with scopes_disabled():
        Project.objects.filter(title="Roof 070").update(modified_date=NOON + timedelta(hours=1))
        Project.objects.filter(title="Roof 010").update(removed_at=NOON)
    second = grace.get(_neighbour(first, "next"))
    assert names_on(second) == [name for name in names[50:] if name != "Roof 070"]


def test_a_page_whose_rows_are_gone_shows_the_first(sunny: Company, grace: Client) -> None:
    names = _fill(sunny, 60)
    second = _neighbour(grace.get("/projects/"), "next")
    with scopes_disabled():
        Project.objects.filter(title__gte="Roof 050").update(removed_at=NOON)
    assert names_on(grace.get(second)) == names[:50]


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_shows_each_row_once_unknown_dates_and_equal_keys_included(
    sunny: Company, grace: Client, sort: str
) -> None:
    for number in range(130):
        make_project(
            sunny.connection,
            title=f"Roof {number % 7}",
            stage=None if number % 11 == 0 else number % 4,
            modified_date=None if number % 5 == 0 else NOON + timedelta(days=number % 3),
            created_date=None if number % 2 else NOON,
            address=f"No {number}",
        )
    pages = all_pages(grace, f"/projects/?sort={sort}")
    assert [len(page) for page in pages] == [50, 50, 30]
    names = [name for page in pages for name in page]
    assert sorted(names) == sorted(f"Roof {number % 7}" for number in range(130))
    exported = grace.get(f"/projects/export.csv?sort={sort}").getvalue().decode().splitlines()[1:]
    assert len(set(exported)) == 130
    assert [line.split(",")[0] for line in exported] == names


@pytest.mark.parametrize("sort", SORTS)
def test_the_way_back_is_the_way_there(sunny: Company, grace: Client, sort: str) -> None:
    for number in range(110):
        date = None if number % 3 == 0 else NOON + timedelta(days=number % 4)
        stage = None if number % 3 == 0 else 1
        make_project(sunny.connection, title=f"Roof {number}", modified_date=date, created_date=date, stage=stage)
    first = grace.get(f"/projects/?sort={sort}")
    second = grace.get(_neighbour(first, "next"))
    third = grace.get(_neighbour(second, "next"))
    assert names_on(grace.get(_neighbour(third, "prev"))) == names_on(second)
    assert names_on(grace.get(_neighbour(second, "prev"))) == names_on(first)


def test_a_page_belongs_to_its_order(sunny: Company, grace: Client) -> None:
    _fill(sunny, 60)
    second = _neighbour(grace.get("/projects/"), "next")
    other = grace.get(second + "&sort=created")
    assert "That page is not known" in text_of(other)
    assert len(names_on(other)) == 50


def test_paging_keeps_search_and_filters(sunny: Company, grace: Client) -> None:
    _fill(sunny, 200)
    pages = all_pages(grace, "/projects/?q=roof&stage=1")
    assert [len(page) for page in pages] == [50, 17]
