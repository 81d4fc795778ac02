"""`manage.py createtoken`: one token, alone on standard output, for someone who belongs."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.models import ApiToken, Kind, Membership, User
from tests.conftest import Company, api


def createtoken(*words: str) -> str:
    out = StringIO()
    call_command("createtoken", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_a_token_alone_on_its_line(sunny: Company) -> None:
    printed = createtoken("Sales@Sunny.example", "--organisation", "sunny")
    token = printed.removesuffix("\n")
    assert "\n" not in token
    assert api(token).get("/api/v1/org/").json()["kind"] == "sales"


def test_every_call_makes_another(sunny: Company) -> None:
    words = ("sales@sunny.example", "--organisation", "sunny")
    assert createtoken(*words) != createtoken(*words)
    assert ApiToken.objects.count() == 2


def test_create_makes_a_local_administrator(sunny: Company) -> None:
    token = createtoken("Hedy.Lamarr@example.com", "--organisation", "sunny", "--create").strip()
    assert api(token).get("/api/v1/org/").json()["kind"] == "administrator"
    user = User.objects.get(email="hedy.lamarr@example.com")
    assert not user.has_usable_password()
    membership = Membership.objects.with_scopes_disabled().get(user=user)
    assert (membership.given_kind, membership.organisation) == (Kind.ADMINISTRATOR, sunny.organisation)


def test_create_admits_someone_from_elsewhere(sunny: Company, kestrel: Company) -> None:
    token = createtoken("sales@kestrel.example", "--organisation", "sunny", "--create").strip()
    told = api(token).get("/api/v1/org/").json()
    assert (told["slug"], told["kind"]) == ("sunny", "administrator")
    assert kestrel.membership("sales").kind == Kind.SALES


def test_create_changes_nobody_who_belongs(sunny: Company) -> None:
    token = createtoken("sales@sunny.example", "--organisation", "sunny", "--create").strip()
    assert api(token).get("/api/v1/org/").json()["kind"] == "sales"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("sales@sunny.example", "--organisation", "nowhere"), "manage.py connect"),
        (("nobody@example.com", "--organisation", "sunny"), "--create"),
        (("sales@kestrel.example", "--organisation", "sunny"), "does not belong to sunny"),
        (("not an address", "--organisation", "sunny", "--create"), "no e-mail address"),
        ((f"{'x' * 250}@example.com", "--organisation", "sunny", "--create"), "no e-mail address"),
    ],
)
def test_what_cannot_be_is_said(sunny: Company, kestrel: Company, words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        createtoken(*words)
    assert (ApiToken.objects.count(), User.objects.count()) == (0, 10)


@pytest.mark.parametrize("create", [(), ("--create",)])
def test_who_left_gets_none(sunny: Company, create: tuple[str, ...]) -> None:
    membership = sunny.membership("sales")
    membership.ended_at = timezone.now()
    membership.save()
    with pytest.raises(CommandError, match="has ended"):
        createtoken("sales@sunny.example", "--organisation", "sunny", *create)


def test_who_is_switched_off_gets_none(sunny: Company) -> None:
    User.objects.filter(email="sales@sunny.example").update(is_active=False)
    with pytest.raises(CommandError, match="switched off"):
        createtoken("sales@sunny.example", "--organisation", "sunny")


def test_wrong_usage_ends_with_2() -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "createtoken", "sales@sunny.example"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "--organisation" in ended.stderr
