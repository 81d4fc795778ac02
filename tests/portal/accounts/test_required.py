"""An organisation that wants a second factor of its administrators: held without one, everywhere, and only there."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import Kind, Membership, Organisation
from tests.belongings import furnish
from tests.conftest import Company, api, signed_in
from tests.portal.accounts.doors import YOU, set_up_app, sign_in

NEEDED = "/accounts/second-factor/"
ADMINISTRATOR = "administrator@sunny.example"


@pytest.fixture
def strict(sunny: Company) -> Company:
    """Sunny, which wants a second factor."""
    require(sunny.organisation)
    return sunny


def require(organisation: Organisation, wanted: bool = True) -> None:
    organisation.administrators_need_second_factor = wanted
    organisation.save()


def give(company: Company, who: str) -> Authenticator:
    """A factor that was set up some time ago."""
    return Authenticator.objects.create(user=company.people[who], type="totp", data={"secret": "unread"})


@pytest.mark.parametrize("path", ["/", "/projects/", "/connections/", "/admin/", "/admin/portal/user/", "/nothing/"])
def test_without_one_an_administrator_gets_to_nothing(strict: Company, path: str) -> None:
    client = signed_in(strict.people["administrator"])
    for act in (client.get, client.post):
        answer = act(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, NEEDED)


def test_a_part_of_a_page_is_no_way_around(strict: Company) -> None:
    client = signed_in(strict.people["administrator"])
    answer = client.get("/projects/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == NEEDED
    assert answer.content == b""


def test_an_object_is_no_way_around(strict: Company) -> None:
    own = furnish(strict)
    client = signed_in(strict.people["administrator"])
    for model, row in own.items():
        if model.__name__ in ("Project", "Connection"):
            address = f"/{model.__name__.lower()}s/{row.pk}/"
            assert client.get(address).headers["Location"] == NEEDED


def test_the_page_says_why_and_what_to_do(strict: Company) -> None:
    client = signed_in(strict.people["administrator"])
    page = client.get("/", follow=True).content.decode()
    assert "Sunny Solar wants its administrators to have one" in page
    assert "/accounts/2fa/totp/activate/" in page
    assert "/accounts/2fa/webauthn/add/" in page
    assert "/accounts/logout/" in page


def test_the_own_account_opens_and_tells_nothing_of_the_organisation(strict: Company) -> None:
    furnish(strict)
    page = signed_in(strict.people["administrator"]).get(YOU)
    assert page.status_code == 200
    text = page.content.decode()
    assert "A second factor is needed" in text
    assert "/projects/" not in text
    assert "/connections/" not in text


def test_signing_out_works(strict: Company) -> None:
    client = signed_in(strict.people["administrator"])
    client.post("/accounts/logout/")
    assert client.get("/").headers["Location"].startswith("/accounts/login/")


def test_setting_one_up_opens_the_portal(strict: Company) -> None:
    client, _ = sign_in(ADMINISTRATOR)
    assert client.get("/").headers["Location"] == NEEDED
    set_up_app(client)
    assert client.get("/").status_code == 200
    assert client.get(NEEDED).headers["Location"] == "/"


def test_removing_the_last_one_elsewhere_counts_at_once(strict: Company) -> None:
    factor = give(strict, "administrator")
    client = signed_in(strict.people["administrator"])
    assert client.get("/").status_code == 200
    factor.delete()
    assert client.get("/").headers["Location"] == NEEDED


def test_requiring_it_counts_at_once_and_so_does_giving_it_up(sunny: Company) -> None:
    client = signed_in(sunny.people["administrator"])
    assert client.get("/").status_code == 200
    require(sunny.organisation)
    assert client.get("/").headers["Location"] == NEEDED
    require(sunny.organisation, wanted=False)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.ADMINISTRATOR])
def test_others_need_none(strict: Company, kind: str) -> None:
    assert signed_in(strict.people[kind]).get("/").status_code == 200


def test_recovery_codes_alone_are_no_factor(strict: Company) -> None:
    Authenticator.objects.create(user=strict.people["administrator"], type="recovery_codes", data={})
    assert signed_in(strict.people["administrator"]).get("/").headers["Location"] == NEEDED


def test_api_tokens_keep_working(strict: Company) -> None:
    assert api(strict.token("administrator")).get("/api/v1/projects/").status_code == 200


def in_both(strict: Company, kestrel: Company) -> Client:
    """The administrator of sunny is one of kestrel too, which wants nothing."""
    with scopes_disabled():
        Membership.objects.create(
            organisation=kestrel.organisation, user=strict.people["administrator"], given_kind=Kind.ADMINISTRATOR
        )
    return signed_in(strict.people["administrator"])


def test_a_person_of_two_organisations_is_held_only_in_one(strict: Company, kestrel: Company) -> None:
    client = in_both(strict, kestrel)
    assert client.get("/").status_code == 200  # Kestrel comes first by name.
    client.post("/organisation/", {"organisation": "sunny"})
    page = client.get("/", follow=True)
    assert page.redirect_chain[-1][0] == NEEDED
    assert 'value="kestrel"' in page.content.decode()
    client.post("/organisation/", {"organisation": "kestrel"})
    assert client.get("/").status_code == 200


def test_opening_an_object_of_the_other_is_no_way_around(strict: Company, kestrel: Company) -> None:
    own = furnish(strict)
    project = next(row for model, row in own.items() if model.__name__ == "Project")
    client = in_both(strict, kestrel)
    assert client.get("/").status_code == 200
    answer = client.get(f"/projects/{project.pk}/")
    assert answer.headers["Location"] == NEEDED
    assert b"Zircon" not in answer.content


def test_the_last_one_stays_while_it_is_required(strict: Company) -> None:
    client, _ = sign_in(ADMINISTRATOR)
    set_up_app(client)
    for act in (client.get, client.post):
        page = act("/accounts/2fa/totp/deactivate/").content.decode()
        assert "This is your last second factor, and Sunny Solar wants one" in page
    assert Authenticator.objects.filter(type="totp").exists()
    require(strict.organisation, wanted=False)
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()


def test_the_last_passkey_stays_too_and_one_of_two_goes(strict: Company) -> None:
    client, _ = sign_in(ADMINISTRATOR)
    person = strict.people["administrator"]
    key = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Old key", "credential": {}})
    remove = f"/accounts/2fa/webauthn/keys/{key.pk}/remove/"
    answer = client.post(remove)
    assert answer.status_code == 422
    assert "Add another one first" in answer.content.decode()
    give(strict, "administrator")
    assert client.post(remove).status_code == 302
    assert [factor.type for factor in Authenticator.objects.all()] == ["totp"]


def test_nobody_elses_passkey_can_be_removed_or_renamed(strict: Company) -> None:
    key = Authenticator.objects.create(
        user=strict.people["administrator"], type="webauthn", data={"name": "Old key", "credential": {}}
    )
    client, _ = sign_in("sales@sunny.example")
    for act in ("remove", "edit"):
        path = f"/accounts/2fa/webauthn/keys/{key.pk}/{act}/"
        assert client.get(path).status_code == 404
        assert client.post(path, {"name": "Mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Old key"


def test_asking_costs_no_query(sunny: Company) -> None:
    client = signed_in(sunny.people["administrator"])
    client.get("/")
    with CaptureQueriesContext(database) as free:
        client.get("/")
    require(sunny.organisation)
    give(sunny, "administrator")
    with CaptureQueriesContext(database) as bound:
        client.get("/")
    assert len(free) == len(bound)
