"""The cards: what they say, twenty a column, the rest by "Show more", in a number of questions that never changes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import Change, Connection
from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_contact, make_project, make_role, make_system
from tests.projects.board.reading import BOARD, all_names, column_of, columns_of, names_in

LONG = "Wilhelmina-Konstantinopolitanskaja-" * 8
HTMX = {"HX-Request": "true"}


def _moved(connection: Connection, project: Project, days: int, before: int, after: int) -> None:
    with scopes_disabled():
        Change.objects.create(
            organisation_id=connection.organisation_id,
            connection=connection,
            resource="projects",
            vendor_id=str(project.opensolar_id),
            field="stage",
            before=json.dumps(before),
            after=json.dumps(after),
            at=NOON - timedelta(days=days),
        )


def test_a_card_says_who_where_how_much_and_how_long(sunny: Company, grace: Client) -> None:
    owner = make_role(sunny.connection, display="Grace Hopper")
    contact = make_contact(sunny.connection, display="Marie Curie")
    project = make_project(
        sunny.connection,
        (contact,),
        address="4 Main St",
        assigned_role_ref=owner.opensolar_id,
        modified_date=NOON - timedelta(hours=2),
    )
    make_system(project)
    _moved(sunny.connection, project, 30, 1, 0)
    _moved(sunny.connection, project, 12, 1, 0)
    text = column_of(grace.get(BOARD), "Presale").text
    for words in ("Marie Curie", "4 Main St", "8.4 kW", "$24,900", "GH Grace Hopper", "12 d in stage", "2 h ago"):
        assert words in text
    assert "Stalled" not in text


def test_what_is_unknown_is_left_open(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, address="", title="Mill", modified_date=None, stage=2)
    text = column_of(grace.get(BOARD), "Sold").text
    for words in ("No address", "No system yet", "No price yet", "Assigned to nobody"):
        assert words in text
    assert "in stage Move" not in text
    assert "d in stage" not in text


def test_open_projects_without_activity_are_marked(sunny: Company, grace: Client) -> None:
    long_ago = NOON - timedelta(days=40)
    make_project(sunny.connection, stage=1, modified_date=long_ago)
    make_project(sunny.connection, stage=3, modified_date=long_ago)
    make_project(sunny.connection, stage=0, modified_date=NOON)
    make_project(sunny.connection, stage=0, modified_date=None)
    stalled = {column.name: "Stalled" in column.text for column in columns_of(grace.get(BOARD))}
    assert stalled == {"Presale": False, "Lock pricing": True, "Sold": False, "Installed": False}


def test_the_longest_name_stands_there(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, business_name=LONG, address=LONG)
    assert column_of(grace.get(BOARD), "Presale").names == [LONG]


@pytest.mark.parametrize("stage", [0, 31, None, -4])
@pytest.mark.parametrize("number", [20, 21, 57])
def test_show_more_comes_by_every_project_once(sunny: Company, grace: Client, number: int, stage: int | None) -> None:
    for place in range(number):
        # Moments that several share, and some that nobody knows.
        moment = NOON - timedelta(days=place // 5) if place % 6 else None
        make_project(sunny.connection, title=f"Roof {place}", stage=stage, modified_date=moment)
    make_project(sunny.connection, stage=2, title="Elsewhere")
    column = next(column for column in columns_of(grace.get(BOARD)) if column.count == number)
    pieces = all_names(grace, column)
    assert [len(piece) for piece in pieces[:-1]] == [20] * (len(pieces) - 1)
    names = [name for piece in pieces for name in piece]
    assert sorted(names) == sorted(f"Roof {place}" for place in range(number))
    known = [int(name.split()[1]) for name in names if int(name.split()[1]) % 6]
    assert [place // 5 for place in known] == sorted(place // 5 for place in known)


def test_show_more_keeps_the_filters(sunny: Company, grace: Client) -> None:
    for place in range(50):
        make_project(sunny.connection, title=f"{'Chapel' if place % 2 else 'Mill'} {place}")
    column = column_of(grace.get(f"{BOARD}?q=chapel&sort=customer"), "Presale")
    names = [name for piece in all_names(grace, column) for name in piece]
    assert len(names) == 25
    assert all(name.startswith("Chapel") for name in names)


@pytest.mark.parametrize("stage", [0, 31, None])
def test_without_javascript_show_more_leads_to_the_list(sunny: Company, grace: Client, stage: int | None) -> None:
    for _ in range(21):
        make_project(sunny.connection, stage=stage, title="Mill")
    make_project(sunny.connection, stage=2, title="Mill")
    column = next(column for column in columns_of(grace.get(f"{BOARD}?q=mill")) if column.count == 21)
    assert column.more.startswith("/projects/?q=mill")
    listed: Any = grace.get(column.more).context["page"]
    assert listed.total == 21
    assert grace.get(column.more_by_htmx).headers["Location"] == column.more


def test_a_column_that_is_not_there_or_a_broken_place(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection)
    more = "/projects/board/more/"
    for query in ("", "?column=", "?column=zircon", "?column=9999999999999999999", "?column=0&after=zircon"):
        assert grace.get(more + query, headers=HTMX).status_code == 404
    assert names_in(grace.get(f"{more}?column=77", headers=HTMX)) == []


def test_more_cards_of_somebody_else_are_not_there(sunny: Company) -> None:
    make_project(sunny.connection, title="Theirs", assigned_site_inspector_role_ref=13)
    make_project(sunny.connection, title="Somebody else's")
    seen = {
        who: names_in(signed_in(sunny.people[who]).get("/projects/board/more/?column=0", headers=HTMX))
        for who in ("inspector", "installer", "unassigned")
    }
    assert seen == {"inspector": ["Theirs"], "installer": [], "unassigned": []}


def test_any_number_of_stages(sunny: Company, grace: Client) -> None:
    """The later columns bring their cards when asked for."""
    for stage in range(30):
        make_project(sunny.connection, stage=stage, title=f"In {stage}")
    columns = columns_of(grace.get(BOARD))
    assert len(columns) == 30
    assert columns[-1].names == []
    assert [name for column in columns for piece in all_names(grace, column) for name in piece] == [
        f"In {stage}" for stage in range(30)
    ]


def _make(company: Company, number: int) -> None:
    role = make_role(company.connection)
    project = make_project(
        company.connection,
        tuple(make_contact(company.connection) for _ in range(2)),
        title=f"Roof {number}",
        stage=number % 9,
        assigned_role_ref=role.opensolar_id,
        assigned_site_inspector_role_ref=13,
        modified_date=NOON - timedelta(hours=number),
    )
    for _ in range(2):
        make_system(project)
    _moved(company.connection, project, 3, 0, 1)


@pytest.mark.parametrize("who", ["administrator", "sales", "inspector"])
@pytest.mark.parametrize("query", ["", "?q=roof&sold=no&stalled=yes"])
def test_the_number_of_questions_never_changes(sunny: Company, who: str, query: str) -> None:
    client = signed_in(sunny.people[who])
    _make(sunny, 0)
    asked = []
    for number in (1, 60):
        for more in range(number):
            _make(sunny, more + 1)
        for _ in ("first asked", "kept"):
            client.get(f"{BOARD}?q=nobody")
            with CaptureQueriesContext(database) as questions:
                assert client.get(BOARD + query).status_code == 200
            asked.append(len(questions))
    assert max(asked) <= 25
    assert asked[1] == asked[3] <= 18
    assert abs(asked[0] - asked[2]) <= 4  # the kept sums of fewer projects are found wanting and asked afresh
