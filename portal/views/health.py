"""Alive, and able to serve: for load balancers and people on call."""

from collections.abc import Callable

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu.exceptions import KombuError


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database, migrations and broker are fine, else 503; says which is not."""
    parts = {name: _works(probe) for name, probe in PROBES.items()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _works(probe: Callable[[], bool]) -> bool:
    try:
        return probe()
    except (DatabaseError, OSError, KombuError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _broker() -> bool:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    return True


PROBES = {"database": _database, "migrations": _migrations, "broker": _broker}
