"""A database that ended the receiver's connection meanwhile costs no delivery."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection as database
from django.db import connections
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import InboxEvent
from portal.sync import hooks
from tests.conftest import found

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_delivery_is_stored_over_a_new_connection(settings: Any) -> None:
    if database.vendor != "postgresql":
        pytest.skip("SQLite has no connection that another could end")
    settings.PORTAL_BASE_URL = "http://127.0.0.1:9"
    with scopes_disabled():
        row = hooks.ensure(found("sunny", "1").connection)
    assert row is not None
    deliver = Client(headers={"authorization": f"Token {row.secret['secret']}"})
    path = f"/webhooks/opensolar/{row.key}/"
    assert deliver.post(path, b"{}", content_type="application/json").status_code == 200
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [ours])
    other.close()
    assert deliver.post(path, b"{}", content_type="application/json").status_code == 200
    with scopes_disabled():
        assert InboxEvent.objects.count() == 2
