"""What people are follows from their mirrored role after every sync; what was given here wins, and somebody stays."""

from __future__ import annotations

from typing import Any

import pytest

from portal.models import Kind, Membership, Organisation, User
from projects.models import Project, Role
from tests.world import World, connection

pytestmark = pytest.mark.usefixtures("unscoped")
VOLTA, COULOMB, MEITNER, CURIE, LOVELACE = 56, 62, 53, 50, 51
NAMES = ("assigned_role", "assigned_salesperson_role", "assigned_designer_role")


def member(role: int, **more: Any) -> Membership:
    """Somebody who has accepted the invitation for this role."""
    user = User.objects.create_user(f"role-{role}@example.com")
    membership = Membership.objects.create(organisation=Organisation.objects.get(), user=user, **more)
    Role.objects.filter(opensolar_id=role).update(membership=membership)
    return membership


def name_nobody(world: World) -> None:
    """No project names anybody any more."""
    refs = [*NAMES, "assigned_site_inspector_role", "assigned_installer_role"]
    for number in Project.objects.values_list("opensolar_id", flat=True):
        world.change("projects", number, **dict.fromkeys(refs))


def name(world: World, field: str, role: int, project: int = 400_001) -> None:
    """That project names this role."""
    world.change("projects", project, **{field: f"{world.base_url}/api/orgs/1/roles/{role}/"})


def kind(membership: Membership) -> Kind:
    membership.refresh_from_db()
    return membership.kind


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        *((field, Kind.SALES) for field in NAMES),
        ("assigned_site_inspector_role", Kind.INSPECTOR),
        ("assigned_installer_role", Kind.INSTALLER),
    ],
)
def test_a_person_is_what_projects_name_them(mirrored: World, field: str, expected: Kind) -> None:
    person = member(COULOMB)
    assert mirrored.sync().code == 0
    assert kind(person) == Kind.UNASSIGNED
    assert person.derived_because == "unnamed"
    name_nobody(mirrored)
    name(mirrored, field, COULOMB)
    assert mirrored.sync().code == 0
    assert kind(person) == expected
    assert person.derived_because
    name_nobody(mirrored)
    mirrored.sync()
    assert kind(person) == Kind.UNASSIGNED


def test_sales_goes_before_inspector_before_installer(mirrored: World) -> None:
    person = member(COULOMB)
    name_nobody(mirrored)
    for field, expected in (
        ("assigned_installer_role", Kind.INSTALLER),
        ("assigned_site_inspector_role", Kind.INSPECTOR),
        ("assigned_designer_role", Kind.SALES),
    ):
        name(mirrored, field, COULOMB)
        mirrored.sync()
        assert kind(person) == expected


def test_a_removed_project_names_nobody(mirrored: World) -> None:
    person = member(COULOMB)
    name(mirrored, "assigned_role", COULOMB)
    mirrored.sync()
    assert kind(person) == Kind.SALES
    mirrored.delete("projects", 400_001)
    mirrored.sync()
    assert kind(person) == Kind.UNASSIGNED


def test_an_administrator_there_is_one_here(mirrored: World) -> None:
    person = member(COULOMB)
    mirrored.change("roles", COULOMB, is_admin=True)
    mirrored.sync()
    assert (kind(person), person.derived_because) == (Kind.ADMINISTRATOR, "administrator")


def test_what_was_given_here_wins(mirrored: World) -> None:
    person = member(CURIE, given_kind=Kind.INSTALLER)
    mirrored.sync()
    assert kind(person) == Kind.INSTALLER
    assert person.derived_kind == Kind.ADMINISTRATOR


@pytest.mark.parametrize("how", ["hidden", "removed", "withheld"])
def test_access_ends_and_comes_back_with_the_role(mirrored: World, how: str) -> None:
    person, boss = member(MEITNER), member(CURIE)
    mirrored.sync()
    assert kind(boss) == Kind.ADMINISTRATOR
    if how == "hidden":
        mirrored.change("roles", MEITNER, is_hidden=True)
    elif how == "removed":
        mirrored.delete("roles", MEITNER)
    else:
        mirrored.forbid("roles", MEITNER)
    mirrored.sync()
    person.refresh_from_db()
    assert person.ended_at is not None
    assert person.derived_because == "hidden"
    ended = person.ended_at
    mirrored.sync()
    person.refresh_from_db()
    assert person.ended_at == ended
    mirrored.restore("roles", MEITNER)
    assert mirrored.sync().code == 0
    person.refresh_from_db()
    assert person.ended_at is None
    assert person.kind != Kind.ADMINISTRATOR


def test_access_ended_by_a_person_stays_ended(mirrored: World) -> None:
    member(CURIE)
    person = member(MEITNER)
    mirrored.sync()
    Membership.objects.filter(pk=person.pk).update(ended_at="2026-11-01T00:00:00Z")
    mirrored.change("roles", MEITNER, is_hidden=True)
    mirrored.sync()
    mirrored.restore("roles", MEITNER)
    mirrored.sync()
    person.refresh_from_db()
    assert person.ended_at is not None


@pytest.mark.parametrize("how", ["hidden", "removed", "no longer administrator"])
def test_the_last_administrator_is_never_lost(mirrored: World, how: str) -> None:
    bosses = [member(CURIE), member(LOVELACE)]
    mirrored.sync()
    assert [kind(boss) for boss in bosses] == [Kind.ADMINISTRATOR, Kind.ADMINISTRATOR]
    for role in (CURIE, LOVELACE):
        if how == "removed":
            mirrored.delete("roles", role)
        else:
            mirrored.change("roles", role, **({"is_hidden": True} if how == "hidden" else {"is_admin": False}))
    for _ in range(2):
        mirrored.sync()
        left = [boss for boss in bosses if kind(boss) == Kind.ADMINISTRATOR and boss.ended_at is None]
        assert len(left) == 1
    # As soon as there is another one, the rule applies to the last as to anybody.
    member(COULOMB, given_kind=Kind.ADMINISTRATOR)
    mirrored.sync()
    assert not [boss for boss in bosses if kind(boss) == Kind.ADMINISTRATOR and boss.ended_at is None]


def test_an_administrator_who_cannot_sign_in_does_not_count(mirrored: World) -> None:
    boss, gone = member(CURIE), member(LOVELACE)
    mirrored.sync()
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    mirrored.change("roles", CURIE, is_admin=False)
    mirrored.sync()
    assert kind(boss) == Kind.ADMINISTRATOR


def test_the_derived_kind_of_one_given_administrator_follows_all_the_same(mirrored: World) -> None:
    boss = member(CURIE, given_kind=Kind.ADMINISTRATOR)
    mirrored.sync()
    assert boss.derived_kind == Kind.UNASSIGNED
    boss.refresh_from_db()
    assert boss.derived_kind == Kind.ADMINISTRATOR
    name_nobody(mirrored)
    mirrored.change("roles", CURIE, is_admin=False)
    mirrored.sync()
    boss.refresh_from_db()
    assert (boss.kind, boss.derived_kind) == (Kind.ADMINISTRATOR, Kind.UNASSIGNED)


def test_an_equal_address_binds_nobody(mirrored: World) -> None:
    user = User.objects.create_user("lise.meitner@example.com")
    alone = Membership.objects.create(organisation=Organisation.objects.get(), user=user)
    mirrored.sync("--full")
    assert not Role.objects.filter(membership__isnull=False).exists()
    assert Role.objects.get(opensolar_id=MEITNER).email == user.email
    assert kind(alone) == Kind.UNASSIGNED


def test_a_sync_never_takes_a_binding_away(mirrored: World) -> None:
    person = member(MEITNER)
    mirrored.change("roles", MEITNER, job_title="Head of sales")
    mirrored.sync()
    mirrored.sync("--full")
    role = Role.objects.get(opensolar_id=MEITNER)
    assert (role.job_title, role.membership) == ("Head of sales", person)
    assert role.connection == connection()
