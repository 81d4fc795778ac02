"""A vendor with ten projects, connected and synced once; what is found wanting is fetched there and then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Kind, Membership, User
from portal.sandbox.server import Sandbox
from tests.conftest import PASSWORD, signed_in
from tests.world import World, connection


@pytest.fixture
def vendor(db: None) -> Iterator[World]:
    """Connected, not synced yet."""
    with Sandbox(projects=10, today=date(2026, 11, 20)) as sandbox:
        world = World(sandbox)
        outcome = world.connect()
        assert outcome.code == 0, outcome.err
        yield world


@pytest.fixture
def synced(vendor: World) -> World:
    """The same, synced once; the log of requests begins after that."""
    outcome = vendor.sync()
    assert outcome.code == 0, outcome.err
    vendor.log(clear=True)
    return vendor


@pytest.fixture
def boss(vendor: World) -> Client:
    """The browser of an administrator of the connected organisation."""
    user = User.objects.create_user("boss@sunny.example", PASSWORD)
    with scopes_disabled():
        Membership.objects.create(organisation=connection().organisation, user=user, derived_kind=Kind.ADMINISTRATOR)
    return signed_in(user)
