"""The team in one list: everybody, searched, filtered, paged, in a constant number of questions to the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Membership, User
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_project, make_role
from tests.projects.pages.reading import names_on, text_of
from tests.projects.team.post import caroline, invite, the_invitation

OURS = ["Administrator Sunny", "Inspector Sunny", "Installer Sunny", "Sales Sunny", "Unassigned Sunny"]


def local(company: Company, email: str = "vera@rubin.example", **columns: Any) -> Membership:
    """Somebody who signs in without a role at OpenSolar."""
    user = User.objects.create_user(email, first_name="Vera", last_name="Rubin")
    with scopes_disabled():
        return Membership.objects.create(organisation=company.organisation, user=user, **columns)


def everybody(company: Company, administrator: Client) -> None:
    """One of each standing."""
    local(company)
    local(company, "left@example.com", ended_at=timezone.now())
    administrator.post("/team/invite/", {"email": "maria@mitchell.example", "name": "Maria Mitchell", "kind": "sales"})
    invite_later = caroline(company)
    make_role(company.connection, display="Annie Cannon", email="annie@cannon.example")
    make_role(company.connection, display="Hidden Star", is_hidden=True)
    make_role(company.connection, display="Gone Star", removed_at=NOON)
    administrator.post(f"/team/roles/{invite_later.pk}/invite/")


@pytest.mark.parametrize(
    ("show", "names"),
    [
        (
            "",
            [
                "Administrator Sunny",
                "Annie Cannon",
                "Caroline Herschel",
                "Gone Star",
                "Hidden Star",
                "Inspector Sunny",
                "Installer Sunny",
                "Maria Mitchell",
                "Sales Sunny",
                "Unassigned Sunny",
                "Vera Rubin",
                "Vera Rubin",
            ],
        ),
        ("signs-in", [*OURS, "Vera Rubin"]),
        ("not-invited", ["Annie Cannon"]),
        ("invited", ["Caroline Herschel", "Maria Mitchell"]),
        ("gone", ["Gone Star", "Hidden Star", "Vera Rubin"]),
        ("trouble", []),
    ],
)
def test_each_filter_shows_whom_it_says(sunny: Company, ada: Client, show: str, names: list[str]) -> None:
    everybody(sunny, ada)
    page = ada.get("/team/", {"show": show})
    assert names_on(page) == names
    assert page.context["total"] == len(names)


def test_what_expired_is_counted_beside_team_and_shown_behind_it(sunny: Company, ada: Client) -> None:
    everybody(sunny, ada)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        browser = signed_in(sunny.people["administrator"])
        page = browser.get("/team/?show=trouble")
        assert names_on(page) == ["Caroline Herschel", "Maria Mitchell"]
        (item,) = [item for item in page.context["nav_admin"] if item["url"] == "/team/"]
        assert item["count"] == 2
        assert "Expired" in text_of(page)


def test_a_line_says_what_opensolar_and_the_portal_know(sunny: Company, ada: Client) -> None:
    role = caroline(
        sunny,
        job_title="Comet sweeper",
        accreditation="CEC 1786",
        phone="+61 2 9999 0000",
        schedule_meeting_url="https://meet.example.com/caroline",
        schedule_meeting_label="Book me",
        has_logged_in=True,
    )
    make_project(sunny.connection, assigned_site_inspector_role_ref=role.opensolar_id)
    page = ada.get("/team/?q=herschel")
    for words in (
        "Comet sweeper · CEC 1786",
        "caroline@herschel.example",
        "Book me",
        "Logged in",
        "Not invited",
        "Site inspector",
        "Site inspector of a project",
    ):
        assert words in text_of(page)
    body = page.content.decode()
    assert 'href="tel:+61299990000"' in body
    assert 'href="https://meet.example.com/caroline"' in body


def test_a_line_invites_and_comes_back_to_the_same_list(sunny: Company, ada: Client) -> None:
    role = caroline(sunny)
    gone = caroline(sunny, display="Gone Star", is_hidden=True)
    address = "/team/?show=not-invited"
    body = ada.get(address).content.decode()
    assert f'action="/team/roles/{role.pk}/invite/"' in body
    assert f"/team/roles/{gone.pk}/invite/" not in ada.get("/team/").content.decode()
    answer = ada.post(f"/team/roles/{role.pk}/invite/", {"list": "?show=not-invited"})
    assert answer.headers["Location"] == address
    assert names_on(ada.get("/team/?show=invited")) == ["Caroline Herschel"]
    for _refused in range(2):
        answer = ada.post(f"/team/roles/{gone.pk}/invite/", {"list": "?show=nonsense&next=//evil.example"})
        assert answer.headers["Location"] == "/team/?"


def test_a_line_removes_others_and_not_oneself(sunny: Company, ada: Client) -> None:
    body = ada.get("/team/").content.decode()
    assert f"/team/members/{sunny.membership('sales').pk}/remove/" in body
    assert f"/team/members/{sunny.membership('administrator').pk}/remove/" not in body


def test_a_meeting_link_that_is_no_web_address_is_none(sunny: Company, ada: Client) -> None:
    role = caroline(sunny, schedule_meeting_url="javascript:alert(1)", display="<script>alert(1)</script>")
    for path in ("/team/", f"/team/roles/{role.pk}/"):
        body = ada.get(path).content.decode()
        assert "javascript:" not in body
        assert "<script>alert" not in body


def test_who_was_here_and_when_and_what_they_see(sunny: Company, ada: Client) -> None:
    signed_in(sunny.people["sales"]).get("/")
    line = text_of(ada.get("/team/?q=Sales"))
    assert "Prices, costs" in line
    assert "just now" in line
    assert "Signs in" in line


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("herschel caroline", ["Caroline Herschel"]),
        ("HERSCHEL.example", ["Caroline Herschel"]),
        ("rubin", ["Vera Rubin", "Vera Rubin"]),
        ("mitchell", ["Maria Mitchell"]),
        ("nobody at all", []),
        ("100%", []),
    ],
)
def test_search_finds_in_all_three(sunny: Company, ada: Client, q: str, names: list[str]) -> None:
    everybody(sunny, ada)
    assert names_on(ada.get("/team/", {"q": q})) == names


@pytest.mark.parametrize(
    "query", ["show=nonsense", "page=0", "page=-1", "page=x", "page=99999999999", "q=%00", "q=" + "x" * 10_000, "q=%FF"]
)
def test_a_broken_address_is_no_error(sunny: Company, ada: Client, query: str) -> None:
    assert ada.get(f"/team/?{query}").status_code == 200


def test_pages_hold_fifty_and_lose_nobody(sunny: Company, ada: Client) -> None:
    for number in range(60):
        make_role(sunny.connection, display=f"Star {number:02}", email=f"star{number}@example.com")
    first, second = ada.get("/team/"), ada.get("/team/?page=2")
    assert len(names_on(first)) == 50
    assert sorted(names_on(first) + names_on(second)) == sorted([f"Star {n:02}" for n in range(60)] + OURS)


def _queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(database) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("show", ["", "signs-in", "not-invited", "invited", "gone"])
def test_fifty_people_cost_as_many_questions_as_few(sunny: Company, ada: Client, show: str) -> None:
    everybody(sunny, ada)
    few = _queries(ada, f"/team/?show={show}")
    for number in range(15):
        local(sunny, f"local{number}@example.com")
        local(sunny, f"gone{number}@example.com", ended_at=timezone.now())
        email = f"star{number}@example.com"
        role = caroline(sunny, display=f"Star {number}", email=email, is_hidden=number % 3 == 0)
        make_project(sunny.connection, assigned_role_ref=role.opensolar_id)
        if number % 2:
            ada.post(f"/team/roles/{role.pk}/invite/")
        ada.post("/team/invite/", {"email": f"by-mail{number}@example.com", "name": "Somebody", "kind": "sales"})
    assert _queries(ada, f"/team/?show={show}") == few
    assert few <= 20


def test_empty_lists_say_what_will_stand_there(sunny: Company, ada: Client) -> None:
    for show, words in (
        ("invited", "Invitations that nobody has accepted yet will stand here"),
        ("not-invited", "Everybody is invited"),
        ("trouble", "No invitation has expired or failed"),
        ("gone", "Nobody has left"),
    ):
        assert words in text_of(ada.get(f"/team/?show={show}"))
    assert "Nobody fits" in text_of(ada.get("/team/?q=nobody"))


def test_the_page_of_a_person_offers_what_can_be_done(sunny: Company, ada: Client) -> None:
    role = caroline(sunny)
    assert "Invite again" not in text_of(ada.get(f"/team/roles/{role.pk}/"))
    invite(ada, role)
    page = text_of(ada.get(f"/team/roles/{role.pk}/"))
    assert "Invite again" in page
    assert "Take the invitation back" in page
    assert "Named on no project" in page
    page = text_of(ada.get(f"/team/members/{sunny.membership('sales').pk}/"))
    assert "Sales Sunny" in page
    assert "Remove from the team …" in page
    assert "As OpenSolar says: Sales" in page
    page = text_of(ada.get(f"/team/members/{sunny.membership('administrator').pk}/"))
    assert "this is you" in page
    assert "Leave …" in page


def test_the_administration_never_shows_a_digest(sunny: Company, ada: Client) -> None:
    invite(ada, caroline(sunny))
    row = the_invitation()
    for path in ("/admin/projects/invitation/", f"/admin/projects/invitation/{row.pk}/change/"):
        page = ada.get(path)
        assert page.status_code == 200
        assert "caroline@herschel.example" in page.content.decode()
        assert row.digest not in page.content.decode()
