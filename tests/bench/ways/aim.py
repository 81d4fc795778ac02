"""Points the database's connection at the page server; no measurement."""

from __future__ import annotations

from typing import Any


def measure(**columns: Any) -> dict[str, Any]:
    """Sets columns of the one connection, above all `base_url`."""
    import django

    django.setup()
    from django_scopes import scopes_disabled

    from portal.models import Connection

    with scopes_disabled():
        Connection.objects.update(**columns)
    return {}
