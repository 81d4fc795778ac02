"""Acts on selected rows: rights are checked row by row, and what vanished meanwhile is said."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from projects.models import Project
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_contact, make_project, make_system
from tests.projects.pages.reading import names_on, text_of


def _act(client: Client, act: str, ids: Sequence[object] = (), **fields: Any) -> Any:
    return client.post("/projects/selected/", {"act": act, "ids": list(ids), **fields})


def _file(response: Any) -> list[str]:
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return [row["Customer"] for row in csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig")))]


def _roofs(company: Company, count: int) -> list[Project]:
    return [make_project(company.connection, title=f"Roof {number:03}") for number in range(count)]


def test_selected_rows_become_a_file_in_the_order_and_columns_of_the_list(sunny: Company, grace: Client) -> None:
    roofs = _roofs(sunny, 4)
    ids = [roofs[2].pk, roofs[0].pk, roofs[0].pk]
    response = _act(grace, "export", ids, query="?sort=-customer&columns=state")
    assert _file(response) == ["Roof 002", "Roof 000"]
    again = _act(grace, "export", ids, query="?sort=customer&columns=state")
    assert again.getvalue().decode("utf-8-sig").splitlines()[0] == "Customer,Title,Address,State"


def test_of_five_hundred_rows_three_vanished_and_the_rest_is_done(sunny: Company, grace: Client) -> None:
    roofs = _roofs(sunny, 500)
    with scopes_disabled():
        Project.objects.filter(pk__in=[roofs[0].pk, roofs[1].pk]).update(removed_at=NOON)
        Project.objects.filter(pk=roofs[2].pk).update(withheld_at=NOON)
    told = "3 of the 500 selected projects are no longer there; this is about the other 497."
    ids = ",".join(str(roof.pk) for roof in roofs)
    assert len(_file(_act(grace, "export", [ids]))) == 497
    assert told in text_of(grace.get("/projects/"))
    assert told in text_of(_act(grace, "emails", [ids]))
    opened = grace.post("/projects/selected/", {"act": "open", "ids": [roof.pk for roof in roofs]}, follow=True)
    assert told in text_of(opened)
    assert "1–50 of 497" in text_of(opened)
    assert len(opened.redirect_chain[0][0]) < 4_000


def test_rows_of_others_count_as_not_there(sunny: Company, kestrel: Company, grace: Client) -> None:
    mine = make_project(sunny.connection, title="Mine", assigned_site_inspector_role_ref=13)
    other = make_project(sunny.connection, title="Other")
    theirs = make_project(kestrel.connection, title="Theirs")
    inspector = signed_in(sunny.people["inspector"])
    ids = [mine.pk, other.pk, theirs.pk]
    assert _file(_act(inspector, "export", ids)) == ["Mine"]
    assert "2 of the 3 selected projects are no longer there" in text_of(inspector.get("/projects/"))
    assert sorted(_file(_act(grace, "export", ids))) == ["Mine", "Other"]
    assert _act(signed_in(sunny.people["unassigned"]), "export", ids).status_code == 302


def test_who_sees_no_prices_gets_none_in_the_file(sunny: Company) -> None:
    project = make_project(sunny.connection, assigned_site_inspector_role_ref=13)
    make_system(project)
    response = _act(signed_in(sunny.people["inspector"]), "export", [project.pk], query="?columns=price,system")
    assert "24900" not in response.getvalue().decode()


def test_addresses_are_the_first_that_reach_somebody_each_once(sunny: Company, grace: Client) -> None:
    curie = make_contact(sunny.connection, email="Marie@radium.example")
    again = make_contact(sunny.connection, email="marie@radium.example")
    made_up = make_contact(sunny.connection, email="x1@os.code")
    pierre = make_contact(sunny.connection, email="pierre@radium.example")
    gone = make_contact(sunny.connection, email="gone@radium.example", removed_at=NOON)
    projects = [
        make_project(sunny.connection, contacts)
        for contacts in ((curie, pierre), (again,), (made_up, pierre), (gone,), ())
    ]
    page = _act(grace, "emails", [project.pk for project in projects])
    said = text_of(page)
    assert "marie@radium.example, pierre@radium.example" in said.lower()
    assert said.lower().count("marie@radium.example") == 1
    assert "2 projects have none" in said
    assert "gone@" not in said
    assert "os.code" not in said


def test_nothing_has_an_address(sunny: Company, grace: Client) -> None:
    assert "No e-mail address" in text_of(_act(grace, "emails", [make_project(sunny.connection).pk]))


def test_all_that_fit_are_taken_without_naming_each(sunny: Company, grace: Client) -> None:
    _roofs(sunny, 60)
    make_project(sunny.connection, title="Sold one", stage=2)
    fields = {"all": "1", "query": "?stage=0", "expected": "60"}
    assert len(_file(_act(grace, "export", **fields))) == 60
    assert "of 60 projects" in text_of(_act(grace, "emails", **fields))
    assert _act(grace, "open", **fields)["Location"] == "/projects/?stage=0"
    fewer = text_of(_act(grace, "emails", **{**fields, "expected": "63"}))
    assert "3 of the 63 selected projects are no longer there" in fewer


@pytest.mark.parametrize("expected", ["", "-1", "many", "9" * 30])
def test_a_count_that_makes_no_sense_is_no_count(sunny: Company, grace: Client, expected: str) -> None:
    _roofs(sunny, 2)
    said = text_of(_act(grace, "emails", all="1", expected=expected))
    assert "of 2 projects" in said
    assert "no longer there" not in said


def test_more_than_a_thousand_is_refused_in_words(sunny: Company, grace: Client) -> None:
    make_project(sunny.connection)
    for ids in ([",".join(map(str, range(1, 1002)))], list(range(1, 1002))):
        answer = grace.post("/projects/selected/", {"act": "emails", "ids": ids, "query": "?stage=0"}, follow=True)
        said = "1001 projects are selected; at most 1000 go at once. Nothing was done: select fewer."
        assert said in text_of(answer)
        assert answer.redirect_chain[0][0] == "/projects/?stage=0"


def test_a_list_of_its_own_holds_five_hundred(sunny: Company, grace: Client) -> None:
    roofs = _roofs(sunny, 501)
    answer = grace.post("/projects/selected/", {"act": "open", "ids": [roof.pk for roof in roofs]}, follow=True)
    assert "holds at most 500 picked projects, and 501 are selected" in text_of(answer)


@pytest.mark.parametrize("ids", [[], [""], ["rubbish"], ["0"], ["9" * 40], ["-1"], ["1e3"], ["x" * 10_000], ["٣"]])
def test_a_selection_of_nothing_is_said(sunny: Company, grace: Client, ids: list[str]) -> None:
    make_project(sunny.connection)
    for act in ("export", "emails", "open"):
        answer = grace.post(
            "/projects/selected/", {"act": act, "ids": ids, "query": "rubbish=" + "y" * 10_000}, follow=True
        )
        said = text_of(answer)
        assert "No project is selected" in said or "1 of the 1 selected projects is no longer there" in said


def test_acts_that_do_not_exist_and_wrong_ways_are_not_found(sunny: Company, kestrel: Company, grace: Client) -> None:
    project = make_project(sunny.connection)
    assert _act(grace, "delete", [project.pk]).status_code == 404
    assert _act(grace, "", [project.pk]).status_code == 404
    assert grace.get("/projects/selected/").status_code == 405
    assert Client().post("/projects/selected/", {"act": "export"}).status_code == 302


def test_rows_and_bar_belong_together_without_javascript(sunny: Company, grace: Client) -> None:
    project = make_project(sunny.connection)
    body = grace.get("/projects/?stage=0").content.decode()
    assert f'name="ids" value="{project.pk}" form="selection"' in body
    assert 'id="selection" method="post" action="/projects/selected/"' in body
    assert 'name="query" value="?stage=0" form="selection"' in body
    assert "All 1 that fits" in text_of(grace.get("/projects/"))
    assert names_on(grace.get("/projects/")) != []


def test_many_selected_rows_cost_as_many_questions_as_one(sunny: Company, grace: Client) -> None:
    contacts = [make_contact(sunny.connection, email=f"c{number}@radium.example") for number in range(40)]
    ids = [make_project(sunny.connection, (contact,)).pk for contact in contacts]

    def questions(count: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert _act(grace, "emails", ids[:count]).status_code == 200
        return len(asked)

    questions(1)
    assert questions(1) == questions(40) <= 12
