"""A company that has nothing yet: every page says what will stand there, and what brings it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Kind, Membership, Organisation, User
from tests.conftest import signed_in
from tests.portal.pages.reading import words


@pytest.fixture
def empty(db: Any) -> Organisation:
    """No connection, no record, no invitation; its administrator has left the first run."""
    return Organisation.objects.create(name="New Roofs", slug="new-roofs", welcomed_at=timezone.now())


def browser_of(kind: Kind, organisation: Organisation) -> Client:
    person = User.objects.create_user(f"{kind}@new.example", first_name="Marie")
    with scopes_disabled():
        Membership.objects.create(organisation=organisation, user=person, given_kind=kind)
    return signed_in(person)


@pytest.mark.parametrize(
    ("kind", "address", "said"),
    [
        (Kind.ADMINISTRATOR, "/", "Your projects will stand here"),
        (Kind.ADMINISTRATOR, "/", "Connect OpenSolar to see your projects here"),
        (Kind.SALES, "/", "as soon as the first sync has brought your projects"),
        (Kind.INSPECTOR, "/", "Projects stand here once OpenSolar names you"),
        (Kind.UNASSIGNED, "/", "An administrator of your organisation says what you do here"),
        (Kind.ADMINISTRATOR, "/projects/", "Your projects will stand here"),
        (Kind.ADMINISTRATOR, "/projects/board/", "Your projects will stand here"),
        (Kind.SALES, "/projects/views/", "Your views will stand here"),
        (Kind.ADMINISTRATOR, "/team/?show=invited", "Invitations that nobody has accepted yet will stand here"),
        (Kind.ADMINISTRATOR, "/team/?show=gone", "Nobody has left"),
        (Kind.ADMINISTRATOR, "/connections/", "Your accounts at the vendors will stand here"),
        (Kind.ADMINISTRATOR, "/welcome/?step=sync", "The first sync will stand here"),
        (Kind.ADMINISTRATOR, "/organisation/audit/", "What administrators do will stand here"),
        (Kind.SALES, "/notifications/", "What you should know stands here"),
        (Kind.SALES, "/search/?q=becquerel", "Nothing found for “becquerel”"),
        (Kind.SALES, "/accounts/you/", "You have none yet."),
    ],
)
def test_it_says_what_will_stand_there(empty: Organisation, kind: Kind, address: str, said: str) -> None:
    assert said in words(browser_of(kind, empty).get(address))
