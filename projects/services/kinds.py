"""What mirrored roles make of people, and why: one rule for who signs in and who could, in one query for all."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import CharField, TextChoices, Value
from django.utils.translation import gettext_lazy

from portal.models import Kind
from projects.models import Project, Role


class Because(TextChoices):
    """Why somebody is what they are: stored as a code, on which returning hangs, and told in words."""

    ADMINISTRATOR = "administrator", gettext_lazy("Administrator at OpenSolar")
    SALES = "sales", gettext_lazy("Assigned to a project, its salesperson or its designer")
    INSPECTOR = "inspector", gettext_lazy("Site inspector of a project")
    INSTALLER = "installer", gettext_lazy("Installer of a project")
    UNNAMED = "unnamed", gettext_lazy("Named on no project")
    HIDDEN = "hidden", gettext_lazy("Hidden or removed at OpenSolar")


# The first that fits says the kind.
NAMED_AS: tuple[tuple[Kind, tuple[str, ...], Because], ...] = (
    (
        Kind.SALES,
        ("assigned_role_ref", "assigned_salesperson_role_ref", "assigned_designer_role_ref"),
        Because.SALES,
    ),
    (Kind.INSPECTOR, ("assigned_site_inspector_role_ref",), Because.INSPECTOR),
    (Kind.INSTALLER, ("assigned_installer_role_ref",), Because.INSTALLER),
)


def in_words(because: str) -> str:
    """A stored code as administrators read it; what is none stands as it is."""
    return str(Because(because).label) if because in Because.values else because


def kinds_to_be(roles: Sequence[Role]) -> dict[int, tuple[Kind, Because]]:
    """Kind and reason by the role's key."""
    named = _named([role for role in roles if not role.is_admin])
    return {role.pk: _kind_of(role, named) for role in roles}


def _kind_of(role: Role, named: set[tuple[str, int, int]]) -> tuple[Kind, Because]:
    if role.is_admin:
        return Kind.ADMINISTRATOR, Because.ADMINISTRATOR
    for kind, refs, because in NAMED_AS:
        if any((ref, role.connection_id, role.opensolar_id) in named for ref in refs):
            return kind, because
    return Kind.UNASSIGNED, Because.UNNAMED


def _named(roles: Sequence[Role]) -> set[tuple[str, int, int]]:
    """(column, connection, number) for each way in which a present project names one of the roles."""
    if not roles:
        return set()
    numbers = {role.opensolar_id for role in roles}
    projects = Project.objects.filter(
        connection__in={role.connection_id for role in roles}, removed_at=None, withheld_at=None
    ).order_by()
    parts = [
        projects.filter(**{f"{ref}__in": numbers})
        .annotate(how=Value(ref, CharField()))
        .values_list("how", "connection_id", ref)
        .distinct()
        for _kind, refs, _because in NAMED_AS
        for ref in refs
    ]
    return set(parts[0].union(*parts[1:], all=True))
