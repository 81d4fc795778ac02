"""A connection in the Django admin: a new login goes in and never comes out."""

from __future__ import annotations

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import Connection, RunState, SyncRun
from tests.conftest import Company, signed_in
from tests.portal.admin.test_walls import page

SETTINGS = {"machine_user": "unknown", "requests_at_once": "2", "page_size": "100"}


@pytest.fixture
def client(sunny: Company) -> Client:
    """The administrator's browser."""
    return signed_in(sunny.people["administrator"])


def save(client: Client, company: Company, **given: str) -> str:
    """Saves the connection's page and returns what came back."""
    answer = client.post(page(Connection, "change", company.connection.pk), {**SETTINGS, **given}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def stored(company: Company) -> Connection:
    with scopes_disabled():
        return Connection.objects.get(pk=company.connection.pk)


def test_stored_login_is_not_shown(sunny: Company, client: Client) -> None:
    text = client.get(page(Connection, "change", sunny.connection.pk)).content.decode()
    with database.cursor() as cursor:
        cursor.execute("SELECT credentials FROM portal_connection WHERE id = %s", [sunny.connection.pk])
        encrypted = cursor.fetchone()[0]
    assert "token-of-sunny" not in text
    assert encrypted not in text


def test_new_token_is_stored_encrypted_and_tried(sunny: Company, client: Client) -> None:
    text = save(client, sunny, new_token="brand-new-token")
    assert stored(sunny).credentials["token"] == "brand-new-token"
    assert "brand-new-token" not in text
    with database.cursor() as cursor:
        cursor.execute("SELECT credentials FROM portal_connection WHERE id = %s", [sunny.connection.pk])
        assert "brand-new-token" not in cursor.fetchone()[0]
    with scopes_disabled():
        run = SyncRun.objects.get(connection=sunny.connection)
    assert (run.state, run.asked_by) == (RunState.QUEUED, sunny.people["administrator"])


def test_history_names_the_field_and_not_the_secret(sunny: Company, client: Client) -> None:
    save(client, sunny, new_username="lise@example.com", new_password="a-secret-word")
    text = client.get(page(Connection, "history", sunny.connection.pk)).content.decode()
    assert "ew password" in text
    assert "a-secret-word" not in text
    assert stored(sunny).credentials == {"username": "lise@example.com", "password": "a-secret-word"}


@pytest.mark.parametrize(
    "given",
    [
        {"new_token": "a-secret-word", "new_username": "lise@example.com", "new_password": "another"},
        {"new_username": "lise@example.com"},
        {"new_password": "a-secret-word"},
    ],
)
def test_half_a_login_is_refused_and_not_repeated(sunny: Company, client: Client, given: dict[str, str]) -> None:
    text = save(client, sunny, **given)
    assert "a token, or an e-mail address with its password" in text or "either a token" in text
    assert "a-secret-word" not in text
    assert stored(sunny).credentials == {"token": "token-of-sunny", "owner": "sunny"}


def test_settings_alone_keep_the_login(sunny: Company, client: Client) -> None:
    save(client, sunny, machine_user="true", requests_at_once="1")
    now = stored(sunny)
    assert (now.machine_user, now.requests_at_once) == (True, 1)
    assert now.credentials == {"token": "token-of-sunny", "owner": "sunny"}


def test_only_what_was_changed_is_written(sunny: Company, client: Client) -> None:
    """The engine writes the same row at the same time: its state, its message, a renewed token."""
    with CaptureQueriesContext(database) as queries:
        save(client, sunny, page_size="50", state="paused", message="stolen")
    written = [q["sql"] for q in queries if q["sql"].startswith('UPDATE "portal_connection"')]
    assert [sql.split(" WHERE ")[0] for sql in written] == ['UPDATE "portal_connection" SET "page_size" = 50']


def test_login_is_never_sent_to_another_address(sunny: Company, client: Client) -> None:
    save(client, sunny, base_url="https://elsewhere.example.com", account_id="9", vendor="aurora")
    now = stored(sunny)
    assert (now.base_url, now.account_id, now.vendor) == ("http://127.0.0.1:9/opensolar", "1", "opensolar")
