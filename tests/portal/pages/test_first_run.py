"""An empty portal gets its first administrator by a link, and leads them to their first records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError
from django.db import connection as database
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import AuditEntry, Connection, Kind, Membership, Organisation, SyncRun, User
from portal.sandbox.server import Sandbox
from portal.services.syncing import run_now
from projects.models import Invitation
from tests.conftest import Company, signed_in
from tests.portal.pages.reading import words
from tests.world import World, no_audit

ME = {
    "company": "Sunny Roofs",
    "first_name": "Marie",
    "last_name": "Curie",
    "email": "Marie@example.com",
    "password": "radium and polonium",
}
LOGIN = {"username": "marie.curie@example.com", "password": "sunny-roofs-demo"}


def link() -> str:
    """The path that `manage.py setuplink` prints, or nothing."""
    out = StringIO()
    call_command("setuplink", "--address", "http://127.0.0.1:8000", stdout=out)
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", out.getvalue())
    return found[1] if found else ""


@pytest.fixture
def marie(db: Any) -> Client:
    """The first administrator, just made."""
    browser = Client()
    assert browser.post(link(), ME).status_code == 302
    return browser


@pytest.fixture
def vendor(settings: Any) -> Iterator[Sandbox]:
    """A vendor at the address that is tried when none is given."""
    with Sandbox(projects=5, today=date(2026, 11, 20)) as sandbox:
        settings.VENDOR_BASE_URLS = {"opensolar": sandbox.opensolar_url}
        yield sandbox


def test_the_link_makes_the_first_administrator_and_signs_them_in(marie: Client) -> None:
    membership = Membership._base_manager.get()
    assert (membership.user.email, membership.kind) == ("marie@example.com", Kind.ADMINISTRATOR)
    assert membership.organisation.slug == "sunny-roofs"
    assert marie.get("/").url == "/welcome/"  # type: ignore[attr-defined]


def test_a_password_is_taken_as_it_was_typed_and_is_none_like_ones_name(db: Any) -> None:
    path = link()
    assert Client().post(path, {**ME, "password": "marie@example.com"}).status_code == 422
    assert Client().post(path, {**ME, "password": " radium and polonium "}).status_code == 302
    door = {"login": "marie@example.com", "password": " radium and polonium "}
    assert Client().post("/accounts/login/", door).status_code == 302


def test_there_is_no_link_once_anybody_can_sign_in(sunny: Company) -> None:
    assert link() == ""


def test_the_link_works_once(db: Any) -> None:
    path = link()
    assert Client().post(path, ME).status_code == 302
    for answer in (Client().get(path), Client().post(path, {**ME, "email": "second@example.com"})):
        assert answer.status_code == 410
        assert "This link is used up" in answer.content.decode()
    assert User.objects.count() == Organisation.objects.count() == 1


def test_the_link_is_good_for_a_week(db: Any) -> None:
    with time_machine.travel("2026-11-01", tick=False):
        path = link()
    with time_machine.travel("2026-11-09", tick=False):
        assert Client().get(path).status_code == 410


def test_a_made_up_link_opens_nothing(db: Any) -> None:
    assert Client().get("/welcome/start/first/").status_code == 410


@pytest.mark.parametrize("wrong", [{"password": "short"}, {"email": "nobody"}, {"company": ""}])
def test_what_is_missing_is_said_and_nothing_is_made(db: Any, wrong: dict[str, str]) -> None:
    answer = Client().post(link(), {**ME, **wrong})
    assert answer.status_code == 422
    assert not User.objects.exists()
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.ADMINISTRATOR])
def test_others_are_not_led(sunny: Company, kind: Kind) -> None:
    browser = signed_in(sunny.people[kind])
    assert browser.get("/").status_code == 200
    for answer in (browser.get("/welcome/"), browser.post("/welcome/name/", {"name": "Mallory"})):
        assert answer.status_code == 404
    assert browser.post("/connections/new/", {"account_id": "1", **LOGIN}).status_code == 404


def test_name_account_and_sync_follow_each_other(marie: Client, vendor: Sandbox) -> None:
    assert "What is your company called?" in words(marie.get("/welcome/"))
    assert marie.post("/welcome/name/", {"name": "Sunny Roofs AG"}).url.endswith("step=connect")  # type: ignore[attr-defined]
    text = words(marie.get("/welcome/?step=connect"))
    assert "Connect your OpenSolar account" in text
    assert "Organisation number" in text
    answer = marie.post("/connections/new/?from=welcome", {"account_id": "1", **LOGIN}, follow=True)
    assert "The first sync begins" in words(answer)
    connection = Connection._base_manager.get()
    assert connection.organisation.name == "Sunny Roofs AG"
    assert SyncRun._base_manager.filter(connection=connection).count() == 1
    assert [entry.act for entry in AuditEntry._base_manager.order_by("pk")] == [
        "organisation.created",
        "organisation.changed",
        "connection.created",
    ]
    assert marie.get("/").status_code == 200


def test_an_account_that_cannot_be_noted_is_not_connected(marie: Client, vendor: Sandbox) -> None:
    with database.execute_wrapper(no_audit), pytest.raises(DatabaseError):
        marie.post("/connections/new/", {"account_id": "1", **LOGIN})
    assert not Connection._base_manager.exists()


def test_an_account_that_is_there_gets_the_new_login_and_the_log_says_so(marie: Client, vendor: Sandbox) -> None:
    for _ in range(2):
        marie.post("/connections/new/", {"account_id": "1", **LOGIN})
    acts = list(AuditEntry._base_manager.order_by("pk").values_list("act", flat=True))
    assert acts[-2:] == ["connection.created", "connection.credentials"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"account_id": "1", "username": LOGIN["username"], "password": "wrong"}, "password"),
        ({"account_id": "sunny", **LOGIN}, "is no OpenSolar organisation id"),
        ({"account_id": "77", **LOGIN}, "has no access to OpenSolar organisation 77"),
        ({"account_id": "1"}, "Enter a token, or an e-mail address with its password."),
    ],
)
def test_what_the_vendor_refuses_is_said_and_nothing_is_stored(
    marie: Client, vendor: Sandbox, given: dict[str, str], said: str
) -> None:
    answer = marie.post("/connections/new/?from=welcome", given)
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&#x27;", "'")
    assert not Connection._base_manager.exists()


def test_a_vendor_that_does_not_answer_is_said(marie: Client, settings: Any) -> None:
    settings.VENDOR_BASE_URLS = {"opensolar": "http://127.0.0.1:9"}
    answer = marie.post("/connections/new/", {"account_id": "1", **LOGIN})
    assert answer.status_code == 422
    assert "OpenSolar" in answer.content.decode()


def test_an_account_of_another_organisation_is_refused(marie: Client, vendor: Sandbox, kestrel: Company) -> None:
    with scopes_disabled():
        Connection.objects.update(base_url=vendor.opensolar_url, account_id="1")
    answer = marie.post("/connections/new/", {"account_id": "1", **LOGIN})
    assert answer.status_code == 422
    assert "already connected to another organisation" in answer.content.decode()


def test_an_unknown_vendor_is_not_there(marie: Client) -> None:
    assert marie.get("/connections/new/?vendor=nobody").status_code == 404


def test_an_account_connected_twice_is_one(marie: Client, vendor: Sandbox) -> None:
    for _twice in range(2):
        marie.post("/connections/new/", {"account_id": "1", **LOGIN})
    assert Connection._base_manager.count() == 1


def test_who_knows_the_way_is_not_led_again(marie: Client) -> None:
    marie.post("/welcome/leave/")
    assert marie.get("/").status_code == 200
    assert "Setting up" not in words(marie.get("/"))


def test_home_says_what_is_left(sunny: Company) -> None:
    text = words(signed_in(sunny.people["administrator"]).get("/"))
    assert "Setting up: 2 of" in text


def test_the_door_of_an_empty_portal_says_how_to_get_in(db: None) -> None:
    assert "This portal is empty" in words(Client().get("/accounts/login/"))
    Client().post(link(), ME)
    assert "This portal is empty" not in words(Client().get("/accounts/login/"))


def test_who_connected_by_command_first_becomes_administrator_of_that(db: None, vendor: Sandbox) -> None:
    assert World(vendor).connect(slug="sunny-roofs").code == 0
    browser, path = Client(), link()
    assert 'value="Sunny Roofs"' in browser.get(path).content.decode()
    assert browser.post(path, {**ME, "company": "Sunny Roofs AG"}).status_code == 302
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.slug) == ("Sunny Roofs AG", "sunny-roofs")
    assert "OpenSolar" in words(browser.get("/connections/"))


def test_a_short_name_that_is_taken_is_no_hindrance(db: None) -> None:
    for slug in ("sunny-roofs", "sunny-roofs-2"):
        Organisation.objects.create(name="Somebody", slug=slug)
    assert Client().post(link(), ME).status_code == 302
    assert Membership._base_manager.get().organisation.slug == "sunny-roofs-3"


def test_what_the_plan_allows_is_said_after_the_first_sync(marie: Client, vendor: Sandbox) -> None:
    text = words(marie.get("/welcome/?step=connect"))
    assert "API Access or Raw Data API Access" in text
    assert "api-token-auth" in text
    marie.post("/connections/new/?from=welcome", {"account_id": "1", **LOGIN})
    assert "This shows when the first sync has ended" in words(marie.get("/welcome/?step=sync"))
    with scopes_disabled():
        run_now(Connection.objects.select_related("organisation").get(), full=False, wait=0)
    assert "OpenSolar refused nothing that the portal asked for" in words(marie.get("/welcome/?step=sync"))
    with scopes_disabled():
        Connection.objects.update(switched_off={"fetch_token": "OpenSolar does not offer it."})
    text = words(marie.get("/welcome/?step=sync"))
    assert "OpenSolar does not offer it." in text
    assert "refused nothing" not in text


def test_home_does_not_remind_of_what_is_done(sunny: Company) -> None:
    browser = signed_in(sunny.people["administrator"])
    with scopes_disabled():
        Connection.objects.update(last_success_at=timezone.now())
        expires = timezone.now() + timedelta(days=1)
        Invitation.objects.create(
            organisation=sunny.organisation, email="a@example.com", digest="1", expires_at=expires
        )
    assert "Setting up" not in words(browser.get("/"))
