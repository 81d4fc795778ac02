"""What an administrator does to somebody who signs in: kind, prices and costs, removal and return; and leaving."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import ApiToken, Kind, Membership, Notification, User
from projects.models import Role
from projects.services.rights import derive_rights
from tests.conftest import PASSWORD, Company, api, signed_in
from tests.factories import make_role
from tests.projects.pages.reading import text_of
from tests.projects.team.post import audited, caroline, invite

LAST = "is the last administrator"


def member(company: Company, who: str) -> str:
    """The address of that person's membership."""
    return f"/team/members/{company.membership(who).pk}/"


def second_administrator(company: Company) -> User:
    """Named here, without a role."""
    user = User.objects.create_user("vera@rubin.example", PASSWORD, first_name="Vera", last_name="Rubin")
    with scopes_disabled():
        Membership.objects.create(organisation=company.organisation, user=user, given_kind=Kind.ADMINISTRATOR)
    return user


def test_a_kind_is_given_and_taken_back(sunny: Company, ada: Client) -> None:
    answer = ada.post(f"{member(sunny, 'sales')}kind/", {"kind": "inspector"}, follow=True)
    assert "is here as: Site inspector" in text_of(answer)
    assert "Given here" in text_of(answer)
    assert sunny.membership("sales").kind == Kind.INSPECTOR
    ada.post(f"{member(sunny, 'sales')}kind/", {"kind": ""})
    assert sunny.membership("sales").kind == Kind.SALES
    ada.post(f"{member(sunny, 'sales')}kind/", {"kind": ""})
    assert audited() == [("team.kind_changed", "Sales")] * 2


@pytest.mark.parametrize("kind", ["owner", "x" * 10_000])
def test_a_kind_that_is_none_is_refused(sunny: Company, ada: Client, kind: str) -> None:
    answer = ada.post(f"{member(sunny, 'sales')}kind/", {"kind": kind}, follow=True)
    assert "There is no such kind" in text_of(answer)
    assert sunny.membership("sales").kind == Kind.SALES


def test_without_a_role_opensolar_says_nothing(sunny: Company, ada: Client) -> None:
    second_administrator(sunny)
    ada.post(f"{member(sunny, 'administrator')}kind/", {"kind": "administrator"})
    with scopes_disabled():
        pk = Membership.objects.get(user__email="vera@rubin.example").pk
    answer = ada.post(f"/team/members/{pk}/kind/", {"kind": ""}, follow=True)
    assert "has no role at OpenSolar" in text_of(answer)


def test_prices_and_costs(sunny: Company, ada: Client) -> None:
    ada.post(f"{member(sunny, 'sales')}rights/", {"prices": "on"})
    found = sunny.membership("sales")
    assert (found.sees_prices, found.sees_costs) == (True, False)
    ada.post(f"{member(sunny, 'sales')}rights/", {"prices": "on"})
    ada.post(f"{member(sunny, 'sales')}rights/", {"prices": "on", "costs": "on"})
    assert sunny.membership("sales").sees_costs
    assert audited() == [("team.rights_changed", "Sales")] * 2
    ada.post(f"{member(sunny, 'inspector')}rights/", {"prices": "on", "costs": "on"})
    assert not sunny.membership("inspector").sees_prices


def test_who_is_removed_is_out_at_once_with_their_tokens(sunny: Company, ada: Client) -> None:
    browser, token = signed_in(sunny.people["sales"]), sunny.token("sales")
    assert "Remove Sales Sunny?" in text_of(ada.get(f"{member(sunny, 'sales')}remove/"))
    assert sunny.membership("sales").ended_at is None
    answer = ada.post(f"{member(sunny, 'sales')}remove/", follow=True)
    assert "cannot sign in here any more" in text_of(answer)
    assert "Access ended" in text_of(answer)
    assert browser.get("/projects/").status_code == 404
    assert api(token).get("/api/v1/projects/").status_code == 401
    with scopes_disabled():
        assert not ApiToken.objects.exists()
    ended = sunny.membership("sales").ended_at
    ada.post(f"{member(sunny, 'sales')}remove/")
    assert sunny.membership("sales").ended_at == ended
    assert audited() == [("team.removed", "Sales")]


def test_a_sync_does_not_bring_back_who_was_removed(sunny: Company, ada: Client) -> None:
    ada.post(f"{member(sunny, 'sales')}remove/")
    with scopes_disabled():
        derive_rights(sunny.connection)
    assert sunny.membership("sales").ended_at is not None


def test_who_was_hidden_before_reasons_became_codes_comes_back(sunny: Company, ada: Client) -> None:
    reasons = import_module("portal.migrations.0010_keep_reasons_of_a_kind_as_codes")
    sentence = "Hidden or removed at OpenSolar"
    with scopes_disabled():
        mine = Membership.objects.filter(pk=sunny.membership("sales").pk)
        mine.update(ended_at=timezone.now(), derived_because=sentence)
        reasons.to_codes(apps, None)
        assert mine.get().derived_because == "hidden"
        reasons.to_sentences(apps, None)
        assert mine.get().derived_because == sentence
        reasons.to_codes(apps, None)
        assert sentence in text_of(ada.get(member(sunny, "sales")))
        derive_rights(sunny.connection)
    assert sunny.membership("sales").ended_at is None
    assert "Named on no project" in text_of(ada.get(member(sunny, "sales")))


def test_who_came_back_and_is_then_removed_stays_out(sunny: Company, ada: Client) -> None:
    """Shown again at OpenSolar while nobody else administers, they keep that kind; then a person removes them."""
    others = User.objects.filter(pk=sunny.people["administrator"].pk)
    ended = {"ended_at": timezone.now(), "derived_because": "hidden", "derived_kind": Kind.ADMINISTRATOR}
    with scopes_disabled():
        Membership.objects.filter(pk=sunny.membership("sales").pk).update(**ended)
        Membership.objects.filter(user=others.get()).update(given_kind=Kind.ADMINISTRATOR)
        others.update(is_active=False)
        derive_rights(sunny.connection)
        others.update(is_active=True)
    assert sunny.membership("sales").ended_at is None
    ada.post(f"{member(sunny, 'sales')}remove/")
    assert sunny.membership("sales").ended_at is not None
    with scopes_disabled():
        derive_rights(sunny.connection)
    assert sunny.membership("sales").ended_at is not None


def test_a_sync_asks_as_often_for_fifty_people_as_for_five(sunny: Company) -> None:
    def asked() -> int:
        with scopes_disabled(), CaptureQueriesContext(connection) as questions:
            derive_rights(sunny.connection)
        return len(questions)

    asked()
    few = asked()
    for number in range(45):
        person = User.objects.create_user(f"role-{number}@example.com")
        with scopes_disabled():
            membership = Membership.objects.create(organisation=sunny.organisation, user=person)
        make_role(sunny.connection, membership=membership, is_hidden=number % 3 == 0)
    asked()
    assert asked() == few


def test_who_was_removed_is_brought_back(sunny: Company, ada: Client) -> None:
    ada.post(f"{member(sunny, 'sales')}remove/")
    for _press in range(2):
        answer = ada.post(f"{member(sunny, 'sales')}return/", follow=True)
        assert "can sign in again" in text_of(answer)
    assert signed_in(sunny.people["sales"]).get("/").status_code == 200
    assert sunny.membership("sales").ended_at is None
    assert [act for act, _about in audited()] == ["team.removed", "team.returned"]


def test_who_is_hidden_at_opensolar_is_not_brought_back_here(sunny: Company, ada: Client) -> None:
    ada.post(f"{member(sunny, 'sales')}remove/")
    with scopes_disabled():
        Role.objects.filter(pk=sunny.roles["sales"].pk).update(is_hidden=True)
    answer = ada.post(f"{member(sunny, 'sales')}return/", follow=True)
    assert "Show them there" in text_of(answer)
    assert sunny.membership("sales").ended_at is not None


def test_the_last_administrator_neither_leaves_nor_steps_down_nor_is_removed(sunny: Company, ada: Client) -> None:
    mine = member(sunny, "administrator")
    assert LAST in text_of(ada.post(f"{mine}kind/", {"kind": "sales"}, follow=True))
    assert LAST in text_of(ada.get("/team/leave/"))
    assert LAST in text_of(ada.post("/team/leave/", follow=True))
    assert ada.post(f"{mine}remove/").headers["Location"] == "/team/leave/"
    left = sunny.membership("administrator")
    assert (left.ended_at, left.kind) == (None, Kind.ADMINISTRATOR)
    assert audited() == []


def test_the_last_one_named_here_stays_while_others_are_administrators_by_the_vendor(
    sunny: Company, ada: Client
) -> None:
    vera = second_administrator(sunny)
    answer = signed_in(vera).post("/team/leave/", follow=True)
    assert "is the last administrator named here" in text_of(answer)
    assert ada.post("/team/leave/").status_code == 302  # the vendor's may go


def test_everybody_may_leave_by_themselves(sunny: Company) -> None:
    for who in ("sales", "inspector", "installer", "unassigned"):
        browser, token = signed_in(sunny.people[who]), sunny.token(who)
        assert "Leave Sunny Solar?" in text_of(browser.get("/team/leave/"))
        assert sunny.membership(who).ended_at is None
        answer = browser.post("/team/leave/", follow=True)
        assert "You left Sunny Solar and are signed out." in text_of(answer)
        assert "_auth_user_id" not in browser.session
        assert sunny.membership(who).ended_at is not None
        assert api(token).get("/api/v1/projects/").status_code == 401
        assert browser.post("/team/leave/").status_code == 302  # to the sign-in page
    assert [act for act, _about in audited()] == ["team.left"] * 4
    with scopes_disabled():
        titles = list(Notification.objects.order_by("pk").values_list("title", flat=True))
    assert titles[0] == "Sales left the team"


def test_who_belongs_elsewhere_stays_signed_in_there(sunny: Company, kestrel: Company) -> None:
    person = sunny.people["sales"]
    with scopes_disabled():
        Membership.objects.create(organisation=kestrel.organisation, user=person, given_kind=Kind.SALES)
    browser = signed_in(person)
    browser.post("/organisation/", {"organisation": "sunny"})
    answer = browser.post("/team/leave/", follow=True)
    assert "You left Sunny Solar." in text_of(answer)
    assert answer.context["organisation"] == kestrel.organisation
    with scopes_disabled():
        assert Membership.objects.get(user=person, organisation=kestrel.organisation).ended_at is None


def test_nobody_of_another_organisation_is_touched(sunny: Company, kestrel: Company) -> None:
    outsider, before = signed_in(kestrel.people["administrator"]), timezone.now()
    role = caroline(sunny)
    for path in (
        f"{member(sunny, 'sales')}remove/",
        f"{member(sunny, 'sales')}kind/",
        f"{member(sunny, 'sales')}rights/",
        f"{member(sunny, 'sales')}return/",
        f"/team/roles/{role.pk}/invite/",
    ):
        assert outsider.post(path, {"kind": "administrator"}).status_code == 404, path
    assert sunny.membership("sales").ended_at is None
    assert sunny.membership("sales").created_at < before
    assert "Herschel" not in outsider.get("/team/").content.decode()


def test_acts_are_no_links(sunny: Company, ada: Client) -> None:
    role = caroline(sunny)
    invite(ada, role)
    for path in (f"/team/roles/{role.pk}/invite/", "/team/invite-all/", f"{member(sunny, 'sales')}kind/"):
        assert ada.get(path).status_code == 405
