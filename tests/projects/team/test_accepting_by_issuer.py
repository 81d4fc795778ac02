"""Coming in through the installer's own issuer: by the link of an invitation, never by an address alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_httpserver import HTTPServer

from portal.models import Kind, User
from tests.conftest import Company
from tests.portal.accounts.issuer import FakeIssuer, at_work, leave
from tests.projects.team.post import caroline, invite, memberships, role_of, the_invitation

BACK = "/accounts/oidc/callback/"
CAROLINE = "caroline@herschel.example"


@pytest.fixture
def issuer(httpserver: HTTPServer, settings: Any) -> FakeIssuer:
    return at_work(httpserver, settings)


def come_back(client: Client, issuer: FakeIssuer, email: str, **body: str) -> Any:
    return client.get(BACK, issuer.visit(leave(client, **body), email))


def test_who_holds_the_link_comes_in_without_a_password(sunny: Company, ada: Client, issuer: FakeIssuer) -> None:
    role = caroline(sunny)
    link, guest = invite(ada, role), Client()
    assert "Sign in with Sunny ID" in guest.get(link).content.decode()
    issuer.claims = {"given_name": "Caroline", "family_name": "Herschel"}
    assert come_back(guest, issuer, CAROLINE, next=link).headers["Location"] == link
    user = User.objects.get(email=CAROLINE)
    assert (str(user), user.has_usable_password(), memberships(CAROLINE)) == ("Caroline Herschel", False, [])
    assert "One click, and you are in" in guest.get(link).content.decode()
    assert guest.post(link).status_code == 302
    (membership,) = memberships(CAROLINE)
    assert role_of(role).membership == membership
    assert guest.get("/accounts/you/").status_code == 200


def test_the_address_alone_makes_nobody(sunny: Company, ada: Client, issuer: FakeIssuer) -> None:
    invite(ada, caroline(sunny))
    for began_at in ({}, {"next": "/projects/"}, {"next": "/invitations/made-up/"}):
        assert come_back(Client(), issuer, CAROLINE, **began_at).status_code == 403
    assert not User.objects.filter(email=CAROLINE).exists()


def test_the_link_of_somebody_else_makes_nobody(sunny: Company, ada: Client, issuer: FakeIssuer) -> None:
    link = invite(ada, caroline(sunny))
    assert come_back(Client(), issuer, "mallory@example.com", next=link).status_code == 403
    assert not User.objects.filter(email="mallory@example.com").exists()


def test_an_address_that_nobody_verified_makes_nobody(sunny: Company, ada: Client, issuer: FakeIssuer) -> None:
    link = invite(ada, caroline(sunny))
    issuer.claims = {"email_verified": False}
    assert come_back(Client(), issuer, CAROLINE, next=link).status_code == 403
    assert not User.objects.filter(email=CAROLINE).exists()


def test_an_invitation_taken_back_makes_nobody(sunny: Company, ada: Client, issuer: FakeIssuer) -> None:
    link, guest = invite(ada, caroline(sunny)), Client()
    away = leave(guest, next=link)
    ada.post(f"/team/invitations/{the_invitation().pk}/take-back/")
    assert guest.get(BACK, issuer.visit(away, CAROLINE)).status_code == 403
    assert not User.objects.filter(email=CAROLINE).exists()


def test_an_equal_address_binds_no_role(sunny: Company, ada: Client, issuer: FakeIssuer) -> None:
    """A login that is here already signs in, and is nobody in the team until it accepts."""
    User.objects.create_user(CAROLINE, "a password of her own")
    role = caroline(sunny)
    invite(ada, role)
    guest = Client()
    assert come_back(guest, issuer, CAROLINE).headers["Location"] == "/"
    assert "You do not belong to an organisation yet" in guest.get("/").content.decode()
    assert role_of(role).membership is None
    assert sunny.membership(Kind.SALES).kind == Kind.SALES
