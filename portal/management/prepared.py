"""Commands that need the database: before `migrate` they end in a sentence, not in a stack trace."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


class PreparedCommand(BaseCommand):
    """Asks whether migrations wait only when the database has refused something; `refused` is the exit code."""

    refused = 1

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except DatabaseError as problem:
            if not _migrations_wait():
                raise
            raise CommandError(
                "The database is not up to date: run `manage.py migrate` first.", returncode=self.refused
            ) from problem


def _migrations_wait() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        # It cannot be asked at all; the first problem says why.
        return False
