"""A sandbox with ten projects, mirrored once, and people of the organisation that is connected to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Kind, Membership, Organisation, User
from portal.sandbox.server import Sandbox
from projects.models import Project, System
from tests.conftest import signed_in
from tests.world import World

NUMBER = 400_003
SKETCH = {"id": 81, "title": "sketch.jpg", "filesize": 219730, "modified_date": "2026-11-19T01:00:00.000000Z"}
PROPOSAL = {**SKETCH, "id": 82, "title": "Proposal.pdf", "file_tags_data": [{"title": "Sales Proposal"}]}


@dataclass
class House:
    """The organisation and its vendor."""

    vendor: World
    organisation: Organisation

    def person(self, kind: Kind, **columns: Any) -> Client:
        """The browser of a new person of this kind."""
        number = User.objects.count()
        user = User.objects.create_user(f"{kind}{number}@sunny.example")
        with scopes_disabled():
            Membership.objects.create(organisation=self.organisation, user=user, given_kind=kind, **columns)
        return signed_in(user)

    def project(self, number: int = NUMBER) -> Project:
        """A project by OpenSolar's number."""
        with scopes_disabled():
            return Project.objects.get(opensolar_id=number)

    def system(self) -> System:
        """The first system, with its project."""
        with scopes_disabled():
            return System.objects.select_related("project").order_by("opensolar_id")[0]

    def sync(self) -> None:
        """One more sync, and a fresh log of requests."""
        outcome = self.vendor.sync()
        assert outcome.code == 0, outcome.err
        self.vendor.log(clear=True)

    def asked(self) -> list[str]:
        """Below which addresses the vendor was asked for something."""
        return [call["path"].removeprefix("/opensolar") for call in self.vendor.log()]


@pytest.fixture
def house(db: Any) -> Iterator[House]:
    """Connected and synced; project 400003 holds a sketch and a proposal."""
    with Sandbox(projects=10, today=date(2026, 11, 20)) as sandbox:
        vendor = World(sandbox)
        vendor.change("projects", NUMBER, private_files_data=[SKETCH, PROPOSAL])
        assert vendor.connect().code == 0
        found = House(vendor, Organisation.objects.get(slug="sunny-roofs"))
        found.sync()
        yield found


@pytest.fixture
def seller(house: House) -> Client:
    """A salesperson, who sees all projects and prices."""
    return house.person(Kind.SALES)
