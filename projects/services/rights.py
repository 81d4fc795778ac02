"""Derives what a person is from their mirrored role: after every sync, and when a role is bound to a login."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.models import Connection, Kind, Membership, Organisation
from projects.models import Role
from projects.services.kinds import Because, kinds_to_be


def derive_rights(connection: Connection) -> None:
    """Brings memberships bound to this connection's roles up to date. May run twice; writes only what changed."""
    with transaction.atomic():
        # Syncs of an organisation's several accounts take turns: each could take the last administrator but one.
        Organisation.objects.select_for_update().get(pk=connection.organisation_id)
        roles = Role.objects.filter(connection=connection, membership__isnull=False).select_related("membership")
        _apply(list(roles))


def apply_role(role: Role) -> None:
    """Stores the derived kind of the role's person; a hidden or removed role ends their access."""
    _apply([role])


def _apply(roles: Sequence[Role]) -> None:
    kinds = kinds_to_be(roles)
    for role in roles:
        if role.membership is not None:
            _apply_to(role.membership, role, *kinds[role.pk])


def _apply_to(membership: Membership, role: Role, kind: Kind, because: Because) -> None:
    before = (membership.derived_kind, membership.derived_because, membership.ended_at)
    if role.is_hidden or role.removed_at or role.withheld_at:
        if membership.ended_at is None and not is_last_administrator(membership):
            membership.ended_at, membership.derived_because = timezone.now(), Because.HIDDEN
    else:
        if membership.derived_because == Because.HIDDEN:
            # The reason goes with what it ended: if a person ends it next, no sync may undo that.
            membership.ended_at, membership.derived_because = None, ""
        steps_down = (membership.given_kind or kind) != Kind.ADMINISTRATOR
        if not (steps_down and is_last_administrator(membership)):
            membership.derived_kind, membership.derived_because = kind, because
    if before != (membership.derived_kind, membership.derived_because, membership.ended_at):
        membership.save(update_fields=["derived_kind", "derived_because", "ended_at"])


def is_last_administrator(membership: Membership) -> bool:
    """Whether the organisation would be left without an administrator if this one went."""
    if membership.kind != Kind.ADMINISTRATOR or membership.ended_at is not None:
        return False
    return not administrators(membership).exclude(pk=membership.pk).exists()


def administrators(membership: Membership) -> QuerySet[Membership]:
    """The administrators of the same organisation who can sign in."""
    counts = Q(given_kind=Kind.ADMINISTRATOR) | Q(given_kind="", derived_kind=Kind.ADMINISTRATOR)
    return Membership.objects.filter(
        counts, organisation=membership.organisation_id, ended_at=None, user__is_active=True
    )
