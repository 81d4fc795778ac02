"""What a search finds: projects, contacts, team and pages, best first, however a phone number is written."""

from __future__ import annotations

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from projects.models import Project, ProjectContact, Role
from tests.conftest import Company, signed_in
from tests.factories import make_contact, make_project, make_role
from tests.projects.search.conftest import Roof, make_roof
from tests.projects.search.looking import PALETTE, answer, groups_of, look, titles


@pytest.mark.parametrize(
    "words", ["becquerel", "EDMOND becq", "main st", "4 main", "edmond.becquerel@example.com", "becquerel 4"]
)
def test_a_project_is_found_by_name_address_and_mail(grace: Client, becquerel: Roof, curie: Roof, words: str) -> None:
    (line,) = look(grace, words)["Projects"]
    assert (line.title, line.url) == ("Edmond Becquerel", f"/projects/{becquerel.project.pk}/")
    assert "4 Main St" in line.note
    assert not line.is_guess


@pytest.mark.parametrize(
    "number",
    [
        *("+61 400 111 222", "0400111222", "0400 111 222", "400-111-222", "(0400) 111.222", "0061400111222"),
        *("61400111222", "0400 111", "111222", "+61 (0)400 111 222"),
    ],
)
def test_a_phone_number_is_found_however_it_is_written(
    grace: Client, becquerel: Roof, curie: Roof, number: str
) -> None:
    found = look(grace, number)
    assert [line.title for line in found["Projects"]] == ["Edmond Becquerel"]
    assert [line.title for line in found["Contacts"]] == ["Edmond Becquerel"]


@pytest.mark.parametrize("number", ["+61 2 9999 0000", "0299990000", "9999-0000"])
def test_a_number_without_its_country_is_found_by_the_whole_one(
    grace: Client, becquerel: Roof, curie: Roof, number: str
) -> None:
    assert titles(grace, number) == ["Marie Curie"]
    assert titles(grace, f"marie {number}") == ["Marie Curie"]
    assert titles(grace, f"edmond {number}") == []


def test_figures_that_are_no_phone_number_are_words(sunny: Company, grace: Client) -> None:
    make_roof(sunny, "Marie Curie", "12 Main St 2000")
    make_roof(sunny, "Lise Meitner", "2000 Main St")
    assert titles(grace, "12 2000") == ["Marie Curie"]
    assert sorted(titles(grace, "2000")) == ["Lise Meitner", "Marie Curie"]


def test_a_contact_leads_to_their_page_and_names_the_newest_project(sunny: Company, grace: Client, curie: Roof) -> None:
    newer = make_project(sunny.connection, title="Second roof", address="9 Polonium Lane", search_text="second roof")
    older = make_project(sunny.connection, title="Old", search_text="old", modified_date=curie.project.modified_date)
    with scopes_disabled():
        Project.objects.filter(pk=newer.pk).update(modified_date="2026-11-21T00:00Z")
        Project.objects.filter(pk=older.pk).update(modified_date="2020-11-21T00:00Z")
    for project in (newer, older):
        _link(project, curie)
    (line,) = look(grace, "marie curie")["Contacts"]
    assert line.url == f"/contacts/{curie.contact.pk}/"
    assert line.note == "(02) 9999 0000 · marie.curie@example.com · 9 Polonium Lane and 2 more"


def _link(project: Project, roof: Roof) -> None:
    with scopes_disabled():
        ProjectContact.objects.create(
            organisation_id=project.organisation_id,
            connection=project.connection,
            project_ref=project.opensolar_id,
            contact_ref=roof.contact.opensolar_id,
        )


def test_a_contact_without_a_project_is_found_by_who_sees_all(sunny: Company, grace: Client) -> None:
    contact = make_contact(sunny.connection, display="Lise Meitner", phone="", email="")
    (line,) = look(grace, "meitner")["Contacts"]
    assert (line.url, line.note) == (f"/contacts/{contact.pk}/", "no project")
    assert grace.get(line.url).status_code == 200
    for who in ("inspector", "installer"):
        assert look(signed_in(sunny.people[who]), "meitner") == {}


def test_a_made_up_address_is_not_shown(sunny: Company, grace: Client) -> None:
    contact = make_contact(sunny.connection, display="Lise Meitner", email="x1@os.code", phone="")
    make_project(sunny.connection, (contact,), title="Fission", address="", search_text="fission")
    assert look(grace, "meitner")["Contacts"][0].note == "Fission"


def test_letters_beyond_ascii_are_found_in_any_case(sunny: Company, grace: Client) -> None:
    make_roof(sunny, "Émilie Du Châtelet", "1 Main St")
    for words in ("émilie", "ÉMILIE", "châtelet"):
        assert titles(grace, words, "Contacts") == ["Émilie Du Châtelet"]
        assert titles(grace, words) == ["Émilie Du Châtelet"]


def test_a_member_of_the_team_leads_to_their_page_or_projects(sunny: Company, grace: Client) -> None:
    role = make_role(
        sunny.connection,
        display="Henrietta Leavitt",
        job_title="Surveyor",
        phone="0400 333 444",
        email="hl@example.com",
    )
    for words in ("leavitt", "henrieta", "+61400333444", "hl@example.com", "surveyor henrietta"):
        (line,) = look(grace, words)["Team"]
        assert (line.title, line.url) == ("Henrietta Leavitt", f"/projects/?person={role.pk}")
        assert line.note == "Surveyor · 0400 333 444 · hl@example.com"
        assert line.is_guess == (words == "henrieta")
    (line,) = look(signed_in(sunny.people["administrator"]), "leavitt")["Team"]
    assert line.url == f"/team/roles/{role.pk}/"
    assert grace.get(f"/projects/?person={role.pk}").status_code == 200


def test_hidden_members_come_last(sunny: Company, grace: Client) -> None:
    make_role(sunny.connection, display="Ada Curie", is_hidden=True)
    make_role(sunny.connection, display="Irène Curie")
    assert titles(grace, "curie", "Team") == ["Irène Curie", "Ada Curie"]


def test_whole_words_before_beginnings_before_parts_and_newest_first(sunny: Company, grace: Client) -> None:
    make_roof(sunny, "Joanna Meitner", "1 Ohm St", days_ago=0)
    make_roof(sunny, "Annabel Franklin", "2 Ohm St", days_ago=1)
    make_roof(sunny, "Ann Joliot", "3 Ohm St", days_ago=9)
    make_roof(sunny, "Ann Hertz", "4 Ohm St", days_ago=8)
    assert titles(grace, "ann") == ["Ann Hertz", "Ann Joliot", "Annabel Franklin", "Joanna Meitner"]


def test_an_old_whole_word_is_not_lost_among_many_newer_parts(sunny: Company, grace: Client) -> None:
    for number in range(60):
        make_project(sunny.connection, title=f"Joanna {number}", search_text=f"joanna annandale {number}")
    make_roof(sunny, "Ann Hertz", "4 Ohm St", days_ago=900)
    assert titles(grace, "ann")[0] == "Ann Hertz"


def test_how_many_more_there_are_and_the_list_of_them(sunny: Company, grace: Client) -> None:
    for number in range(60):
        make_project(sunny.connection, title=f"Roof {number}", search_text=f"roof {number} polonium lane")
    page = answer(grace, "polonium lane")
    assert len(groups_of(page)["Projects"]) == 10
    assert "50 more in the project list" in _words(page)
    assert 'href="/projects/?q=polonium+lane"' in page.content.decode()
    inside = answer(grace, "polonium lane", palette=True)
    assert len(groups_of(inside)["Projects"]) == 5
    assert "55 more in the project list" in _words(inside)
    assert "60 found" in _words(inside)


def _words(response: object) -> str:
    import re

    text = re.sub(r"<[^>]*>", " ", response.content.decode())  # type: ignore[attr-defined]
    return " ".join(text.split())


def test_the_list_finds_the_same_number_however_it_was_typed(sunny: Company, grace: Client) -> None:
    for number in range(12):
        make_roof(sunny, f"Marie Curie{'abcdefghijkl'[number]}", "1 Ohm St", "+61 400 111 222")
    page = answer(grace, "0400 111 222").content.decode()
    assert 'href="/projects/?q=400111222"' in page
    assert "Marie Curiea" in grace.get("/projects/?q=400111222").content.decode()


def test_pages_are_found_by_their_name_and_offered_before_anything_is_typed(sunny: Company, grace: Client) -> None:
    admin = signed_in(sunny.people["administrator"])
    offered = [line.title for line in look(admin, "", palette=True)["Pages"]]
    assert {"Home", "Projects", "Board", "Team", "Connections"} <= set(offered)
    assert [(line.title, line.url) for line in look(admin, "conn")["Pages"]] == [("Connections", "/connections/")]
    assert "Connections" not in [line.title for line in look(grace, "")["Pages"]]
    assert "Board" in [line.title for line in look(grace, "boa")["Pages"]]
    assert look(grace, "conn") == {}
    for line in look(admin, "")["Pages"]:
        assert admin.get(line.url).status_code == 200


def test_what_was_found_is_marked_and_everything_is_escaped(sunny: Company, grace: Client) -> None:
    make_roof(sunny, "<b>Marie</b> & Curie", "1 <script>alert(1)</script> St", "+61 400 111 222")
    (line,) = look(grace, "curie script")["Projects"]
    assert "&lt;b&gt;Marie&lt;/b&gt; &amp; <mark>Curie</mark>" in line.html
    assert "&lt;<mark>script</mark>&gt;alert" in line.html
    assert "<script>alert" not in answer(grace, "<script>alert").content.decode()
    (line,) = look(grace, "0400111222")["Contacts"]
    assert "+61 <mark>400 111 222</mark>" in line.html


def test_the_palette_is_the_same_as_the_page_without_the_frame(grace: Client, becquerel: Roof) -> None:
    page, inside = answer(grace, "becquerel"), answer(grace, "becquerel", palette=True)
    assert b"<html" in page.content
    assert b"<html" not in inside.content
    assert b"1 Ohm" not in inside.content
    assert [line.url for line in groups_of(page)["Projects"]] == [line.url for line in groups_of(inside)["Projects"]]
    assert "HX-Target" in page["Vary"]
    assert "no-store" in page["Cache-Control"]
    assert grace.post("/search/", headers=PALETTE).status_code == 405


def test_nothing_found_says_so(grace: Client, becquerel: Roof) -> None:
    for palette in (False, True):
        response = answer(grace, "rutherford", palette=palette)
        assert groups_of(response) == {}
        assert "Nothing found for “rutherford”" in response.content.decode()


def test_a_removed_or_withheld_record_is_not_found(sunny: Company, grace: Client, becquerel: Roof, curie: Roof) -> None:
    with scopes_disabled():
        Project.objects.filter(pk=becquerel.project.pk).update(removed_at="2026-11-20T00:00Z")
        Project.objects.filter(pk=curie.project.pk).update(withheld_at="2026-11-20T00:00Z")
        Role.objects.filter(opensolar_id=14).update(removed_at="2026-11-20T00:00Z")
    for words in ("becquerel", "bequerel", "curie", "0400 111 222", "installer sunny"):
        found = look(grace, words)
        assert found.keys() <= {"Contacts"}
        # Their customers are still there, and lead to none of them.
        assert all(
            line.url.startswith("/contacts/") and "Main St" not in line.note for line in found.get("Contacts", [])
        )


def test_a_removed_contact_is_not_found(sunny: Company, grace: Client, becquerel: Roof) -> None:
    type(becquerel.contact)._base_manager.filter(pk=becquerel.contact.pk).update(removed_at="2026-11-20T00:00Z")
    assert "Contacts" not in look(grace, "becquerel")
