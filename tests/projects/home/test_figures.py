"""Every number on the home page is the number of the list that it opens, for every kind of person."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import SyncProblem
from projects.models import Invitation, Project
from projects.services.invitations.token import fresh
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project, make_role, make_system
from tests.projects.pages.reading import text_of

OLD = NOON - timedelta(days=20)
TILE = re.compile(r'<a class="tile" href="([^"]*)".*?</svg>([^<]*)</span><span class="figure">([^<]*)<', re.DOTALL)
STAGE = re.compile(
    r'<a class="stage-name row-link" href="([^"]*)">.*?</span>([^<]*)</span></a>.*?"num[^"]*">([^<]*)<', re.DOTALL
)
PEOPLE = ("administrator", "sales", "inspector", "installer")


@pytest.fixture
def pipeline(sunny: Company) -> None:
    """Projects of every stage, age and assignment."""
    columns = ("assigned_role_ref", "assigned_salesperson_role_ref", "assigned_designer_role_ref")
    stages = (0, 1, 2, 3, 4, 8, None)
    for number in range(84):
        project = make_project(
            sunny.connection,
            title=f"Roof {number}",
            stage=stages[number % 7],
            modified_date=(NOON, OLD, None)[number % 3],
            installation_date=(None, date(2026, 11, 20), date(2026, 12, 1), date(2026, 1, 1))[number % 4],
            assigned_site_inspector_role_ref=13 if number % 5 == 0 else None,
            assigned_installer_role_ref=14 if number % 6 == 0 else None,
            **{columns[number % 3]: (11, 12, 99)[number % 11 % 3]},
        )
        if number % 2:
            make_system(project)
    with scopes_disabled():
        Project.objects.filter(opensolar_id__gt=0, title="Roof 7").update(removed_at=NOON)


def numbers_of(page: Any) -> list[tuple[str, str, int]]:
    """(label, address, number) of every tile and stage that is a number."""
    said = TILE.findall(page.content.decode()) + STAGE.findall(page.content.decode())
    plain = [(label.strip(), html.unescape(url), number.replace(",", "")) for url, label, number in said]
    return [(label, url, int(number)) for label, url, number in plain if number.isdecimal()]


def length_of(client: Client, url: str) -> int:
    """How many the list says it holds."""
    page = client.get(url)
    assert page.status_code == 200
    assert "was left out" not in text_of(page)
    (count,) = re.findall(r'class="count"[^>]*>([\d,]+)<', page.content.decode())
    return int(count.replace(",", ""))


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize("who", PEOPLE)
def test_every_number_is_that_of_the_list_it_opens(sunny: Company, who: str) -> None:
    client = signed_in(sunny.people[who])
    found = [(label, url, number) for label, url, number in numbers_of(client.get("/")) if "/projects/" in url]
    assert len(found) >= 3
    assert any(number for _, _, number in found)
    if who in ("administrator", "sales"):
        assert ("No stage", "/projects/?stage=none") in [(label, url) for label, url, _ in found]
    assert [(label, number) for label, _, number in found] == [
        (label, length_of(client, url)) for label, url, _ in found
    ]


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize("who", ["administrator", "sales"])
def test_my_open_projects_are_those_that_name_me(sunny: Company, who: str) -> None:
    client = signed_in(sunny.people[who])
    numbers = {label: number for label, _, number in numbers_of(client.get("/"))}
    role = sunny.roles[who].opensolar_id
    with scopes_disabled():
        named = [
            p.pk
            for p in Project.objects.filter(removed_at=None, stage__in=(0, 1))
            if role in (p.assigned_role_ref, p.assigned_salesperson_role_ref, p.assigned_designer_role_ref)
        ]
    assert numbers["My open projects"] == len(named) > 0


def test_an_administrators_other_numbers(sunny: Company) -> None:
    admin = signed_in(sunny.people["administrator"])
    with scopes_disabled():
        for number in range(3):
            about = {"connection": sunny.connection, "resource": "contacts", "vendor_id": str(number)}
            SyncProblem.objects.create(**about, reason="No id", seen_at=NOON)
        for days in (7, -1):
            Invitation.objects.create(
                organisation=sunny.organisation,
                role=make_role(sunny.connection, email=f"leavitt{days}@sunny.example"),
                email=f"leavitt{days}@sunny.example",
                digest=fresh()[1],
                expires_at=NOON + timedelta(days=days),
            )
    found = {label: (url, number) for label, url, number in numbers_of(admin.get("/"))}
    url, number = found["Problems open"]
    assert (url, number) == (f"/connections/{sunny.connection.pk}/#problems", 3)
    assert "3 open" in text_of(admin.get("/connections/"))
    url, number = found["Waiting for people"]
    assert number == length_of(admin, url) == 2


@pytest.mark.usefixtures("pipeline")
def test_sizes_and_money_by_stage_only_for_who_sees_prices(sunny: Company) -> None:
    said = text_of(signed_in(sunny.people["sales"]).get("/"))
    assert "kW" in said
    assert "$" in said
    with scopes_disabled():
        membership = sunny.membership("sales")
        membership.prices = False
        membership.save()
    said = text_of(signed_in(sunny.people["sales"]).get("/"))
    assert "kW" in said
    assert "$" not in said


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize("who", PEOPLE)
def test_home_asks_few_questions(sunny: Company, who: str) -> None:
    client = signed_in(sunny.people[who])
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    assert len(asked) <= 25


def test_a_salesperson_without_a_role_finds_everybodys(sunny: Company) -> None:
    with scopes_disabled():
        sunny.roles["sales"].membership = None
        sunny.roles["sales"].save()
    make_project(sunny.connection, modified_date=OLD)
    numbers = {label: number for label, _, number in numbers_of(signed_in(sunny.people["sales"]).get("/"))}
    assert "My open projects" not in numbers
    assert numbers["Stalled"] == numbers["All projects"] == 1


def test_before_the_first_sync_it_says_what_will_stand_here(sunny: Company) -> None:
    said = text_of(signed_in(sunny.people["sales"]).get("/"))
    assert "Your projects will stand here" in said
    assert "Stalled 0" in said
