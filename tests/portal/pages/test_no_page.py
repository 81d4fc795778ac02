"""The address of an act, opened as a page."""

from __future__ import annotations

from django.test import Client

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_a_person_reads_that_an_act_has_no_page(client: Client) -> None:
    answer = client.get("/organisation/", headers=PAGE)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "There is no page here" in answer.content.decode()
    assert "Nothing was done" in answer.content.decode()


def test_a_program_gets_the_bare_answer(client: Client) -> None:
    answer = client.get("/organisation/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Allow"], answer.content) == (405, "POST", b"")
