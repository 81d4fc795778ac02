"""Requests that no browser and no integrator sends by accident: a sentence, never a failure of ours."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import orjson
import pytest
from django.test import Client

from tests.conftest import Company, api, signed_in
from tests.factories import make_contact, make_project, make_proposal


@pytest.mark.parametrize("body", [b"[" * 100_000, b"\xff", b'{"connection":', b"NaN"])
def test_body_that_is_no_json(sunny: Company, body: bytes) -> None:
    answer = api(sunny.token("administrator")).post("/api/v1/syncs/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("The body is no JSON: ")


@pytest.mark.parametrize("name", ["q", "identifier", "state", "locality", "country_iso2"])
def test_text_without_end(sunny: Company, name: str) -> None:
    make_project(sunny.connection)
    answer = api(sunny.token("sales")).get("/api/v1/projects/", {name: "a" * 60_000})
    assert answer.status_code == 400
    assert "at most 500 characters" in answer.json()[name][0]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"])
def test_page_outside_of_the_calendar(sunny: Company, moment: str) -> None:
    make_project(sunny.connection, title="Observatory roof")
    token = urlsafe_b64encode(orjson.dumps(["-activity", moment, 1, 1, False])).decode().rstrip("=")
    answer = signed_in(sunny.people["sales"]).get("/projects/", {"page": token})
    assert "That page is not known; this is the first one." in answer.content.decode()
    assert "Observatory roof" in answer.content.decode()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-20T12:00:00"])
def test_page_of_the_portfolio_outside_of_the_calendar(sunny: Company, moment: str) -> None:
    make_proposal(make_project(sunny.connection, address="1 Observatory Lane"))
    token = urlsafe_b64encode(orjson.dumps(["-activity", moment, 1, 1, False])).decode().rstrip("=")
    client = signed_in(sunny.people["sales"])
    answer = client.get("/portfolio/", {"page": token})
    assert "That page is not there; this is the first one." in answer.content.decode()
    assert "1 Observatory Lane" in answer.content.decode()
    assert "1 Observatory Lane" in client.get("/portfolio/export.csv", {"page": token}).getvalue().decode()


@pytest.mark.parametrize("key", ["1e999999", "-1e999999", "1e-999999", "NaN", "Infinity"])
@pytest.mark.parametrize("sort", ["price", "-kw_stc", "output_annual_kwh"])
def test_page_of_the_portfolio_behind_a_figure_beyond_sense(sunny: Company, sort: str, key: str) -> None:
    make_proposal(make_project(sunny.connection, address="1 Observatory Lane"))
    token = urlsafe_b64encode(orjson.dumps([sort, key, 1, 1, False])).decode().rstrip("=")
    answer = signed_in(sunny.people["sales"]).get("/portfolio/", {"page": token, "sort": sort})
    assert "That page is not there; this is the first one." in answer.content.decode()
    assert "1 Observatory Lane" in answer.content.decode()


def test_customer_is_found_by_words_that_hold_a_nul(sunny: Company) -> None:
    """PostgreSQL refuses the character; a search goes on without it, as the others do."""
    make_contact(sunny.connection, display="Henrietta Leavitt")
    project = make_project(sunny.connection)
    answer = signed_in(sunny.people["sales"]).get(f"/projects/{project.pk}/customers/", {"q": "Lea\0vitt"})
    assert answer.status_code == 200
    assert "Henrietta Leavitt" in answer.content.decode()


def test_form_of_an_old_page_is_answered_in_our_words(sunny: Company) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(sunny.people["sales"])
    answer = browser.post("/organisation/", {"organisation": "sunny"})
    assert answer.status_code == 403
    assert "This page has stood open for too long" in answer.content.decode()
    assert "CSRF verification" not in answer.content.decode()
