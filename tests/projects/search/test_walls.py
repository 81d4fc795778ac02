"""Who finds what: rights of each kind of person, the neighbour, hostile input, and a bounded number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.models import User
from tests.conftest import Company, signed_in
from tests.projects.search.conftest import Roof, make_roof
from tests.projects.search.looking import answer, look, titles

WORDS = ("becquerel", "bequerel", "edmond.becquerel@example.com", "0400 111 222", "main", "solar")


@pytest.mark.parametrize("who", ["administrator", "sales"])
def test_administrators_and_sales_find_all(sunny: Company, becquerel: Roof, curie: Roof, who: str) -> None:
    client = signed_in(sunny.people[who])
    for group in ("Projects", "Contacts"):
        assert titles(client, "becquerel", group) == ["Edmond Becquerel"]
        assert titles(client, "curie", group) == ["Marie Curie"]


@pytest.mark.parametrize(("who", "named"), [("inspector", "inspector"), ("installer", "installer")])
def test_inspectors_and_installers_find_their_own(sunny: Company, becquerel: Roof, who: str, named: str) -> None:
    number = {"inspector": 13, "installer": 14}[who]
    column = {"inspector": "assigned_site_inspector_role_ref", "installer": "assigned_installer_role_ref"}[named]
    mine = make_roof(sunny, "Marie Curie", "12 Radium Road", "(02) 9999 0000", **{column: number})
    client = signed_in(sunny.people[who])
    for words in ("marie", "mraie", "0299990000", "marie.curie@example.com", "solar"):
        found = look(client, words)
        assert [line.url for line in found["Projects"]] == [f"/projects/{mine.project.pk}/"]
        if words != "solar":
            assert [line.title for line in found["Contacts"]] == ["Marie Curie"]
    for words in WORDS[:-1]:
        assert not {"Projects", "Contacts"} & look(client, words).keys()
        assert "Edmond" not in answer(client, words).content.decode().replace(f"“{words}”", "")


def test_a_shared_contact_leads_an_inspector_to_their_own_project_only(sunny: Company, curie: Roof) -> None:
    from projects.models import ProjectContact

    other = make_roof(sunny, "Pierre Curie", "1 Secret Lane").project
    ProjectContact._base_manager.create(
        organisation_id=other.organisation_id,
        connection=other.connection,
        project_ref=other.opensolar_id,
        contact_ref=curie.contact.opensolar_id,
    )
    (line,) = look(signed_in(sunny.people["inspector"]), "marie curie")["Contacts"]
    assert line.url == f"/contacts/{curie.contact.pk}/"
    assert "more" not in line.note
    assert "Secret" not in line.note


def test_who_is_assigned_nowhere_finds_nothing_but_pages(sunny: Company, becquerel: Roof) -> None:
    client = signed_in(sunny.people["unassigned"])
    for words in (*WORDS, "sunny", "administrator", "projects", "connections", "team"):
        assert look(client, words) == {}
    assert [line.title for line in look(client, "home")["Pages"]] == ["Home"]
    assert look(client, "").keys() == {"Pages"}


def test_the_neighbour_finds_nothing_of_ours(sunny: Company, kestrel: Company, becquerel: Roof, curie: Roof) -> None:
    make_roof(kestrel, "Marie Curie", "7 Kestrel Lane")
    for who in ("administrator", "sales"):
        client = signed_in(kestrel.people[who])
        for words in (*WORDS[:-1], "administrator sunny"):
            assert look(client, words) == {}
        (line,) = look(client, "marie curie")["Projects"]
        assert line.note.endswith("7 Kestrel Lane")


def test_without_an_organisation_or_a_session_there_is_no_search(sunny: Company, becquerel: Roof) -> None:
    nobody = signed_in(User.objects.create_user("nobody@example.com"))
    assert nobody.get("/search/?q=becquerel").status_code == 404
    stranger = Client().get("/search/?q=becquerel")
    assert stranger["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "words",
    [
        *(
            "%",
            "_",
            "'",
            '"',
            "\\",
            "\\%",
            "' OR 1=1 --",
            "\0",
            "a\0b",
            "\x1b[0m\x07",
            "  ",
            "\t\n",
            "😀",
            "👩‍🔬",
            "\u202e",
        ),
        *(
            "<b>",
            "{{ 7 }}",
            "{% now %}",
            "()",
            "(((((((",
            "+",
            "+-().",
            "()()()()",
            "%s",
            "%(a)s",
            "a",
            "é",
            "ﬃ",
            "İ",
            "ß",
        ),
        *("0" * 200, "+" + "9" * 15, "00000000", "0 0 0 0 0 0 0 0", "1/2/3/4/5/6", "a b c d e f g h i j k l m n o p"),
        *("%20", "\ud7ff", "abcdefghijklmnopqrstuvwxyz" * 3, "q" * 24, "___________", "%%%%%%%%"),
    ],
)
def test_odd_input_is_just_a_search(grace: Client, becquerel: Roof, words: str) -> None:
    for palette in (False, True):
        response = answer(grace, words, palette=palette)
        assert b"\0" not in response.content
    assert titles(grace, "becquerel") == ["Edmond Becquerel"]


def test_a_search_of_ten_kilobytes_is_cut_and_says_so(grace: Client, becquerel: Roof) -> None:
    hint = "Your search is too long: only its first 200 characters and 10 words were looked for."
    for palette in (False, True):
        long = answer(grace, "becquerel " * 1024, palette=palette)
        assert hint in long.content.decode()
        assert hint in answer(grace, "x" * 10240, palette=palette).content.decode()
        assert hint in answer(grace, "a b c d e f g h i j k", palette=palette).content.decode()
        assert hint not in answer(grace, "x" * 200, palette=palette).content.decode()
    assert titles(grace, "becquerel " * 1024) == ["Edmond Becquerel"]


def test_spaces_alone_offer_the_pages(grace: Client, becquerel: Roof) -> None:
    assert look(grace, "   ").keys() == {"Pages"}


def _queries(client: Client, words: str) -> int:
    answer(client, words, palette=True)
    with CaptureQueriesContext(connection) as asked:
        answer(client, words, palette=True)
    return len(asked)


@pytest.mark.parametrize("who", ["administrator", "sales", "inspector"])
@pytest.mark.parametrize("words", ["solar", "radium", "curie main 1", "a", "rutherford", "surie", "0400 111 222"])
def test_the_number_of_queries_is_bounded(sunny: Company, who: str, words: str) -> None:
    client = signed_in(sunny.people[who])
    roof = {"assigned_site_inspector_role_ref": 13}
    for number in range(4):
        make_roof(sunny, f"Marie{number} Curie", f"{number} Main St", "+61 400 111 222", **roof)
    few = _queries(client, words)
    for number in range(40):
        make_roof(sunny, f"Marie{number} Curie", f"{number} Main St", "+61 400 111 222", **roof)
    assert _queries(client, words) == few
    for number in range(40):
        make_roof(sunny, f"Marie{number} Curie", f"{number} Main St", "+61 400 111 222", **roof)
    assert _queries(client, words) <= few + 6  # beyond fifty hits: whole words, beginnings, count; two groups
    assert few <= 25
