"""My notifications: the list, the bell, reading, choices; nobody sees another's."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Kind, Membership, Notification, NotificationChoice, Topic
from portal.services.pruning import prune
from tests.conftest import Company, signed_in
from tests.portal.notices.conftest import Told, notices
from tests.portal.pages.reading import words


@pytest.fixture
def admin(sunny: Company) -> Client:
    """The administrator's browser."""
    return signed_in(sunny.people["administrator"])


def bell(client: Client, path: str = "/notifications/") -> str:
    """What the bell says."""
    page = client.get(path).content.decode()
    (said,) = re.findall(r'id="bell".*?visually-hidden">([^<]*)<', page, re.DOTALL)
    return str(said)


def test_the_bell_counts_what_is_unread_on_every_page(admin: Client, told: Told) -> None:
    assert bell(admin, "/connections/") == "Notifications, none unread"
    told("administrator", "sales")
    assert bell(admin, "/connections/") == "1 unread notification"
    told("administrator", key="other")
    assert bell(admin, "/projects/") == "2 unread notifications"


def test_opening_one_reads_it_and_leads_where_it_is_about(admin: Client, told: Told) -> None:
    told("administrator", title="OpenSolar: Needs a new login", url="/connections/1/#problems")
    told("administrator", key="other")
    page = admin.get("/notifications/").content.decode()
    assert page.count("data-unread") == 2
    pk = notices()[0].pk
    for _ in range(2):
        answer = admin.post(f"/notifications/{pk}/open/")
        assert (answer.status_code, answer["Location"]) == (302, "/connections/1/#problems")
    assert bell(admin) == "1 unread notification"
    assert admin.get(f"/notifications/{pk}/open/").status_code == 405


@pytest.mark.parametrize("url", ["", "https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nothing_leads_out_of_the_portal(admin: Client, told: Told, url: str) -> None:
    told("administrator", url=url)
    assert admin.post(f"/notifications/{notices()[0].pk}/open/")["Location"] == "/notifications/"


def test_all_are_read_at_once_and_only_mine(sunny: Company, admin: Client, told: Told) -> None:
    told("administrator", "sales")
    assert admin.post("/notifications/read/").status_code == 302
    assert bell(admin) == "Notifications, none unread"
    assert bell(signed_in(sunny.people["sales"])) == "1 unread notification"
    assert admin.get("/notifications/read/").status_code == 405


def test_nobody_opens_or_sees_anothers(sunny: Company, kestrel: Company, told: Told) -> None:
    told("sales", title="Yours now: Zircon Lane", topic=Topic.ASSIGNED)
    pk = notices()[0].pk
    for person in (sunny.people["administrator"], kestrel.people["administrator"], kestrel.people["sales"]):
        assert signed_in(person).post(f"/notifications/{pk}/open/").status_code == 404
        assert "Zircon" not in words(signed_in(person).get("/notifications/"))
    assert notices()[0].read_at is None


def test_one_of_another_organisation_of_mine_opens_there(sunny: Company, kestrel: Company, told: Told) -> None:
    person = sunny.people["administrator"]
    with scopes_disabled():
        Membership.objects.create(organisation=kestrel.organisation, user=person, given_kind=Kind.SALES)
    told("administrator", url="/projects/")
    client = signed_in(person)
    client.post("/organisation/", {"organisation": "kestrel"})
    assert bell(client) == "Notifications, none unread"
    assert client.post(f"/notifications/{notices()[0].pk}/open/")["Location"] == "/projects/"
    assert "Sunny Solar" in words(client.get("/notifications/"))


def test_the_list_is_narrowed_paged_and_says_what_became_of_the_mail(admin: Client, told: Told) -> None:
    for number in range(35):
        told("administrator", key=str(number), topic=Topic.TEAM, title=f"Joined {number}")
    told("administrator", title="OpenSolar: Needs a new login")
    page = words(admin.get("/notifications/"))
    assert "Notifications 36" in page
    assert "E-mail on its way" in page
    assert "1–30 of 36" in page
    assert "Joined 0 " not in page
    assert "31–36 of 36" in words(admin.get("/notifications/?page=2"))
    assert "Notifications 1 " in words(admin.get("/notifications/?topic=connection"))
    for odd in ("?topic=nothing", "?page=nothing", "?page=-1", "?topic[]=1&page=9999999999999999999999"):
        assert "Notifications 36" in words(admin.get(f"/notifications/{odd}"))


@pytest.mark.parametrize(
    ("who", "topics"),
    [
        ("administrator", ["connection", "removals", "problem", "team", "assigned", "stage", "sold", "delivery"]),
        ("sales", ["assigned", "stage", "sold", "delivery"]),
        ("inspector", ["assigned"]),
        ("installer", ["assigned"]),
    ],
)
def test_everybody_chooses_among_what_concerns_them(sunny: Company, who: str, topics: list[str]) -> None:
    client = signed_in(sunny.people[who])
    page = client.get("/notifications/choices/").content.decode()
    assert re.findall(r'name="(\w+)-portal"', page) == topics


def test_choices_are_kept_and_hold(sunny: Company, admin: Client, told: Told) -> None:
    for _ in range(2):
        assert admin.post("/notifications/choices/", {"connection-portal": "on", "team-mail": "on"}).status_code == 302
    with scopes_disabled():
        chosen = {c.topic: (c.in_portal, c.by_mail) for c in NotificationChoice.objects.all()}
    assert chosen["connection"] == (True, False)
    assert chosen["team"] == (False, True)
    assert chosen["sold"] == (False, False)
    page = admin.get("/notifications/choices/").content.decode()
    assert set(re.findall(r'name="([\w-]+)" checked', page)) == {"connection-portal", "team-mail"}
    told("administrator")
    told("administrator", key="team", topic=Topic.TEAM)
    assert [(n.in_portal, n.mail_state) for n in notices()] == [(True, "none"), (False, "waiting")]


def test_nobody_chooses_what_does_not_concern_them(sunny: Company) -> None:
    signed_in(sunny.people["inspector"]).post("/notifications/choices/", {"connection-mail": "on", "zircon": "on"})
    with scopes_disabled():
        assert [c.topic for c in NotificationChoice.objects.all()] == ["assigned"]


def test_a_long_list_costs_as_many_questions_as_a_short_one(admin: Client, told: Told) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            admin.get("/notifications/")
        return len(asked)

    told("administrator")
    admin.get("/notifications/")
    one = cost()
    for number in range(40):
        told("administrator", key=str(number))
    assert cost() == one <= 10


def test_an_open_page_asks_and_is_told_only_what_changed(admin: Client, told: Told) -> None:
    page = admin.get("/connections/").content.decode()
    (address,) = re.findall(r'hx-get="(/live/\?seen=\w+)"', page)
    answer: Any = admin.get(address)
    assert (answer.status_code, answer.content) == (204, b"")
    told("administrator")
    with CaptureQueriesContext(connection) as asked:
        answer = admin.get(address)
    assert len(asked) <= 5
    assert "1 unread notification" in words(answer)
    assert 'id="age-line"' not in answer.content.decode()
    (address,) = re.findall(r'hx-get="(/live/\?seen=\w+)"', answer.content.decode())
    assert admin.get(address).status_code == 204
    assert 'id="age-line" hx-swap-oob' in admin.get("/live/?line=1").content.decode()


def test_old_ones_go(told: Told) -> None:
    for number in range(3):
        told("administrator", key=str(number))
    with scopes_disabled():
        Notification.objects.filter(key__in=["0", "1"]).update(at=timezone.now() - timedelta(days=91))
    prune()
    assert [notice.key for notice in notices()] == ["2"]
