"""What roles without a login would be here: the same rule as `rights.kind_of`, for a whole page in one query."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import CharField, Value

from portal.models import Kind
from projects.models import Project, Role
from projects.services.rights import NAMED_AS


def kinds_to_be(roles: Sequence[Role]) -> dict[int, tuple[Kind, str]]:
    """Kind and reason by the role's key."""
    found: dict[int, tuple[Kind, str]] = {}
    asked = [role for role in roles if not role.is_admin]
    named = _named(asked)
    for role in roles:
        found[role.pk] = Kind.UNASSIGNED, "Named on no project"
        if role.is_admin:
            found[role.pk] = Kind.ADMINISTRATOR, "Administrator at OpenSolar"
            continue
        for kind, refs, because in NAMED_AS:
            if any((ref, role.connection_id, role.opensolar_id) in named for ref in refs):
                found[role.pk] = kind, because
                break
    return found


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
