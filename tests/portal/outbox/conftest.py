"""A vendor with a few projects, mirrored, and the people who edit them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from portal.access import Access
from portal.models import Connection, Delivery, Kind, Membership, User
from portal.tasks import deliver
from projects.models import Contact, Project
from tests.conftest import signed_in
from tests.first_sync import synced_once
from tests.world import API, World, connection

PROJECTS = f"{API}/projects/"


@dataclass
class Office:
    """A mirrored account at the sandbox, and two salespeople, an administrator and an inspector at their browsers."""

    world: World
    people: dict[str, User]

    @property
    def connection(self) -> Connection:
        return connection()

    def access(self, who: str = "anna") -> Access:
        """That person's rights, for what is done without a page."""
        with scopes_disabled():
            membership = Membership.objects.select_related("organisation", "user").get(user=self.people[who])
        return Access(membership, membership.organisation, membership.user)

    def browser(self, who: str = "anna") -> Client:
        """That person's browser."""
        return signed_in(self.people[who])

    def project(self, place: int = 0, **columns: Any) -> Project:
        """A project without a workflow, fresh from the database."""
        with scopes_disabled():
            rows = Project.objects.select_related("connection__organisation").order_by("opensolar_id")
            return rows.filter(active_stage_id=None, **columns)[place]

    def at_presale(self) -> Project:
        """A project without a workflow at its first stage."""
        self.world.change("projects", self.project().opensolar_id, stage=0)
        assert self.world.sync().code == 0
        self.world.log(clear=True)
        return self.project()

    def contact(self, project: Project) -> Contact:
        """Its first contact."""
        with scopes_disabled():
            found: Contact = project.contact_links.order_by("position")[0].contact  # type: ignore[attr-defined]
            return Contact.objects.select_related("connection").get(pk=found.pk)

    def vendor(self, resource: str, number: int) -> dict[str, Any]:
        """The record as the vendor has it."""
        answer = self._ask(f"{resource}/{number}/")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def is_at_vendor(self, resource: str, number: int) -> bool:
        return self._ask(f"{resource}/{number}/").status_code == 200

    def identifiers(self) -> list[str]:
        """Of all projects at the vendor."""
        self.world.settings(whole_lists=True)
        return [row["identifier"] for row in self._ask("projects/", limit=100).json()]

    def sent(self, method: str, path: str = PROJECTS) -> int:
        """How many such requests the vendor saw."""
        return sum(call["method"] == method and call["path"].startswith(path) for call in self.world.log())

    def work(self) -> None:
        """A worker takes what is due."""
        deliver(self.connection.pk)

    def later(self, seconds: float = 3600) -> None:
        """What waits for a next try is due, and claims of dead workers have run out."""
        with scopes_disabled():
            Delivery.objects.filter(next_due_at__isnull=False).update(next_due_at=timezone.now())
            Delivery.objects.filter(claimed_until__isnull=False).update(
                claimed_until=timezone.now() - timedelta(seconds=1)
            )
        self.work()

    def act(self, act: Callable[..., Any], *given: Any) -> None:
        """What a page does with a delivery."""
        with scopes_disabled():
            act(*given)

    def last(self) -> Delivery:
        """The newest delivery."""
        with scopes_disabled():
            return Delivery.objects.select_related("actor").order_by("-pk")[0]

    def all(self) -> list[Delivery]:
        with scopes_disabled():
            return list(Delivery.objects.order_by("pk"))

    def _ask(self, path: str, **query: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.connection.credentials['token']}"}
        url = f"{self.world.base_url}/api/orgs/1/{path}"
        return requests.get(url, headers=headers, params=query, timeout=5)


@pytest.fixture
def office(db: Any) -> Iterator[Office]:
    """Anna and Ben sell, Ada administers, Ina inspects."""
    with synced_once(16) as world:
        organisation = connection().organisation
        kinds = {"anna": Kind.SALES, "ben": Kind.SALES, "ada": Kind.ADMINISTRATOR, "ina": Kind.INSPECTOR}
        people = {}
        with scope(organisation=organisation):
            for name, kind in kinds.items():
                people[name] = User.objects.create_user(f"{name}@example.com", first_name=name.title())
                Membership.objects.create(organisation=organisation, user=people[name], given_kind=kind)
        yield Office(world, people)
