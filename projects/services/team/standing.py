"""How somebody of the team stands with the portal, in words: signs in, invited, not yet, no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import Membership
from projects.models import Invitation, Role
from projects.services.invitations.inviting import address_of
from projects.services.invitations.sending import MOST_TRIES


@dataclass(frozen=True, slots=True)
class Standing:
    """A word with its tone, a sentence more where there is one to say, and since (or until) when."""

    label: str
    tone: str
    note: str = ""
    at: datetime | None = None


def standing_of(role: Role | None, membership: Membership | None, invitation: Invitation | None) -> Standing:
    """Access comes before an invitation, an invitation before its absence."""
    if membership is not None and membership.ended_at is None:
        if not membership.user.is_active:
            return Standing(_("Locked"), "act", _("Their account is switched off."))
        return Standing(_("Signs in"), "well")
    gone = _gone(role, membership)
    if gone is not None and (invitation is None or gone.tone == "none"):
        return gone
    if invitation is not None:
        return standing_of_invitation(invitation)
    if role is not None and not address_of(role):
        return Standing(_("No e-mail address"), "none", _("Add one at OpenSolar, then they can be invited."))
    return Standing(_("Not invited"), "none")


def standing_of_invitation(invitation: Invitation) -> Standing:
    """Where an invitation that nobody has accepted is."""
    if invitation.expires_at <= timezone.now():
        return Standing(_("Expired"), "watch", _("Nobody accepted it in time."), invitation.expires_at)
    if invitation.sent_at is not None:
        return Standing(_("Invited"), "info", "", invitation.sent_at)
    if invitation.send_due_at is None and invitation.send_tries >= MOST_TRIES:
        return Standing(_("Mail not sent"), "act", invitation.send_error)
    if invitation.send_error:
        return Standing(_("Mail waits"), "watch", invitation.send_error, invitation.send_due_at)
    return Standing(_("Mail on its way"), "wait")


def _gone(role: Role | None, membership: Membership | None) -> Standing | None:
    """Tone "none" for who cannot be invited before OpenSolar says otherwise."""
    if role is not None and role.removed_at is not None:
        return Standing(_("Removed at OpenSolar"), "none", "", role.removed_at)
    if role is not None and (role.is_hidden or role.withheld_at is not None):
        return Standing(_("Hidden at OpenSolar"), "none")
    if membership is not None:
        return Standing(_("Access ended"), "", "", membership.ended_at)
    return None
