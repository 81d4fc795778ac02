"""A member of the team as the pages show them, whichever of the three tables they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.models import Kind, Membership
from projects.models import Invitation, Role
from projects.services.invitations.inviting import address_of, pending, why_not
from projects.services.kinds import Because, in_words, kinds_to_be
from projects.services.people import web_address
from projects.services.team import members as team
from projects.services.team.standing import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Teammate:
    """One person; what the portal does not know is None or empty. `may_invite`: OpenSolar has nothing against it."""

    name: str
    url: str
    role: Role | None
    membership: Membership | None
    invitation: Invitation | None
    standing: Standing
    email: str
    phone: str
    meeting_url: str
    meeting_label: str
    kind: Kind
    because: str
    may_invite: bool

    @property
    def signs_in(self) -> bool:
        """Whether they have access now."""
        return self.membership is not None and self.membership.ended_at is None

    @property
    def invite_url(self) -> str:
        """Where a POST invites them, or once more; empty for who signs in, or cannot be invited."""
        if self.signs_in:
            return ""
        if self.role is not None:
            return reverse("team_role_invite", args=[self.role.pk]) if self.may_invite else ""
        return reverse("team_invitation_again", args=[self.invitation.pk]) if self.invitation else ""

    @property
    def kind_label(self) -> str:
        """What they are, in words."""
        return str(self.kind.label)

    @property
    def money(self) -> str:
        """Which figures they see, in words; empty for who cannot sign in."""
        if self.membership is None or not self.signs_in:
            return ""
        sees = (self.membership.sees_prices, self.membership.sees_costs)
        words = {
            (True, True): _("Prices, costs"),
            (True, False): _("Prices"),
            (False, True): _("Costs"),
            (False, False): _("Neither"),
        }
        return words[sees]


def teammates(keys: Iterable[tuple[str, int, str]]) -> list[Teammate]:
    """The rows of a page of keys (see `team.keys_of`), in their order."""
    keys = list(keys)
    wanted: dict[str, list[int]] = {team.ROLE: [], team.MEMBER: [], team.INVITATION: []}
    for source, pk, _label in keys:
        wanted[source].append(pk)
    made = {
        **_of_roles(Role.objects.filter(pk__in=wanted[team.ROLE]).select_related("membership__user")),
        **_of_members(Membership.objects.filter(pk__in=wanted[team.MEMBER]).select_related("user")),
        **_of_invitations(Invitation.objects.filter(pk__in=wanted[team.INVITATION])),
    }
    return [made[source, pk] for source, pk, _label in keys if (source, pk) in made]


def of_role(role: Role) -> Teammate:
    """A role (its membership and person loaded)."""
    return _of_roles([role])[team.ROLE, role.pk]


def of_membership(membership: Membership) -> Teammate:
    """Somebody who signs in here, or did: their role where they have one."""
    role = Role.objects.filter(membership=membership).select_related("membership__user").first()
    return of_role(role) if role else _of_members([membership])[team.MEMBER, membership.pk]


def of_invitation(invitation: Invitation) -> Teammate:
    """Whom an invitation is for."""
    if invitation.role_id is not None:
        return of_role(Role.objects.select_related("membership__user").get(pk=invitation.role_id))
    found = Membership.objects.filter(user__email=invitation.email).select_related("user").first()
    return of_membership(found) if found else _of_invitations([invitation])[team.INVITATION, invitation.pk]


def _of_roles(rows: Iterable[Role]) -> dict[tuple[str, int], Teammate]:
    roles = list(rows)
    mine = pending().filter(role__in=roles).select_related("invited_by").order_by("pk")
    invitations = {one.role_id: one for one in mine}
    kinds = kinds_to_be([role for role in roles if role.membership is None])
    return {(team.ROLE, role.pk): _of_role(role, invitations.get(role.pk), kinds) for role in roles}


def _of_role(role: Role, invitation: Invitation | None, kinds: dict[int, tuple[Kind, Because]]) -> Teammate:
    membership = role.membership
    kind, because = _kind_to_be(*kinds[role.pk]) if membership is None else _kind_of(membership)
    return Teammate(
        name=str(role) or _("OpenSolar role %(number)s") % {"number": role.opensolar_id},
        url=reverse("team_role", args=[role.pk]),
        role=role,
        membership=membership,
        invitation=invitation,
        standing=standing_of(role, membership, invitation),
        email=address_of(role) or role.email,
        phone=role.phone or role.user_phone,
        meeting_url=web_address(role.schedule_meeting_url),
        meeting_label=role.schedule_meeting_label or _("Book a meeting"),
        kind=kind,
        because=because,
        may_invite=not why_not(role),
    )


def _of_members(rows: Iterable[Membership]) -> dict[tuple[str, int], Teammate]:
    members = list(rows)
    invitations = {one.email: one for one in _local([member.user.email for member in members if member.ended_at])}
    return {(team.MEMBER, one.pk): _local_person(one, invitations.get(one.user.email)) for one in members}


def _of_invitations(rows: Iterable[Invitation]) -> dict[tuple[str, int], Teammate]:
    return {(team.INVITATION, one.pk): _local_person(None, one) for one in rows}


def _local_person(membership: Membership | None, invitation: Invitation | None) -> Teammate:
    """Somebody without a role: who signs in here or did, else who was invited."""
    if membership is not None:
        name, email = str(membership.user), membership.user.email
        url, (kind, because) = reverse("team_member", args=[membership.pk]), _kind_of(membership)
    elif invitation is not None:
        name, email = invitation.name or invitation.email, invitation.email
        url = reverse("team_invitation", args=[invitation.pk])
        kind, because = Kind(invitation.given_kind or Kind.UNASSIGNED), _("Given here")
    else:
        raise ValueError("Neither a member nor invited.")
    return Teammate(
        name=name,
        url=url,
        role=None,
        membership=membership,
        invitation=invitation,
        standing=standing_of(None, membership, invitation),
        email=email,
        phone="",
        meeting_url="",
        meeting_label="",
        kind=kind,
        because=because,
        may_invite=False,
    )


def _local(emails: Sequence[str]) -> Iterable[Invitation]:
    if not emails:
        return ()
    return pending().filter(role=None, email__in=emails).select_related("invited_by").order_by("pk")


def _kind_of(membership: Membership) -> tuple[Kind, str]:
    return membership.kind, _("Given here") if membership.given_kind else in_words(membership.derived_because)


def _kind_to_be(kind: Kind, because: Because) -> tuple[Kind, str]:
    return kind, str(because.label)
