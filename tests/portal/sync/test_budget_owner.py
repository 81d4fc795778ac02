"""Whose limits a login spends stands beside it, wherever a login is written."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import connection as database

from portal.models import Connection
from portal.services.connection_acts import credentials_from, replace_credentials
from tests.world import LOGIN, World, connection

pytestmark = pytest.mark.usefixtures("unscoped")
MIGRATION = "portal.migrations.0009_name_whose_budget_a_login_spends"


def stands_beside() -> str:
    row = connection()
    assert row.budget_owner == row.credentials.get("owner", "")
    return row.budget_owner


def new_login() -> None:
    login = credentials_from("opensolar", username=LOGIN["OPENSOLAR_USERNAME"], password=LOGIN["OPENSOLAR_PASSWORD"])
    replace_credentials(connection(), login, connection().created_by)  # type: ignore[arg-type]


def test_it_is_there_from_the_first_login_on(hamlet: World) -> None:
    hamlet.connect()
    assert stands_beside()


def test_a_new_login_names_its_owner_once_it_has_worked(mirrored: World) -> None:
    before = stands_beside()
    new_login()
    assert stands_beside() == ""
    assert mirrored.sync().code == 0
    assert stands_beside() == before


def test_a_renewed_token_and_a_machine_user_keep_it(mirrored: World) -> None:
    before = stands_beside()
    mirrored.expire_tokens()
    assert mirrored.sync().code == 0
    assert stands_beside() == before
    Connection.objects.update(machine_user=True)
    assert mirrored.sync().code == 0
    assert connection().credentials["is_machine_user"]
    assert stands_beside() == before


def test_the_migration_names_it_for_logins_that_were_there(mirrored: World) -> None:
    """A login whose key is gone stops nobody from updating the portal."""
    before = stands_beside()
    row = connection()
    lost = Connection.objects.create(organisation=row.organisation, vendor="opensolar", account_id="9", base_url="x")
    with database.cursor() as cursor:
        cursor.execute("UPDATE portal_connection SET credentials = 'lost' WHERE id = %s", [lost.pk])
    Connection.objects.update(budget_owner="")
    importlib.import_module(MIGRATION).fill(apps, None)
    owners = Connection.objects.order_by("pk").values_list("pk", "budget_owner")
    assert dict(owners) == {row.pk: before, lost.pk: ""}
