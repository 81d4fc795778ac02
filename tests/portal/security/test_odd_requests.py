"""Requests that no browser and no integrator sends by accident: a sentence, never a failure of ours."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import orjson
import pytest
from django.test import Client

from tests.conftest import Company, api, signed_in
from tests.factories import make_project


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


def test_form_of_an_old_page_is_answered_in_our_words(sunny: Company) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(sunny.people["sales"])
    answer = browser.post("/organisation/", {"organisation": "sunny"})
    assert answer.status_code == 403
    assert "This page has stood open for too long" in answer.content.decode()
    assert "CSRF verification" not in answer.content.decode()
