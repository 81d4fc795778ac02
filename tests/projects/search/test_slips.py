"""Words typed wrongly are understood, on both databases; numbers are taken as they are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from tests.conftest import Company
from tests.projects.search.conftest import Roof, make_roof
from tests.projects.search.looking import look, titles

SLIPS = ["bequerel", "becqeurel", "becquerrel", "becqerel", "decquerel", "edomnd", "edmnd", "edmond bequerel"]
postgres = pytest.mark.postgres


@pytest.mark.parametrize("words", [*SLIPS, "Bequerel", "edmnd bequerel", "bequer 4", "mian st 4"])
def test_one_slip_a_word_is_forgiven(grace: Client, becquerel: Roof, curie: Roof, words: str) -> None:
    (project,) = look(grace, words)["Projects"]
    assert (project.title, project.is_guess) == ("Edmond Becquerel", True)
    if "4" not in words:
        assert [line.title for line in look(grace, words)["Contacts"]] == ["Edmond Becquerel"]


@pytest.mark.parametrize(
    "words", ["cie", "13 radium", "+61 400 111 223", "bequerel 5", "merie radium 77", "xurie main"]
)
def test_numbers_short_words_and_the_rest_are_not_guessed(
    grace: Client, becquerel: Roof, curie: Roof, words: str
) -> None:
    assert look(grace, words) == {}


@postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="similarity of trigrams is PostgreSQL's")
@pytest.mark.parametrize("words", ["beckerel", "edmund beckerel"])
def test_more_slips_are_forgiven_by_similarity(grace: Client, becquerel: Roof, curie: Roof, words: str) -> None:
    (project,) = look(grace, words)["Projects"]
    assert (project.title, project.is_guess) == ("Edmond Becquerel", True)


def test_what_is_similar_stands_behind_what_was_typed(sunny: Company, grace: Client, becquerel: Roof) -> None:
    make_roof(sunny, "Jean Bequerel", "5 Main St", days_ago=100)
    lines = look(grace, "bequerel")["Projects"]
    assert [(line.title, line.is_guess) for line in lines] == [("Jean Bequerel", False), ("Edmond Becquerel", True)]


def test_with_enough_hits_nothing_is_guessed(sunny: Company, grace: Client, becquerel: Roof) -> None:
    for name in ("Jean", "Henri", "Antoine"):
        make_roof(sunny, f"{name} Bequerel", "5 Main St")
    assert "Edmond Becquerel" not in titles(grace, "bequerel")


@pytest.mark.parametrize("words", ["be_uerel", "b%rel", "becq\\erel_"])
def test_signs_of_patterns_are_letters(grace: Client, becquerel: Roof, words: str) -> None:
    assert all(line.is_guess for lines in look(grace, words).values() for line in lines)
    assert look(grace, "%") == {}
    assert look(grace, "_") == {}


@postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL is told how to plan")
def test_what_is_set_for_a_guess_ends_with_it(grace: Client, becquerel: Roof) -> None:
    names = ("enable_seqscan", "enable_indexscan", "statement_timeout", "pg_trgm.word_similarity_threshold")

    def settings() -> list[str]:
        with connection.cursor() as cursor:
            return [cursor.execute("SELECT current_setting(%s)", [name]).fetchone()[0] for name in names]

    titles(grace, "beckerel")
    before = settings()
    assert titles(grace, "edmund beckerel") == ["Edmond Becquerel"]
    assert settings() == before == ["on", "on", "0", "0.6"]
