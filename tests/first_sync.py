"""What a first sync leaves in the database, put down again for the next test: to ask for it anew is most of the time.

The first test of a process that wants a company of so many projects syncs it; the others get the same rows beside a
sandbox of their own on the same port, because records hold their own addresses.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django_scopes import scopes_disabled

from portal.models import Connection
from portal.sandbox.server import Sandbox
from tests.world import Outcome, World

TODAY = date(2026, 11, 20)
# Rows say when they were read: older ones would be due again.
FRESH_FOR = 240
OWN = ("id", "organisation_id", "connection_id", "base_url", "credentials", "budget_owner")

Rows = dict[type[Model], list[Model]]
Columns = dict[str, Any]


@dataclass(frozen=True)
class _Kept:
    """New rows, and what became of those that stood alone in their table before."""

    port: int
    at: float
    rows: Rows
    changed: dict[type[Model], Columns]


_kept: dict[tuple[int, str], _Kept] = {}


@contextmanager
def synced_once(
    projects: int, connect: Callable[[World], Outcome] = World.connect, how: str = "login"
) -> Iterator[World]:
    """A sandbox of so many projects, connected and synced once; its log of requests begins after that.

    `how` tells one way to `connect` from another.
    """
    kept = _kept.get((projects, how))
    with _sandbox(projects, kept.port if kept else 0) as sandbox:
        world = World(sandbox)
        outcome = connect(world)
        assert outcome.code == 0, outcome.err
        with scopes_disabled():
            if kept and _is_like_it(kept, sandbox):
                _put_down(kept)
            else:
                _kept[projects, how] = _sync(world)
        world.log(clear=True)
        yield world


def _sandbox(projects: int, port: int) -> Sandbox:
    try:
        return Sandbox(port, projects=projects, today=TODAY)
    except OSError:
        # Somebody else has taken the port meanwhile.
        return Sandbox(projects=projects, today=TODAY)


def _is_like_it(kept: _Kept, sandbox: Sandbox) -> bool:
    return sandbox.url.endswith(f":{kept.port}") and time.monotonic() - kept.at < FRESH_FOR


def _sync(world: World) -> _Kept:
    before = _rows()
    outcome = world.sync()
    assert outcome.code == 0, outcome.err
    known = {(type(row), row.pk) for rows in before.values() for row in rows}
    after = _rows()
    new = {model: [row for row in rows if (model, row.pk) not in known] for model, rows in after.items()}
    changed = {model: _differences(rows[0], after[model]) for model, rows in before.items() if len(rows) == 1}
    return _Kept(int(world.sandbox.url.rpartition(":")[2]), time.monotonic(), new, changed)


def _rows() -> Rows:
    ours = (model for app in ("portal", "projects") for model in apps.get_app_config(app).get_models())
    return {model: list(model._base_manager.all()) for model in ours if not model._meta.proxy}


def _differences(was: Model, rows: list[Model]) -> Columns:
    became = next(row for row in rows if row.pk == was.pk)
    names = [field.attname for field in was._meta.concrete_fields if field.attname not in OWN]
    return {name: getattr(became, name) for name in names if getattr(became, name) != getattr(was, name)}


def _put_down(kept: _Kept) -> None:
    connection = Connection.objects.get()
    with transaction.atomic():
        for model, rows in kept.rows.items():
            model._base_manager.bulk_create([_of(connection, row) for row in rows])
        for model, columns in kept.changed.items():
            if columns:
                model._base_manager.update(**columns)


def _of(connection: Connection, row: Model) -> Model:
    mine = copy(row)
    mine._state = copy(row._state)
    mine._state.adding = True
    mine._state.fields_cache = {}  # type: ignore[attr-defined]
    names = {field.attname for field in row._meta.concrete_fields}
    for name, value in (("organisation_id", connection.organisation_id), ("connection_id", connection.pk)):
        if name in names:
            setattr(mine, name, value)
    return mine
