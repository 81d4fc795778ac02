"""What happens to my projects at the vendor reaches me: by the sync, once, and only what is mine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Membership, Notification, Topic, User
from portal.sandbox.server import Sandbox
from projects.models import Project, Role
from tests.world import API, World, connection


@pytest.fixture
def world(db: Any) -> Iterator[World]:
    """A vendor with 10 projects, synced; two people of its team can sign in."""
    with Sandbox(projects=10, today=date(2026, 11, 20)) as sandbox, scopes_disabled():
        world = World(sandbox)
        assert world.connect().code == 0
        assert world.sync().code == 0
        for name, role in zip(("marie", "edmond"), Role.objects.order_by("pk")[:2], strict=True):
            person = User.objects.create_user(f"{name}@example.com")
            role.membership = Membership.objects.create(organisation=connection().organisation, user=person)
            role.save()
        yield world


def role(name: str) -> Role:
    """By whom this person signs in."""
    return Role.objects.get(membership__user__email=f"{name}@example.com")


def assign(world: World, project: Project, name: str, column: str = "assigned_role") -> None:
    """Somebody names this person on a project at the vendor."""
    world.change("projects", project.opensolar_id, **{column: f"http://x{API}/roles/{role(name).opensolar_id}/"})


def a_project(**columns: Any) -> Project:
    """One that names neither of the two."""
    numbers = [role("marie").opensolar_id, role("edmond").opensolar_id]
    found = Project.objects.filter(**columns)
    for name in Project.ROLE_REFS:
        found = found.exclude(**{f"{name}__in": numbers})
    project = found.first()
    assert project is not None
    return project


def news() -> list[tuple[str, str, str]]:
    """(who, topic, words) of all that anybody was told."""
    rows = Notification.objects.order_by("pk").select_related("membership__user")
    return [(row.membership.user.email.partition("@")[0], row.topic, row.title) for row in rows]


def test_the_first_sync_is_no_news(world: World) -> None:
    assert news() == []


@pytest.mark.parametrize(
    "column", ["assigned_role", "assigned_salesperson_role", "assigned_designer_role", "assigned_installer_role"]
)
def test_a_project_that_becomes_mine_is_told_once(world: World, column: str) -> None:
    project = a_project()
    assign(world, project, "marie", column)
    for _ in range(2):
        assert world.sync().code == 0
    ((who, topic, title),) = news()
    assert (who, topic) == ("marie", Topic.ASSIGNED)
    assert title.startswith("Yours now: ")
    (row,) = Notification.objects.all()
    assert row.url == f"/projects/{project.pk}/"


def test_a_stage_is_told_to_whom_the_project_belongs(world: World) -> None:
    project = a_project(stage=0)
    assign(world, project, "marie")
    assign(world, project, "edmond", "assigned_installer_role")
    world.sync()
    Notification.objects.all().delete()
    world.change("projects", project.opensolar_id, stage=1)
    world.sync()
    ((who, topic, title),) = news()
    assert (who, topic) == ("marie", Topic.STAGE)
    assert title.endswith("is at “Lock pricing” now")


def test_a_sale_is_told_as_a_sale_and_not_as_a_stage_too(world: World) -> None:
    project = a_project(stage=0, is_sold=False)
    assign(world, project, "marie", "assigned_salesperson_role")
    world.sync()
    Notification.objects.all().delete()
    world.change("projects", project.opensolar_id, stage=2)
    world.sync()
    ((who, topic, title),) = news()
    assert (who, topic) == ("marie", Topic.SOLD)
    assert title.startswith("Sold: ")


def test_what_else_changes_is_no_news(world: World) -> None:
    project = a_project()
    assign(world, project, "marie")
    world.sync()
    Notification.objects.all().delete()
    world.change("projects", project.opensolar_id, notes="The dog bites.", address="1 Zircon Lane")
    world.change("contacts", 3_000_001, first_name="Henrietta")
    world.sync()
    assert news() == []


def test_whose_access_ended_is_told_nothing(world: World) -> None:
    Membership.objects.filter(role=role("marie")).update(ended_at=timezone.now())
    assign(world, a_project(), "marie")
    world.sync()
    assert news() == []
