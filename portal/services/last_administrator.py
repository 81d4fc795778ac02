"""Keeps an organisation from locking itself out: somebody in it always stays an administrator."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.models import Kind, Membership, Organisation

_GIVEN = Q(given_kind=Kind.ADMINISTRATOR)
_ANY = _GIVEN | Q(given_kind="", derived_kind=Kind.ADMINISTRATOR)


def why_needed(membership: Membership) -> str:
    """A sentence why this membership has to stay an administrator; empty where it need not.

    Rights that come from a vendor can go with the vendor, so the last one given here stays as well. Inside a
    transaction: two people who demote each other at the same time take turns.
    """
    if membership.kind != Kind.ADMINISTRATOR or membership.ended_at is not None:
        return ""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    others = Membership.objects.filter(
        organisation=membership.organisation_id, ended_at=None, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.filter(_ANY).exists():
        return _(
            "%(person)s is the last administrator; without one nobody could let anybody in. "
            "Make somebody else an administrator first."
        ) % {"person": membership.user}
    if membership.given_kind == Kind.ADMINISTRATOR and not others.filter(_GIVEN).exists():
        return _(
            "%(person)s is the last administrator named here; the others are administrators by their role at the "
            "vendor, which the vendor can take away. Give somebody else the kind Administrator first."
        ) % {"person": membership.user}
    return ""
