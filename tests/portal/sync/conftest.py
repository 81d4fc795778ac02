"""Each test gets a vendor of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django_scopes import scopes_disabled

from portal.models import Connection
from portal.sandbox.server import Sandbox
from tests.first_sync import synced_once
from tests.world import World

TODAY = date(2026, 11, 20)


@pytest.fixture
def world(db: Any) -> Iterator[World]:
    """A sandbox with 40 projects."""
    with Sandbox(projects=40, today=TODAY) as sandbox:
        yield World(sandbox)


@pytest.fixture
def connected(world: World) -> World:
    """The same, with an organisation connected to it by login."""
    outcome = world.connect()
    assert outcome.code == 0, outcome.err
    return world


@pytest.fixture
def lists_only(request: pytest.FixtureRequest) -> None:
    """Details and proposals, most of what a first sync asks for, stay out where lists are the subject."""
    if "connected" in request.fixturenames:
        request.getfixturevalue("connected")
        with scopes_disabled():
            Connection.objects.update(switched_off=dict.fromkeys(("system_details", "proposals"), "not the subject"))


@pytest.fixture
def hamlet(db: Any) -> Iterator[World]:
    """A sandbox with 10 projects, for tests whose subject is one record or one request."""
    with Sandbox(projects=10, today=TODAY) as sandbox:
        yield World(sandbox)


@pytest.fixture
def mirrored(db: Any) -> Iterator[World]:
    """The same, connected and synced once; the log of requests begins after that."""
    with synced_once(10) as world:
        yield world


@pytest.fixture
def unscoped() -> Iterator[None]:
    """Queries of every organisation at once."""
    with scopes_disabled():
        yield
