"""The whole team by one click: everybody who can be invited is, and the rest is said with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access import Access
from portal.models import Membership
from projects.access import visible_roles
from projects.models import Role
from projects.services.invitations.inviting import address_of, create, in_turn, open_invitations

NAMED = 5


@dataclass(slots=True)
class Outcome:
    """Whom a click invited, and whom it left out, by reason."""

    invited: int = 0
    no_address: list[str] = field(default_factory=list)
    same_address: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    invited_before: int = 0
    members: int = 0

    def sentence(self) -> str:
        """What happened, for the person who clicked."""
        left_out = [
            _named(_("without an e-mail address"), self.no_address),
            _named(_("with the address of somebody else in the team"), self.same_address),
            _named(_("hidden at OpenSolar"), self.hidden),
            _counted(_("invited already"), self.invited_before),
            _counted(_("with access already, now or before"), self.members),
        ]
        done = ngettext("%(number)s person is invited.", "%(number)s people are invited.", self.invited)
        parts = [done % {"number": self.invited} if self.invited else _("Nobody was left to invite.")]
        if any(left_out):
            reasons = "; ".join(filter(None, left_out))
            parts.append(_("Left out: %(reasons)s.") % {"reasons": reasons})
        return " ".join(parts)


def invite_team(access: Access) -> Outcome:
    """Invites every visible role with an address, without membership and open invitation. May run twice."""
    outcome = Outcome()
    with in_turn(access):
        invited = set(open_invitations().exclude(role=None).values_list("role", flat=True))
        taken = _addresses_in_use()
        for role in _roles(access):
            email = address_of(role)
            if role.membership_id is not None:
                outcome.members += 1
            elif role.is_hidden:
                outcome.hidden.append(str(role))
            elif role.pk in invited:
                outcome.invited_before += 1
            elif not email:
                outcome.no_address.append(str(role))
            elif email in taken:
                outcome.same_address.append(str(role))
            else:
                create(access, role=role, email=email, name=str(role)[:200])
                taken.add(email)
                outcome.invited += 1
    return outcome


def _roles(access: Access) -> Iterable[Role]:
    return visible_roles(access).order_by("opensolar_id", "pk")


def _addresses_in_use() -> set[str]:
    """Of people who sign in as a role, and of roles that hold an open invitation: one login stands for one role."""
    members = Membership.objects.filter(ended_at=None, role__isnull=False).values_list("user__email", flat=True)
    invited = open_invitations().exclude(role=None).values_list("email", flat=True)
    return {email.lower() for email in (*members, *invited)}


def _named(reason: str, names: list[str]) -> str:
    if not names:
        return ""
    shown = names[:NAMED]
    if len(names) > NAMED:
        shown.append(_("%(number)s more") % {"number": len(names) - NAMED})
    return f"{_counted(reason, len(names))} ({get_text_list(shown, _('and'))})"


def _counted(reason: str, number: int) -> str:
    return f"{number} {reason}" if number else ""
