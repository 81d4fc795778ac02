"""A new login for a connection: goes in, is tried, and never comes out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Connection, ConnectionState, RunState
from portal.services.syncing import run_queued
from tests.conftest import Company
from tests.portal.pages.reading import words
from tests.world import LOGIN, World, connection, last_run


def stored() -> dict[str, Any]:
    with scopes_disabled():
        found: dict[str, Any] = Connection.objects.get().credentials
    return found


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"token": "new-token"}, {"token": "new-token"}),
        (
            {"username": "lise@example.com", "password": " pass word "},
            {"username": "lise@example.com", "password": " pass word "},
        ),
    ],
)
def test_it_is_stored_and_not_shown(
    sunny: Company, client: Client, given: dict[str, str], kept: dict[str, str]
) -> None:
    address = f"/connections/{sunny.connection.pk}/login/"
    assert "token-of-sunny" not in client.get(address).content.decode()
    answer = client.post(address, given, follow=True)
    assert "The new login is stored." in words(answer)
    assert stored() == kept
    for page in (address, address.removesuffix("login/")):
        html = client.get(page).content.decode()
        assert [secret for secret in given.values() if secret.strip() in html] == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"username": "lise@example.com"},
        {"password": "a-secret-word"},
        {"token": "a-secret-word", "username": "lise@example.com", "password": "a-secret-word"},
    ],
)
def test_half_a_login_is_refused_and_no_secret_repeated(sunny: Company, client: Client, given: dict[str, str]) -> None:
    answer = client.post(f"/connections/{sunny.connection.pk}/login/", given)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "token, or an e-mail address with its password" in html or "either a token" in html
    assert "a-secret-word" not in html
    assert stored() == {"token": "token-of-sunny", "owner": "sunny"}


def test_refused_login_is_told_and_the_right_one_heals_the_connection(world: World, owner: Client) -> None:
    address = f"/connections/{connection().pk}/"
    owner.post(address + "login/", {"token": "made-up"})
    run_queued(last_run().pk)
    assert last_run().state == RunState.FAILED
    text = words(owner.get(address))
    assert "Needs a new login" in text
    assert "Nothing is lost" in text
    right = {"username": LOGIN["OPENSOLAR_USERNAME"], "password": LOGIN["OPENSOLAR_PASSWORD"]}
    owner.post(address + "login/", right)
    run_queued(last_run().pk)
    assert last_run().state == RunState.SUCCESS
    assert connection().state == ConnectionState.WELL


def test_while_paused_it_is_only_stored(sunny: Company, client: Client) -> None:
    address = f"/connections/{sunny.connection.pk}/"
    client.post(address + "pause/")
    client.post(address + "login/", {"token": "new-token"})
    assert stored() == {"token": "new-token"}
    assert "No sync has run yet." in words(client.get(address))
