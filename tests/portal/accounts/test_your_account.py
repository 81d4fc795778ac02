"""The page about oneself: name, and the ways in; for people of an organisation and of none."""

from __future__ import annotations

import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.models import User
from portal.tasks import prune
from tests.conftest import PASSWORD, Company, signed_in
from tests.portal.accounts.doors import LOGIN, YOU, sign_in

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
SALES = "sales@sunny.example"


def test_it_stands_in_the_menu(sunny: Company) -> None:
    assert f'href="{YOU}"' in signed_in(sunny.people["sales"]).get("/").content.decode()


def test_the_name_is_mine_to_change_and_the_address_is_not(sunny: Company) -> None:
    client = signed_in(sunny.people["sales"])
    body = {"first_name": "Marie", "last_name": "Curie", "email": "mallory@example.com", "is_superuser": "on"}
    assert "Saved." in client.post(YOU, body, follow=True).content.decode()
    person = User.objects.get(pk=sunny.people["sales"].pk)
    assert (person.get_full_name(), person.email, person.is_superuser) == ("Marie Curie", SALES, False)


def test_a_name_that_is_too_long_is_said_and_not_shown_as_mine(sunny: Company) -> None:
    answer = signed_in(sunny.people["sales"]).post(YOU, {"first_name": "M" * 151, "last_name": "Curie"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "at most 150 characters" in page
    assert '<span class="who-name">Sales' in page


def test_strangers_are_sent_to_the_door(db: None) -> None:
    for path in (YOU, "/accounts/second-factor/", "/accounts/sessions/"):
        for act in (Client().get, Client().post):
            assert act(path).headers["Location"].startswith(LOGIN)


def test_it_opens_for_people_of_no_organisation(db: None) -> None:
    alone = User.objects.create_user("alone@example.com", PASSWORD)
    answer = signed_in(alone).get(YOU)
    assert answer.status_code == 200
    assert "alone@example.com" in answer.content.decode()


def test_whoever_has_no_password_can_set_one(sunny: Company) -> None:
    person = sunny.people["sales"]
    person.set_unusable_password()
    person.save()
    page = signed_in(person).get(YOU).content.decode()
    assert "/accounts/password/set/" in page
    assert "/accounts/password/change/" not in page


@pytest.mark.parametrize("path", ["/accounts/2fa/", "/accounts/2fa/webauthn/"])
def test_allauths_own_overviews_lead_here(sunny: Company, path: str) -> None:
    assert signed_in(sunny.people["sales"]).get(path).headers["Location"] == YOU


def test_it_lists_where_i_am_signed_in(sunny: Company) -> None:
    sign_in(SALES, headers={"user-agent": PHONE})
    sign_in("inspector@sunny.example", headers={"user-agent": "Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0"})
    client, _ = sign_in(SALES, headers={"user-agent": FIREFOX})
    page = client.get(YOU).content.decode()
    assert page.index("Firefox on Windows") < page.index("This browser") < page.index("Safari on iPhone")
    assert "ChromeOS" not in page


def test_signing_out_everywhere_else(sunny: Company) -> None:
    others = [sign_in(SALES)[0] for _browser in range(2)]
    colleague, _ = sign_in("inspector@sunny.example")
    client, _ = sign_in(SALES)
    page = client.post("/accounts/sessions/", follow=True).content.decode()
    assert "Signed out in 2 other browsers." in page
    assert [other.get("/").status_code for other in others] == [302, 302]
    assert (client.get("/").status_code, colleague.get("/").status_code) == (200, 200)
    again = client.post("/accounts/sessions/", follow=True).content.decode()
    assert "You were signed in nowhere else." in again


def test_what_was_noted_of_a_session_goes_with_it(sunny: Company) -> None:
    (here, _), (there, _) = sign_in(SALES), sign_in(SALES)
    Session.objects.filter(session_key=there.session.session_key).update(expire_date=timezone.now())
    prune()
    assert [noted.session_key for noted in UserSession.objects.all()] == [here.session.session_key]
    assert here.get(YOU).status_code == 200
    assert Session.objects.filter(session_key=there.session.session_key).count() == 0


def number_of(client: Client) -> int:
    """The one other session that the page offers to end."""
    page = client.get(YOU).content.decode()
    return int(page.split('action="/accounts/sessions/')[1].split("/")[0])


def test_signing_out_in_one(sunny: Company) -> None:
    lost, _ = sign_in(SALES)
    client, _ = sign_in(SALES)
    path = f"/accounts/sessions/{number_of(client)}/end/"
    assert client.get(path).status_code == 405
    stranger, _ = sign_in("inspector@sunny.example")
    assert stranger.post(path).status_code == 404
    assert lost.get("/").status_code == 200
    assert client.post(path).status_code == 302
    assert lost.get("/").status_code == 302
    assert client.post(path).status_code == 404


def test_a_new_password_leaves_only_this_session(sunny: Company) -> None:
    other, _ = sign_in(SALES)
    client, _ = sign_in(SALES)
    body = {"oldpassword": PASSWORD, "password1": "another long pass phrase", "password2": "another long pass phrase"}
    client.post("/accounts/password/change/", body)
    assert other.get("/").status_code == 302
    page = client.get(YOU).content.decode()
    assert "/end/" not in page
    assert "This browser" in page


def test_password_labels_read_as_all_others(sunny: Company) -> None:
    client, _ = sign_in(SALES)
    changing = re.findall(r"<label for=[^>]*>([^<]*)", client.get("/accounts/password/change/").content.decode())
    assert changing == ["Current password", "New password", "New password, again"]
    user = sunny.people["sales"]
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    setting = re.findall(r"<label for=[^>]*>([^<]*)", client.get("/accounts/password/set/").content.decode())
    assert setting == ["New password", "New password, again"]


def test_many_sessions_cost_no_more_queries(sunny: Company) -> None:
    client, _ = sign_in(SALES)
    client.get(YOU)
    with CaptureQueriesContext(database) as few:
        client.get(YOU)
    for _browser in range(5):
        sign_in(SALES)
    with CaptureQueriesContext(database) as many:
        client.get(YOU)
    assert len(many) == len(few) <= 25
