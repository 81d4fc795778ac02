"""Coming in by an invitation: as somebody new, with a login one has, once more after having left; each only once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from portal import configuration
from portal.models import Kind, Membership, Notification, User
from projects.models import Invitation
from tests.conftest import Company, signed_in
from tests.factories import make_project
from tests.projects.pages.reading import link_named, text_of
from tests.projects.team.post import (
    NAMED,
    PASSWORD,
    audited,
    caroline,
    invite,
    memberships,
    next_link,
    role_of,
    the_invitation,
)


def test_somebody_new_sets_name_and_password_and_is_in(sunny: Company, ada: Client) -> None:
    role = caroline(sunny)
    make_project(sunny.connection, assigned_salesperson_role_ref=role.opensolar_id)
    link, browser = invite(ada, role), Client()
    page = browser.get(link)
    for words in ("Join Sunny Solar", "Administrator", "caroline@herschel.example"):
        assert words in text_of(page)
    answer = browser.post(link, NAMED, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "Welcome to Sunny Solar." in text_of(answer)
    (membership,) = memberships("caroline@herschel.example")
    assert membership.user.get_full_name() == "Caroline Herschel"
    assert role_of(role).membership == membership
    assert (membership.kind, membership.given_kind) == (Kind.SALES, "")
    assert membership.derived_because == "sales"
    assert EmailAddress.objects.get(user=membership.user).verified
    assert Client().login(email="caroline@herschel.example", password=PASSWORD)
    assert audited("team.joined") == [("team.joined", "Caroline Herschel")]


def test_administrators_are_told_once(sunny: Company, ada: Client) -> None:
    Client().post(invite(ada, caroline(sunny)), NAMED)
    with scopes_disabled():
        (notice,) = Notification.objects.all()
    assert notice.membership == sunny.membership("administrator")
    assert notice.title == "Caroline Herschel joined the team"
    assert notice.url == "/team/"


def test_looking_changes_nothing(sunny: Company, ada: Client) -> None:
    role = caroline(sunny)
    link = invite(ada, role)
    before = the_invitation().__dict__.copy()
    browser = Client()
    for _look in range(3):
        assert browser.get(link).status_code == 200
        assert browser.head(link).status_code == 200
    after = the_invitation().__dict__.copy()
    assert {k: v for k, v in after.items() if k != "_state"} == {k: v for k, v in before.items() if k != "_state"}
    assert memberships("caroline@herschel.example") == []
    assert "sessionid" not in browser.cookies


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "password123", "again": "password123"}, "too common"),
        ({"password": "caroline@herschel", "again": "caroline@herschel"}, "too similar"),
        ({"again": "another one entirely"}, "differ"),
        ({"first_name": " "}, "required"),
        ({"first_name": "x" * 151}, "at most 150"),
    ],
)
def test_what_makes_no_login_is_said_and_makes_none(
    sunny: Company, ada: Client, wrong: dict[str, str], words: str
) -> None:
    link, browser = invite(ada, caroline(sunny)), Client()
    answer = browser.post(link, NAMED | wrong)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not User.objects.filter(email="caroline@herschel.example").exists()
    assert browser.post(link, NAMED).status_code == 302


def test_an_existing_person_signs_in_first_and_then_clicks_once(sunny: Company, kestrel: Company, ada: Client) -> None:
    role = caroline(sunny, email="sales@kestrel.example")
    link, browser = invite(ada, role), Client()
    page = browser.get(link)
    assert 'name="password"' not in page.content.decode()
    login = link_named(page, "Sign in to accept")
    assert login.startswith("/accounts/login/?next=")
    answer = browser.post(link, NAMED)
    assert answer.status_code == 409
    assert role_of(role).membership is None
    form = {"login": "sales@kestrel.example", "password": "a long pass phrase for tests"}
    page = browser.post(login, form, follow=True)
    assert page.redirect_chain[-1][0] == link
    assert "One click" in text_of(page)
    answer = browser.post(link, follow=True)
    assert "Welcome to Sunny Solar." in text_of(answer)
    assert answer.context["organisation"] == sunny.organisation
    here = role_of(role).membership
    assert here is not None
    assert here.user == kestrel.people["sales"]
    # The other organisation's membership and its role stay what they were.
    assert role_of(kestrel.roles["sales"]).membership == kestrel.membership("sales")
    assert kestrel.membership("sales").kind == Kind.SALES
    assert kestrel.people["sales"].check_password("a long pass phrase for tests")


def test_one_address_invited_by_two_organisations_is_one_person_with_two_memberships(
    sunny: Company, kestrel: Company, ada: Client
) -> None:
    roles = caroline(sunny), caroline(kestrel)
    first = invite(ada, roles[0])
    second = invite(signed_in(kestrel.people["administrator"]), roles[1])
    browser = Client()
    browser.post(first, NAMED)
    assert role_of(roles[1]).membership is None  # an equal address binds nothing
    assert browser.post(second).status_code == 302
    here, there = memberships("caroline@herschel.example")
    assert here.user == there.user
    assert role_of(roles[0]).membership == here
    assert role_of(roles[1]).membership == there
    assert (here.organisation, there.organisation) == (sunny.organisation, kestrel.organisation)


def test_signed_in_as_somebody_else_both_are_named_and_one_can_go_on(sunny: Company, ada: Client) -> None:
    role = caroline(sunny)
    link, browser = invite(ada, role), signed_in(sunny.people["sales"])
    page = text_of(browser.get(link))
    assert "caroline@herschel.example" in page
    assert "sales@sunny.example" in page
    assert "Sign out and go on" in page
    assert browser.post(link, NAMED).status_code == 409
    assert role_of(role).membership is None
    assert sunny.membership("sales").ended_at is None
    answer = browser.post(f"{link}sign-out/", follow=True)
    assert answer.redirect_chain[-1][0] == link
    assert "Set your name and a password" in text_of(answer)
    assert browser.post(link, NAMED, follow=True).context["access"].user.email == "caroline@herschel.example"


def test_a_local_person_gets_the_kind_given(sunny: Company, ada: Client) -> None:
    ada.post("/team/invite/", {"email": "vera@rubin.example", "name": "Vera Rubin", "kind": "inspector"})
    link = next_link()
    page = Client().get(link)
    assert 'value="Vera"' in page.content.decode()
    assert 'value="Rubin"' in page.content.decode()
    Client().post(link, NAMED)
    (membership,) = memberships("vera@rubin.example")
    assert (membership.kind, membership.given_kind) == (Kind.INSPECTOR, "inspector")


def test_accepting_revives_an_ended_membership(sunny: Company, ada: Client) -> None:
    member = sunny.membership("sales")
    ada.post(f"/team/members/{member.pk}/remove/")
    role = sunny.roles["sales"]
    with scopes_disabled():
        type(role).objects.filter(pk=role.pk).update(email="sales@sunny.example")
    browser = signed_in(sunny.people["sales"])
    assert browser.get("/projects/").status_code == 404
    assert browser.post(invite(ada, role)).status_code == 302
    revived = sunny.membership("sales")
    assert (revived.pk, revived.ended_at) == (member.pk, None)
    assert browser.get("/team/leave/").status_code == 200


def test_a_removed_administrator_comes_back_only_as_what_they_are_invited_as(sunny: Company, ada: Client) -> None:
    user = User.objects.create_user("vera@rubin.example", PASSWORD)
    with scopes_disabled():
        old = Membership.objects.create(
            organisation=sunny.organisation, user=user, given_kind=Kind.ADMINISTRATOR, ended_at=timezone.now()
        )
    ada.post("/team/invite/", {"email": "vera@rubin.example", "name": "Vera Rubin", "kind": "sales"})
    assert signed_in(user).post(next_link()).status_code == 302
    (now,) = memberships("vera@rubin.example")
    assert (now.pk, now.kind, now.ended_at) == (old.pk, Kind.SALES, None)


def test_a_local_administrator_who_accepts_a_role_stays_administrator(sunny: Company, ada: Client) -> None:
    user = User.objects.create_user("vera@rubin.example", PASSWORD)
    with scopes_disabled():
        Membership.objects.create(organisation=sunny.organisation, user=user, given_kind=Kind.ADMINISTRATOR)
    role = caroline(sunny, email="vera@rubin.example")
    signed_in(user).post(invite(ada, role))
    bound = role_of(role).membership
    assert bound is not None
    assert bound.kind == Kind.ADMINISTRATOR
    assert len(memberships("vera@rubin.example")) == 1


def test_no_page_of_it_is_kept_or_told_to_others(sunny: Company, ada: Client) -> None:
    page = Client().get(invite(ada, caroline(sunny)))
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


def test_the_token_stays_out_of_the_log(sunny: Company, ada: Client, caplog: pytest.LogCaptureFixture) -> None:
    from logging.config import DictConfigurator

    role = caroline(sunny)
    link = invite(ada, role)
    ada.post(f"/team/invitations/{the_invitation().pk}/take-back/")
    caplog.clear()
    Client().get(link)
    # Made anew: the configurator takes a part of what it is given out of it.
    form = configuration.logging("INFO")
    written = DictConfigurator(form).configure_formatter(form["formatters"]["line"])
    lines = [written.format(record) for record in caplog.records]
    assert any("/invitations/[removed]/" in line for line in lines)
    assert not [line for line in lines if link.split("/")[2] in line]


def test_an_invitation_that_was_accepted_leaves_no_other_way_in(sunny: Company, ada: Client) -> None:
    ada.post("/team/invite/", {"email": "caroline@herschel.example", "name": "Caroline", "kind": "administrator"})
    local = next_link()
    Client().post(invite(ada, caroline(sunny)), NAMED)
    assert Client().get(local).status_code == 410
    (membership,) = memberships("caroline@herschel.example")
    assert membership.kind == Kind.UNASSIGNED
    with scopes_disabled():
        assert Invitation.objects.filter(accepted_at=None, revoked_at=None).count() == 0
    assert len(mail.outbox) == 2


def test_it_can_be_accepted_until_the_last_minute(sunny: Company, ada: Client) -> None:
    import time_machine

    link = invite(ada, caroline(sunny))
    with time_machine.travel(timezone.now() + timedelta(days=13, hours=23, minutes=59)):
        assert Client().post(link, NAMED).status_code == 302
