"""Paused is paused, also for integrators."""

from __future__ import annotations

from portal.models import Connection, ConnectionState, SyncRun
from tests.conftest import Company, api


def test_api_asks_for_no_sync_of_a_paused_connection(sunny: Company) -> None:
    rows = Connection.objects.with_scopes_disabled().filter(pk=sunny.connection.pk)
    rows.update(state=ConnectionState.PAUSED)
    client = api(sunny.token("administrator"))
    answer = client.post("/api/v1/syncs/", {"connection": sunny.connection.pk}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json() == {"connection": ["This connection is paused. Resume it, and it syncs at once."]}
    assert not SyncRun.objects.with_scopes_disabled().exists()
