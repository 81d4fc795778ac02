"""Signing in by e-mail and password: throttled, closed to sign-ups, and silent about who has an account."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from portal.models import User
from tests.conftest import PASSWORD, Company

LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str) -> object:
    return client.post(LOGIN, {"login": email, "password": password})


def test_the_right_password_opens_the_portal(sunny: Company) -> None:
    client = Client()
    answer = client.post(LOGIN, {"login": "SALES@sunny.example", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/"
    assert "Sunny Solar" in answer.content.decode()


def test_a_wrong_password_does_not_and_says_so(sunny: Company) -> None:
    answer = Client().post(LOGIN, {"login": "sales@sunny.example", "password": "wrong"})
    assert answer.status_code == 200
    assert "not correct" in answer.content.decode()


def test_many_wrong_passwords_are_slowed_down(sunny: Company) -> None:
    client = Client()
    for _ in range(5):
        client.post(LOGIN, {"login": "sales@sunny.example", "password": "wrong"})
    answer = client.post(LOGIN, {"login": "sales@sunny.example", "password": PASSWORD})
    assert "Too many failed" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_the_admins_door_is_the_same_door(sunny: Company) -> None:
    way = Client().get("/admin/", follow=True).redirect_chain
    assert str(way[-1][0]).startswith(LOGIN)


def test_a_reset_reveals_nobody(sunny: Company) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": email}, follow=True).content.decode()
        for email in ("sales@sunny.example", "nobody@sunny.example")
    ]
    strip = [answer.split("<main")[1] for answer in answers]
    assert strip[0] == strip[1]
    assert len(mail.outbox) >= 1
    assert [letter.to for letter in mail.outbox if "accounts/password/reset/key" in letter.body] == [
        ["sales@sunny.example"]
    ]


def test_nobody_signs_up_alone(sunny: Company) -> None:
    body = {"email": "stranger@example.com", "password1": PASSWORD}
    Client().post("/accounts/signup/", body)
    answer = sign_in(Client(), "stranger@example.com", PASSWORD)
    assert answer.status_code == 200  # type: ignore[attr-defined]


def test_a_person_without_an_organisation_is_told_so(sunny: Company) -> None:
    client = Client()
    client.force_login(User.objects.create_user("alone@example.com", PASSWORD))
    answer = client.get("/")
    assert answer.status_code == 200
    assert client.get("/projects/").status_code == 404


@pytest.mark.parametrize("path", [LOGIN, "/accounts/password/reset/"])
def test_pages_forbid_inline_script_and_style(db: None, path: str) -> None:
    answer = Client().get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    text = answer.content.decode()
    assert "<script>" not in text
    assert " style=" not in text
    assert "onclick" not in text


@pytest.mark.parametrize(
    ("came_from", "goes_back_to"),
    [
        ("http://testserver/projects/?stage=open", "/projects/?stage=open"),
        ("https://elsewhere.example/projects/", "/"),
        ("//elsewhere.example/", "/"),
        ("", "/"),
    ],
)
def test_who_was_signed_out_goes_back_to_the_page_of_the_act(sunny: Company, came_from: str, goes_back_to: str) -> None:
    client = Client()
    door = client.post("/projects/selected/", {"act": "list"}, headers={"referer": came_from})
    assert door.status_code == 302
    page = client.get(door["Location"]).content.decode()
    assert "You were signed out meanwhile, so that was not done." in page
    answer = client.post(door["Location"], {"login": "sales@sunny.example", "password": PASSWORD})
    assert answer["Location"] == goes_back_to


@pytest.mark.parametrize("length", [10, 3_000, 30_000])
def test_a_long_search_leads_to_the_door_and_back_to_the_search(sunny: Company, length: int) -> None:
    client = Client()
    asked = f"/search/?q={'ü' * length}"
    door = client.get(asked)
    assert door.status_code == 302
    answer = client.post(door["Location"], {"login": "sales@sunny.example", "password": PASSWORD})
    assert answer["Location"].partition("?")[0] == "/search/"
