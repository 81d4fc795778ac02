"""Who gets in: a valid token of a person who belongs to its organisation."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.models import ApiToken
from tests.conftest import Company, api, signed_in

ROUTES = ["org", "projects", "contacts", "roles", "systems", "syncs"]
ROUTES += ["pricing-schemes", "payment-options", "costings", "component-activations"]


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_gets_in_without_a_token(db: None, route: str) -> None:
    answer = Client().get(f"/api/v1/{route}/")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/json"
    assert "credentials" in answer.json()["detail"]


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer nonsense", "Bearer ümlaut", "Basic abc"])
def test_a_bad_token_is_told_apart_from_nothing(sunny: Company, header: str) -> None:
    answer = Client().get("/api/v1/org/", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["detail"]


def test_a_browser_session_is_no_token(sunny: Company) -> None:
    assert signed_in(sunny.people["administrator"]).get("/api/v1/org/").status_code == 401


def test_a_token_ends_with_the_membership(sunny: Company) -> None:
    token = sunny.token("sales")
    assert api(token).get("/api/v1/org/").status_code == 200
    membership = sunny.membership("sales")
    membership.ended_at = timezone.now()
    membership.save()
    answer = api(token).get("/api/v1/org/")
    assert (answer.status_code, answer.json()["detail"]) == (
        401,
        "The person of this token no longer belongs to its organisation.",
    )


def test_a_token_ends_with_the_membership_row(sunny: Company) -> None:
    token = sunny.token("sales")
    sunny.membership("sales").delete()
    assert api(token).get("/api/v1/org/").status_code == 401


def test_a_token_of_someone_switched_off_is_refused(sunny: Company) -> None:
    token = sunny.token("sales")
    sunny.people["sales"].is_active = False
    sunny.people["sales"].save()
    assert api(token).get("/api/v1/org/").status_code == 401


def test_an_expired_token_is_refused(sunny: Company) -> None:
    token = sunny.token("sales")
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert api(token).get("/api/v1/org/").status_code == 401


def test_a_token_is_kept_as_a_hash(sunny: Company) -> None:
    token = sunny.token("sales")
    row = ApiToken.objects.get()
    assert token not in (row.digest, row.token_key)
    assert len(row.token_key) < len(token) / 2


def test_a_person_of_two_organisations_sees_the_one_of_the_token(sunny: Company, kestrel: Company) -> None:
    kestrel.membership("sales").delete()
    membership = sunny.membership("sales")
    membership.pk, membership.organisation = None, kestrel.organisation
    membership.save()
    _, token = ApiToken.objects.create(user=sunny.people["sales"], organisation=kestrel.organisation)
    assert api(sunny.token("sales")).get("/api/v1/org/").json()["slug"] == "sunny"
    assert api(token).get("/api/v1/org/").json()["slug"] == "kestrel"
