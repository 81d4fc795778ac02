"""People, an organisation with a connection, and a neighbour: the cast of every test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection as database
from django.middleware import csrf
from django.test import Client, override_settings
from django_scopes import scopes_disabled

from portal.models import ApiToken, Connection, Kind, Membership, Organisation, User, login_columns
from projects.models import Role


def pytest_configure(config: pytest.Config) -> None:
    """Passwords are hashed to be slow; tests make hundreds of people. And a token that stands in every page has neither
    figures nor words in it: a test that looks for 222 where it must not be would find it by chance, some day."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    csrf.CSRF_ALLOWED_CHARS = "BCDFGHJKLMNPQRSTVWXZ"


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """What one test counts, throttles or remembers is nothing to the next, nor to another process on the same cache."""
    with override_settings(CACHES={"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid4().hex}}):
        yield


def forget_what_is_cached() -> None:
    """From now on the cache is empty for this test; clearing it would empty it for other processes, too."""
    cache.key_prefix = uuid4().hex


@pytest.fixture(autouse=True)
def own_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records are numbered alike in every test, whatever its process has run before: pages show numbers."""
    monkeypatch.setattr("tests.factories._numbers", itertools.count(1000))


@pytest.fixture(autouse=True)
def own_media(tmp_path: Path) -> Iterator[None]:
    """Files that a test stores go with it."""
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield


PASSWORD = "a long pass phrase for tests"


@dataclass
class Company:
    """An organisation with its connection and one person of each kind, all bound to mirrored roles."""

    organisation: Organisation
    connection: Connection
    people: dict[str, User]
    roles: dict[str, Role]

    def token(self, who: str) -> str:
        """A fresh API token of that person."""
        _, token = ApiToken.objects.create(user=self.people[who], organisation=self.organisation)
        return str(token)

    def membership(self, who: str) -> Membership:
        """That person's membership here."""
        with scopes_disabled():
            return Membership.objects.get(user=self.people[who], organisation=self.organisation)


ROLE_NUMBERS = {
    Kind.ADMINISTRATOR: 11,
    Kind.SALES: 12,
    Kind.INSPECTOR: 13,
    Kind.INSTALLER: 14,
    Kind.UNASSIGNED: 15,
}


def found(slug: str, account: str, base_url: str = "http://127.0.0.1:9/opensolar") -> Company:
    """A company with people named after their kind: administrator@slug.example and so on."""
    from tests.factories import make_role

    organisation = Organisation.objects.create(name=f"{slug.title()} Solar", slug=slug)
    credentials = {"token": f"token-of-{slug}", "owner": slug}
    with scopes_disabled():
        connection = Connection.objects.create(
            organisation=organisation,
            vendor="opensolar",
            account_id=account,
            base_url=base_url,
            **login_columns(credentials),
        )
        people, roles = {}, {}
        for kind, number in ROLE_NUMBERS.items():
            user = User.objects.create_user(f"{kind}@{slug}.example", PASSWORD, first_name=kind.title())
            membership = Membership.objects.create(organisation=organisation, user=user, derived_kind=kind)
            roles[kind.value] = make_role(
                connection, opensolar_id=number, display=f"{kind.title()} {slug.title()}", membership=membership
            )
            people[kind.value] = user
    return Company(organisation, connection, people, roles)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database can go at the end, also where a browser's last keep-alive still holds a session to it."""
    if database.vendor == "postgresql":
        database.ops.sql_flush = _delete_what_is_there  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        if database.vendor == "postgresql":
            with database.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


def _delete_what_is_there(style: Any, tables: Sequence[str], **options: Any) -> list[str]:
    """What empties the tables after a test that commits: TRUNCATE gives every table new files, which takes longer than
    most tests. Foreign keys are looked at when all is gone."""
    looks = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables)
    with database.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(looks))
        return [f'DELETE FROM "{table}"' for (table,) in cursor.fetchall()]


@pytest.fixture
def sunny(db: Any) -> Company:
    """The company most tests are about."""
    return found("sunny", "1")


@pytest.fixture
def kestrel(db: Any) -> Company:
    """The neighbour: its people are the outsiders."""
    return found("kestrel", "2")


def signed_in(user: User) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(user)
    return client


def api(token: str) -> Client:
    """An integrator's client: sends the bearer token with every request."""
    return Client(headers={"authorization": f"Bearer {token}"})
