"""A connection to look at, and the administrator who looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from portal.models import Kind, Membership, User
from portal.sandbox.server import Sandbox
from tests.conftest import Company, signed_in
from tests.world import World, connection


@pytest.fixture
def client(sunny: Company) -> Client:
    """The administrator's browser."""
    return signed_in(sunny.people["administrator"])


@pytest.fixture
def world(db: Any) -> Iterator[World]:
    """A vendor with 40 projects and an organisation connected to it."""
    with Sandbox(projects=40, today=date(2026, 11, 20)) as sandbox:
        world = World(sandbox)
        outcome = world.connect()
        assert outcome.code == 0, outcome.err
        yield world


@pytest.fixture
def owner(world: World) -> Client:
    """The browser of that organisation's administrator."""
    person = User.objects.create_user("ada@example.com", first_name="Ada", last_name="Lovelace")
    organisation = connection().organisation
    Membership.objects.create(organisation=organisation, user=person, given_kind=Kind.ADMINISTRATOR)
    return signed_in(person)
