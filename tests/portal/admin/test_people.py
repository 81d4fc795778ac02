"""People in the Django admin: what they are here can be changed, who they are cannot, and somebody stays in charge."""

from __future__ import annotations

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import ApiToken, Kind, Membership, User
from tests.conftest import PASSWORD, Company, api, signed_in
from tests.portal.admin.test_walls import page


@pytest.fixture
def client(sunny: Company) -> Client:
    """The administrator's browser."""
    return signed_in(sunny.people["administrator"])


def change(client: Client, membership: Membership, kind: str = "", prices: str = "unknown", **more: str) -> str:
    """Saves a membership's page and returns what came back."""
    given = {"given_kind": kind, "prices": prices, "costs": "unknown", **more}
    answer = client.post(page(Membership, "change", membership.pk), given, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def remove(client: Client, membership: Membership) -> str:
    """Deletes a membership and returns what came back."""
    answer = client.post(page(Membership, "delete", membership.pk), {"post": "yes"}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def kind_of(company: Company, who: str) -> Kind:
    return company.membership(who).kind


def test_kind_and_rights_can_be_given(sunny: Company, client: Client) -> None:
    change(client, sunny.membership("sales"), Kind.INSPECTOR, prices="false")
    now = sunny.membership("sales")
    assert (now.kind, now.given_kind, now.prices, now.costs) == (Kind.INSPECTOR, Kind.INSPECTOR, False, None)


def test_person_and_organisation_of_a_membership_stay(sunny: Company, kestrel: Company, client: Client) -> None:
    mine, theirs = sunny.membership("sales"), kestrel.people["sales"]
    stolen = {"user": str(theirs.pk), "organisation": str(kestrel.organisation.pk), "derived_kind": "administrator"}
    change(client, mine, Kind.SALES, **stolen)
    now = sunny.membership("sales")
    assert (now.user, now.organisation, now.derived_kind) == (mine.user, sunny.organisation, Kind.SALES)


def test_last_administrator_cannot_be_demoted(sunny: Company, client: Client) -> None:
    said = change(client, sunny.membership("administrator"), Kind.SALES)
    assert "is the last administrator" in said
    assert kind_of(sunny, "administrator") == Kind.ADMINISTRATOR


def test_last_administrator_cannot_be_removed(sunny: Company, client: Client) -> None:
    said = remove(client, sunny.membership("administrator"))
    assert "is the last administrator" in said
    assert kind_of(sunny, "administrator") == Kind.ADMINISTRATOR


def test_with_a_second_one_the_first_may_go(sunny: Company, client: Client) -> None:
    change(client, sunny.membership("sales"), Kind.ADMINISTRATOR)
    remove(signed_in(sunny.people["sales"]), sunny.membership("administrator"))
    with scopes_disabled():
        left = Membership.objects.filter(organisation=sunny.organisation, user=sunny.people["administrator"])
        assert not left.exists()


@pytest.mark.parametrize("gone", ["ended", "inactive"])
def test_administrator_who_cannot_sign_in_does_not_count(sunny: Company, client: Client, gone: str) -> None:
    change(client, sunny.membership("sales"), Kind.ADMINISTRATOR)
    with scopes_disabled():
        if gone == "ended":
            when = sunny.membership("administrator").created_at
            Membership.objects.filter(pk=sunny.membership("sales").pk).update(ended_at=when)
        else:
            User.objects.filter(pk=sunny.people["sales"].pk).update(is_active=False)
    assert "is the last administrator" in change(client, sunny.membership("administrator"), Kind.SALES)


def test_last_administrator_named_here_stays_while_the_vendor_names_others(sunny: Company, client: Client) -> None:
    """The vendor could take the others' rights away at any sync."""
    change(client, sunny.membership("sales"), Kind.ADMINISTRATOR)
    named = sunny.membership("sales")
    assert "last administrator named here" in change(client, named, "")
    assert "last administrator named here" in remove(client, named)
    assert kind_of(sunny, "sales") == Kind.ADMINISTRATOR


def test_removed_persons_tokens_stop(sunny: Company, client: Client) -> None:
    token = sunny.token("sales")
    assert api(token).get("/api/v1/org/").status_code == 200
    remove(client, sunny.membership("sales"))
    assert api(token).get("/api/v1/org/").status_code == 401
    assert not ApiToken.objects.filter(user=sunny.people["sales"]).exists()


def test_token_can_be_revoked_and_never_read(sunny: Company, client: Client) -> None:
    secret = sunny.token("sales")
    token = ApiToken.objects.get()
    for act in ("change", "delete", "history"):
        assert secret not in client.get(page(ApiToken, act, token.pk)).content.decode()
    client.post(page(ApiToken, "delete", token.pk), {"post": "yes"})
    assert api(secret).get("/api/v1/org/").status_code == 401


def test_name_of_an_own_person_can_be_put_right(sunny: Company, client: Client) -> None:
    person = sunny.people["sales"]
    wish = {"first_name": "Émilie", "last_name": "du Châtelet", "email": "stolen@example.com", "is_superuser": "on"}
    client.post(page(User, "change", person.pk), wish)
    person.refresh_from_db()
    assert person.get_full_name() == "Émilie du Châtelet"
    assert (person.email, person.is_superuser) == ("sales@sunny.example", False)
    assert person.check_password(PASSWORD)


def test_person_who_belongs_elsewhere_too_is_not_ours_to_change(
    sunny: Company, kestrel: Company, client: Client
) -> None:
    shared = kestrel.people["sales"]
    with scopes_disabled():
        Membership.objects.create(organisation=sunny.organisation, user=shared, given_kind=Kind.SALES)
    address = page(User, "change", shared.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {"first_name": "Mallory", "last_name": "M"}).status_code == 404
    shared.refresh_from_db()
    assert shared.first_name == "Sales"


def test_password_is_nowhere(sunny: Company, client: Client) -> None:
    person = sunny.people["sales"]
    text = client.get(page(User, "change", person.pk)).content.decode()
    assert person.password not in text
    assert "md5$" not in text
    assert client.get(f"/admin/portal/user/{person.pk}/password/", follow=True).status_code == 404
    assert client.get("/admin/password_change/").headers["location"] == "/accounts/password/change/"
