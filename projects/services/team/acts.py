"""What is done to somebody who signs in here: kind, rights, removal, return; and leaving by oneself.

Every act takes its turn on the organisation, reads the membership anew under that lock, and writes the audit log in
its own transaction. Somebody always stays an administrator.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import ApiToken, Kind, Membership, Topic
from portal.services.audit import note
from portal.services.last_administrator import why_needed
from portal.services.notices import administrators_of, tell
from projects.models import Role
from projects.services.invitations.inviting import in_turn
from projects.services.rights import apply_role
from projects.services.team.errors import Refused


def set_kind(access: Access, membership: Membership, kind: str) -> None:
    """The kind given here, or as the role says (empty). Raises Refused; may run twice."""
    if kind and kind not in Kind.values:
        raise Refused(_("There is no such kind of person."))
    with _turn(access, membership) as found:
        if found.given_kind == kind:
            return
        if not kind and not Role.objects.filter(membership=found).exists():
            raise Refused(_("%(person)s has no role at OpenSolar that could say it: choose a kind.") % _name(found))
        # A kind that only the vendor says can go with the vendor, so it counts as a loss too.
        loses = kind != Kind.ADMINISTRATOR
        if loses and (reason := why_needed(found)):
            raise Refused(reason)
        before = str(found.kind)
        found.given_kind = kind
        found.save(update_fields=["given_kind"])
        note(access, "team.kind_changed", str(found.user), before=before, after=str(found.kind), given_here=bool(kind))


def set_rights(access: Access, membership: Membership, *, prices: bool, costs: bool) -> None:
    """Whether they see prices and costs, as far as their kind does at all. May run twice."""
    with _turn(access, membership) as found:
        before = (found.prices, found.costs)
        # Nobody sees more than the kind allows: "yes" means as the kind says.
        found.prices, found.costs = None if prices else False, None if costs else False
        if before == (found.prices, found.costs):
            return
        found.save(update_fields=["prices", "costs"])
        note(access, "team.rights_changed", str(found.user), prices=prices, costs=costs)


def remove(access: Access, membership: Membership) -> None:
    """Ends their access here and deletes their API tokens; what they did stays. Raises Refused; may run twice."""
    with _turn(access, membership) as found:
        if found.ended_at is None:
            _end(found)
            left = found.pk == access.membership.pk
            note(access, "team.left" if left else "team.removed", str(found.user), email=found.user.email)
            if left:
                _tell_of_leaving(access, found)


def leave(access: Access) -> None:
    """Ends one's own access. Raises Refused for the last administrator."""
    remove(access, access.membership)


def bring_back(access: Access, membership: Membership) -> None:
    """Lets somebody in again whose access ended, without a new invitation. Raises Refused; may run twice."""
    with _turn(access, membership) as found:
        if found.ended_at is None:
            return
        role = Role.objects.filter(membership=found).first()
        if role is not None and (role.is_hidden or role.removed_at or role.withheld_at):
            raise Refused(
                _("OpenSolar hides or has removed %(person)s. Show them there; the next sync lets them in again.")
                % _name(found)
            )
        found.ended_at = None
        found.save(update_fields=["ended_at"])
        if role is not None:
            role.membership = found
            apply_role(role)
        note(access, "team.returned", str(found.user), email=found.user.email)


def why_not_leave(membership: Membership) -> str:
    """A sentence why somebody has to stay; empty where they may go."""
    return why_needed(membership)


@contextmanager
def _turn(access: Access, membership: Membership) -> Iterator[Membership]:
    with in_turn(access):
        yield Membership.objects.select_related("user").get(pk=membership.pk)


def _end(membership: Membership) -> None:
    if reason := why_needed(membership):
        raise Refused(reason)
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    ApiToken.objects.filter(user=membership.user_id, organisation=membership.organisation_id).delete()


def _tell_of_leaving(access: Access, membership: Membership) -> None:
    title = _("%(person)s left the team") % _name(membership)
    key = f"left:{membership.pk}:{membership.ended_at:%Y%m%d%H%M%S}"
    tell(access.organisation, Topic.TEAM, key, title, "", "/team/", to=administrators_of(access.organisation))


def _name(membership: Membership) -> dict[str, str]:
    return {"person": str(membership.user)}
