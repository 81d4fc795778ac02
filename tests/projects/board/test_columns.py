"""The columns: which there are, whose, what stands in their heads, in agreement with the list of the same address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project, make_role, make_system
from tests.projects.board.reading import BOARD, column_of, columns_of
from tests.projects.pages.reading import link_named, text_of

TRACK = ["Presale", "Lock pricing", "Sold", "Installed"]


def test_known_stages_come_first_then_unknown_numbers_then_none(sunny: Company, grace: Client) -> None:
    for stage in (None, 17, -3, 4, 3, 0):
        make_project(sunny.connection, stage=stage)
    names = [column.name for column in columns_of(grace.get(BOARD))]
    assert names == [*TRACK, "Others", "Stage -3", "Stage 17", "No stage"]


def test_the_track_stands_there_also_where_it_is_empty(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, stage=2)
    columns = columns_of(grace.get(BOARD))
    assert [(column.name, column.count) for column in columns] == [(name, int(name == "Sold")) for name in TRACK]
    assert "No project is in this stage." in columns[0].text
    assert columns[0].sums == []


def test_a_filter_by_stage_leaves_its_columns(sunny: Company, grace: Client) -> None:
    for stage in (0, 2, 9):
        make_project(sunny.connection, stage=stage)
    assert [column.name for column in columns_of(grace.get(f"{BOARD}?stage=open"))] == TRACK[:2]
    assert [column.name for column in columns_of(grace.get(f"{BOARD}?stage=9"))] == ["Stage 9"]


def test_without_any_project_the_board_says_what_will_stand_there(sunny: Company, grace: Client) -> None:
    response = grace.get(BOARD)
    assert columns_of(response) == []
    assert "Your projects will stand here" in text_of(response)


def test_filters_that_nothing_fits_can_be_cleared(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection)
    response = grace.get(f"{BOARD}?q=nobody")
    assert "No project fits" in text_of(response)
    assert link_named(response, "Clear filters") == BOARD


def test_what_was_not_understood_is_said(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection)
    assert "There is no stage “zircon”" in text_of(grace.get(f"{BOARD}?stage=zircon"))
    assert "There is no sold “perhaps”" in text_of(grace.get(f"{BOARD}?sold=perhaps"))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=roof",
        "?stage=open",
        "?stage=9",
        "?sold=yes",
        "?sold=no&q=12",
        "?changed=7",
        "?stalled=yes",
        "?owner=OWNER",
    ],
)
@pytest.mark.parametrize("who", ["sales", "inspector", "installer", "unassigned"])
def test_it_counts_what_the_list_counts(sunny: Company, who: str, query: str) -> None:
    role = make_role(sunny.connection)
    for number in range(40):
        make_project(
            sunny.connection,
            title=f"Roof {number}",
            stage=[0, 1, 2, 3, 4, 9, None][number % 7],
            is_sold=number % 3 == 0,
            modified_date=NOON - timedelta(days=number),
            assigned_role_ref=role.opensolar_id if number % 2 else None,
            assigned_site_inspector_role_ref=13 if number % 4 == 0 else None,
            assigned_installer_role_ref=14 if number % 5 == 0 else None,
        )
    query, client = query.replace("OWNER", str(role.pk)), signed_in(sunny.people[who])
    counted = {column.name: column.count for column in columns_of(client.get(BOARD + query))}
    total = _total(client, query)
    assert sum(counted.values()) == total
    for name, stage in (("Sold", "2"), ("Stage 9", "9")) if "stage=" not in query else ():
        separator = "&" if query else "?"
        assert counted.get(name, 0) == _total(client, f"{query}{separator}stage={stage}")


def _total(client: Client, query: str) -> int:
    page: Any = client.get(f"/projects/{query}").context["page"]
    return int(page.total)


@pytest.mark.parametrize("who", ["inspector", "installer"])
def test_who_is_named_sees_only_their_own(sunny: Company, who: str) -> None:
    number = {"inspector": 13, "installer": 14}[who]
    make_project(sunny.connection, title="Theirs", **{f"assigned_{_long(who)}_role_ref": number})
    make_project(sunny.connection, title="Somebody else's")
    columns = columns_of(signed_in(sunny.people[who]).get(BOARD))
    assert [name for column in columns for name in column.names] == ["Theirs"]
    assert sum(column.count for column in columns) == 1


def _long(who: str) -> str:
    return "site_inspector" if who == "inspector" else who


def test_who_is_named_nowhere_sees_nothing(sunny: Company) -> None:
    make_project(sunny.connection)
    response = signed_in(sunny.people["unassigned"]).get(BOARD)
    assert columns_of(response) == []
    assert "No project names you yet" in text_of(response)


def test_the_neighbour_sees_nothing(sunny: Company, kestrel: Company) -> None:
    project = make_project(sunny.connection, title="Zircon")
    make_system(project)
    client = signed_in(kestrel.people["administrator"])
    assert "Zircon" not in text_of(client.get(BOARD))
    more = client.get("/projects/board/more/?column=0", headers={"HX-Request": "true"})
    assert "Zircon" not in more.content.decode()


def test_removed_and_withheld_projects_are_not_there(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, title="There")
    make_project(sunny.connection, removed_at=NOON)
    make_project(sunny.connection, withheld_at=NOON)
    assert column_of(grace.get(BOARD), "Presale").count == 1


def test_a_new_project_is_counted_at_once(sunny: Company, grace: Client) -> None:
    """Sums are kept for a minute, but never against the cards that stand below them."""
    make_project(sunny.connection, stage=1)
    assert column_of(grace.get(BOARD), "Lock pricing").count == 1
    make_project(sunny.connection, stage=1)
    make_project(sunny.connection, stage=23)
    assert column_of(grace.get(BOARD), "Lock pricing").count == 2
    assert column_of(grace.get(BOARD), "Stage 23").count == 1
    with scopes_disabled():
        Project.objects.all().delete()
    assert columns_of(grace.get(BOARD)) == []


def test_table_and_board_lead_to_each_other_with_the_filters(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, stage=2)
    board = grace.get(f"{BOARD}?stage=2&sold=no&sort=customer")
    table = link_named(board, "Table")
    assert table == "/projects/?stage=2&sold=no&sort=customer"
    assert link_named(grace.get(table), "Board") == f"{BOARD}?stage=2&sold=no&sort=customer"


def test_for_htmx_there_are_the_columns_alone(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, stage=2)
    headers = {"HX-Request": "true", "HX-Target": "results"}
    response = grace.get(f"{BOARD}?stage=2&q=", headers=headers)
    assert "<html" not in response.content.decode()
    assert [column.name for column in columns_of(response)] == ["Sold"]
    assert response["HX-Push-Url"] == f"{BOARD}?stage=2"
    assert "stage=2" in link_named(response, "Table")


def test_the_board_leads_to_the_file_of_what_it_shows(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection, stage=2)
    page = grace.get("/projects/board/?stage=2")
    assert link_named(page, "Export") == "/projects/export.csv?stage=2"
    part = grace.get("/projects/board/?stage=0", headers={"HX-Request": "true", "HX-Target": "results"})
    assert link_named(part, "Export") == "/projects/export.csv?stage=0"
