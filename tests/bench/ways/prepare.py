"""Migrates a database and puts an organisation with one connection into it."""

from __future__ import annotations

from typing import Any


def measure() -> dict[str, Any]:
    """Leaves the database without open connections, so that it can be copied."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection as database
    from django_scopes import scopes_disabled

    from portal.models import Connection, Organisation, login_columns

    call_command("migrate", verbosity=0)
    with scopes_disabled():
        organisation = Organisation.objects.create(name="Sunny Roofs", slug="sunny-roofs")
        Connection.objects.create(
            organisation=organisation,
            vendor="opensolar",
            account_id="1",
            base_url="http://127.0.0.1:9",
            **login_columns({"token": "bench", "owner": "bench"}),
        )
    database.close()
    return {}
