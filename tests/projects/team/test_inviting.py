"""An administrator invites: one role, once more, a person without a role; and takes it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from projects.models import Invitation
from projects.services.invitations.token import digest_of
from projects.tasks import send_invitations
from tests.conftest import Company, signed_in
from tests.factories import NOON
from tests.projects.pages.reading import text_of
from tests.projects.team.post import audited, caroline, invite, next_link, the_invitation

PERSON = {"email": "Vera@Rubin.example", "name": "Vera Rubin", "kind": "sales"}


def test_a_role_is_invited_by_a_mail_that_says_all(sunny: Company, ada: Client) -> None:
    link = invite(ada, caroline(sunny))
    (letter,) = mail.outbox
    assert letter.to == ["caroline@herschel.example"]
    assert letter.subject == "Your invitation to Sunny Solar"
    for text in (letter.body, str(letter.alternatives[0][0])):
        for words in ("Administrator invites you", "Sunny Solar", "Caroline Herschel", "ignore it", "works once", link):
            assert words in text
        until = the_invitation().expires_at
        assert f"until {until.day} {until:%b %Y}" in " ".join(text.split())
    assert timedelta(days=13, hours=23) < until - timezone.now() <= timedelta(days=14)
    assert audited("team.invited") == [("team.invited", "Caroline Herschel")]


def test_only_a_digest_of_the_token_is_kept(sunny: Company, ada: Client) -> None:
    token = invite(ada, caroline(sunny)).split("/")[2]
    assert len(token) >= 43
    with scopes_disabled():
        (row,) = Invitation.objects.values()
    assert row["digest"] == digest_of(token)
    assert token not in str(row)


def test_the_address_to_sign_in_at_opensolar_is_the_second_choice(sunny: Company, ada: Client) -> None:
    invite(ada, caroline(sunny, email="made-up@os.code", user_email="Caroline@Sweeper.example"))
    assert mail.outbox[0].to == ["caroline@sweeper.example"]


def test_inviting_again_takes_the_old_link_back(sunny: Company, ada: Client) -> None:
    role = caroline(sunny)
    old, new = invite(ada, role), invite(ada, role)
    assert old != new
    assert Client().get(old).status_code == 410
    assert "taken back" in text_of(Client().get(old))
    assert Client().get(new).status_code == 200


def test_an_invitation_is_taken_back_twice_and_noted_once(sunny: Company, ada: Client) -> None:
    link = invite(ada, caroline(sunny))
    for _press in range(2):
        assert ada.post(f"/team/invitations/{the_invitation().pk}/take-back/").status_code == 302
    assert Client().get(link).status_code == 410
    assert audited("team.invitation_revoked") == [("team.invitation_revoked", "Caroline Herschel")]


def test_taken_back_before_the_mail_left_it_never_leaves(sunny: Company, ada: Client) -> None:
    ada.post(f"/team/roles/{caroline(sunny).pk}/invite/")
    ada.post(f"/team/invitations/{the_invitation().pk}/take-back/")
    send_invitations()
    assert mail.outbox == []


def test_a_local_person_is_invited_with_a_kind(sunny: Company, ada: Client) -> None:
    assert ada.post("/team/invite/", PERSON).status_code == 302
    next_link()
    assert mail.outbox[0].to == ["vera@rubin.example"]
    assert the_invitation().given_kind == "sales"
    ada.post(f"/team/invitations/{the_invitation().pk}/again/")
    again = the_invitation()
    assert (again.email, again.name, again.given_kind) == ("vera@rubin.example", "Vera Rubin", "sales")
    with scopes_disabled():
        assert Invitation.objects.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize(
    "wrong", [{"email": "nobody"}, {"email": ""}, {"kind": "owner"}, {"kind": ""}, {"kind": "unassigned"}, {"name": ""}]
)
def test_what_makes_no_person_is_refused(sunny: Company, ada: Client, wrong: dict[str, str]) -> None:
    assert ada.post("/team/invite/", PERSON | wrong).status_code == 422
    with scopes_disabled():
        assert not Invitation.objects.exists()


def test_who_signs_in_already_is_not_invited(sunny: Company, ada: Client) -> None:
    answer = ada.post("/team/invite/", PERSON | {"email": "SALES@sunny.example"})
    assert answer.status_code == 422
    assert "signs in here already" in text_of(answer)
    answer = ada.post(f"/team/roles/{sunny.roles['sales'].pk}/invite/", follow=True)
    assert "signs in here already" in text_of(answer)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"is_hidden": True}, "is hidden at OpenSolar"),
        ({"removed_at": NOON}, "was removed at OpenSolar"),
        ({"withheld_at": NOON}, "is hidden at OpenSolar"),
        ({"email": ""}, "has no e-mail address"),
        ({"email": "caroline"}, "has no e-mail address"),
        ({"email": "c@" + "x" * 300 + ".example"}, "has no e-mail address"),
        ({"email": "sales@sunny.example"}, "signs in here as Sales already"),
    ],
)
def test_a_role_that_cannot_be_invited_says_why(
    sunny: Company, ada: Client, columns: dict[str, Any], words: str
) -> None:
    role = caroline(sunny, **columns)
    answer = ada.post(f"/team/roles/{role.pk}/invite/", follow=True)
    assert words in text_of(answer)
    with scopes_disabled():
        assert not Invitation.objects.exists()


def test_a_host_header_does_not_reach_the_link(sunny: Company, ada: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ada.post(f"/team/roles/{caroline(sunny).pk}/invite/", headers={"host": "evil.example"})
    next_link()
    assert "evil.example" not in mail.outbox[0].message().as_string()


def test_without_an_address_of_its_own_the_portal_invites_nobody_and_says_so(
    sunny: Company, ada: Client, settings: Any
) -> None:
    settings.PORTAL_BASE_URL = ""
    assert "does not know its own address" in text_of(ada.get("/team/"))
    for path in (f"/team/roles/{caroline(sunny).pk}/invite/", "/team/invite-all/"):
        assert "does not know its own address" in text_of(ada.post(path, follow=True))
    assert "does not know its own address" in text_of(ada.post("/team/invite/", PERSON))
    with scopes_disabled():
        assert not Invitation.objects.exists()


def test_a_name_cannot_add_a_header_to_the_mail(sunny: Company, ada: Client) -> None:
    sunny.organisation.name = "Sunny\r\nBcc: everybody@example.com"
    sunny.organisation.save()
    invite(ada, caroline(sunny))
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].message()["Bcc"] is None


@pytest.mark.parametrize("who", ["sales", "inspector", "installer", "unassigned"])
def test_for_everybody_else_there_is_no_team_page(sunny: Company, ada: Client, who: str) -> None:
    role = caroline(sunny)
    invite(ada, role)
    other, invitation = signed_in(sunny.people[who]), the_invitation().pk
    member = sunny.membership("sales").pk
    for path in ("/team/", "/team/invite/", f"/team/roles/{role.pk}/", f"/team/members/{member}/"):
        assert other.get(path).status_code == 404, path
    for path in (
        "/team/invite-all/",
        f"/team/roles/{role.pk}/invite/",
        f"/team/invitations/{invitation}/again/",
        f"/team/invitations/{invitation}/take-back/",
        f"/team/members/{member}/kind/",
        f"/team/members/{member}/rights/",
        f"/team/members/{member}/remove/",
        f"/team/members/{member}/return/",
    ):
        assert other.post(path).status_code == 404, path
    with scopes_disabled():
        assert Invitation.objects.filter(revoked_at=None).count() == 1
