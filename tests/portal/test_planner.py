"""PostgreSQL plans for us and does not compile; SQLite has no such setting and is left alone."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.mark.django_db
def test_a_new_connection_does_not_compile_its_statements() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1" if connection.vendor == "sqlite" else "SHOW jit")
        assert cursor.fetchone() == ((1,) if connection.vendor == "sqlite" else ("off",))
