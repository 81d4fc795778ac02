"""Accepting an invitation: who may, why not, and what it binds.

Acceptance is the only thing that binds a login to a mirrored role: never an equal e-mail address alone. Everything
happens under the organisation's lock and within its scope, so that accepting twice at once makes one membership.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import Resolver404, resolve
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from portal.access import Access
from portal.models import Membership, Organisation, Topic, User
from portal.services.audit import note
from portal.services.notices import administrators_of, tell
from projects.models import Invitation, Role
from projects.services.invitations import closed
from projects.services.invitations.closed import Closed
from projects.services.invitations.inviting import pending
from projects.services.invitations.token import digest_of
from projects.services.rights import apply_role


class SomebodyElse(Exception):
    """The invitation is for another e-mail address than the one of this person."""


class AccountExists(Exception):
    """Somebody with this e-mail address signs in already: they accept after signing in."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who has no login yet; the e-mail address is the invitation's."""

    first_name: str
    last_name: str
    password: str


def look(token: str) -> Invitation:
    """The open invitation of a link, with organisation, role and inviter. Raises Closed; changes nothing."""
    with scopes_disabled():
        found = Invitation.objects.select_related("organisation", "role__membership", "invited_by")
        invitation = found.filter(digest=digest_of(token)).first()
    if invitation is None:
        raise closed.unknown()
    _refuse_closed(invitation)
    return invitation


def has_account(invitation: Invitation) -> bool:
    """Whether somebody signs in with the invited address already."""
    return User.objects.filter(email=invitation.email).exists()


def invites(path: str, email: str) -> bool:
    """Whether the path is the link of an open invitation to this address, by which its holder may get a login."""
    try:
        found = resolve(path)
        return found.url_name == "invitation" and look(found.kwargs["token"]).email.lower() == email
    except (Resolver404, Closed):
        return False


def accept(token: str, person: User | Newcomer) -> Membership:
    """Lets the person in, once. Raises Closed, SomebodyElse or AccountExists, and then nothing has happened."""
    seen = look(token)
    with transaction.atomic(), scope(organisation=seen.organisation):
        Organisation.objects.select_for_update(no_key=True).get(pk=seen.organisation_id)
        invitation = _locked(seen)
        _refuse_closed(invitation)
        user = _made(invitation, person) if isinstance(person, Newcomer) else person
        if user.email.lower() != invitation.email.lower():
            raise SomebodyElse
        membership = _member(invitation, user)
        _bind(invitation, membership)
        invitation.accepted_at, invitation.membership, invitation.send_due_at = timezone.now(), membership, None
        invitation.save(update_fields=["accepted_at", "membership", "send_due_at"])
        # Whoever is in needs no other link to come in as somebody without a role.
        pending().filter(role=None, email=invitation.email).update(revoked_at=timezone.now(), send_due_at=None)
        _told(invitation, membership)
    return membership


def _locked(seen: Invitation) -> Invitation:
    """As it is now, with its role: neither a second acceptance nor a sync changes them meanwhile."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    invitation.organisation = seen.organisation
    if invitation.role_id is not None:
        roles = Role.objects.select_for_update(of=("self",)).select_related("membership")
        invitation.role = roles.get(pk=invitation.role_id)
    return invitation


def _refuse_closed(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise closed.accepted(invitation)
    if invitation.revoked_at is not None:
        raise closed.revoked(invitation)
    if invitation.expires_at <= timezone.now():
        raise closed.expired(invitation)
    role = invitation.role
    if role is None:
        return
    if role.removed_at is not None or role.withheld_at is not None or role.is_hidden:
        raise closed.role_gone(invitation)
    bound = role.membership
    if bound is not None and bound.ended_at is None:
        with scopes_disabled():
            somebody_else = not User.objects.filter(pk=bound.user_id, email=invitation.email).exists()
        if somebody_else:
            raise closed.role_taken(invitation)


def _made(invitation: Invitation, newcomer: Newcomer) -> User:
    names = {"first_name": newcomer.first_name, "last_name": newcomer.last_name}
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, newcomer.password, **names)
    except IntegrityError as error:
        raise AccountExists from error
    # The link came to this address, so it is theirs.
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _member(invitation: Invitation, user: User) -> Membership:
    """Their membership: a new one, the one they have, or the ended one again with the kind given now."""
    membership, made = Membership.objects.get_or_create(
        organisation=invitation.organisation, user=user, defaults={"given_kind": invitation.given_kind}
    )
    if not made and membership.ended_at is not None:
        membership.ended_at, membership.given_kind = None, invitation.given_kind
        membership.derived_because = ""
        membership.save(update_fields=["ended_at", "given_kind", "derived_because"])
    return membership


def _bind(invitation: Invitation, membership: Membership) -> None:
    """The role to the membership; a role that is gone lets go of it. Raises Closed where it stands for another one."""
    for other in Role.objects.filter(membership=membership).exclude(pk=invitation.role_id or 0):
        if not (other.is_hidden or other.removed_at or other.withheld_at):
            if invitation.role_id is None:
                continue
            raise closed.another_role(invitation)
        Role.objects.filter(pk=other.pk).update(membership=None)
    role = invitation.role
    if role is not None:
        role.membership = membership
        role.save(update_fields=["membership"])
        apply_role(role)


def _told(invitation: Invitation, membership: Membership) -> None:
    organisation, user = invitation.organisation, membership.user
    access = Access(membership, organisation, user)
    note(access, "team.joined", invitation.name or user.email, email=user.email, kind=str(membership.kind))
    words = closed.joined(str(user), membership.get_kind_display())
    others = [one for one in administrators_of(organisation) if one.pk != membership.pk]
    tell(organisation, Topic.TEAM, f"joined:{invitation.pk}", words[0], words[1], "/team/", to=others)


__all__ = ["AccountExists", "Closed", "Newcomer", "SomebodyElse", "accept", "has_account", "invites", "look"]
