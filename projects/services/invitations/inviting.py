"""Inviting into the team: a mirrored role, a local person, once more, and taking an invitation back.

Each act writes its row and its entry in the audit log in one transaction; the mail is the worker's (see
`sending`). All acts on an organisation's team take turns on its row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import Membership, Organisation
from portal.services.audit import note
from portal.services.nudges import nudge
from projects.models import Invitation, Role
from projects.services.invitations.mails import can_be_written
from projects.services.invitations.token import fresh
from projects.services.names import real_mail
from projects.services.team.errors import Refused

VALID = timedelta(days=14)
LONGEST_ADDRESS = 254


def pending() -> QuerySet[Invitation]:
    """Invitations that nobody accepted or took back; expired ones too, until somebody invites again."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None)


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that can be accepted, or will be once their mail is out."""
    return pending().filter(expires_at__gt=timezone.now())


@contextmanager
def in_turn(access: Access) -> Iterator[None]:
    """Acts on the team of an organisation happen one after the other, each wholly or not at all."""
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=access.organisation.pk)
        yield


def invite_role(access: Access, role: Role) -> Invitation:
    """Invites a mirrored role to its own address. Raises Refused."""
    with in_turn(access):
        role = Role.objects.select_related("membership__user").get(pk=role.pk)
        if reason := why_not(role) or why_taken(address_of(role), role):
            raise Refused(reason)
        return create(access, role=role, email=address_of(role), name=str(role)[:200])


def invite_person(access: Access, email: str, name: str, kind: str) -> Invitation:
    """Invites somebody without a role at OpenSolar, as the kind given here. Raises Refused."""
    with in_turn(access):
        found = _member(email)
        if found is not None:
            raise Refused(
                _("%(email)s is the address of %(person)s, who signs in here already.")
                % {"email": email, "person": found.user}
            )
        return create(access, email=email, name=name, kind=kind)


def invite_again(access: Access, invitation: Invitation) -> Invitation:
    """A new link to the same person, to the address that stands with their role today; the old one is taken back."""
    if invitation.role is not None:
        return invite_role(access, invitation.role)
    if invitation.accepted_at is not None:
        raise Refused(_("This invitation was accepted."))
    return invite_person(access, invitation.email, invitation.name, invitation.given_kind)


def revoke(access: Access, invitation: Invitation) -> None:
    """The link opens nothing any more. May run twice; raises Refused when it was accepted meanwhile."""
    with in_turn(access):
        found = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if found.accepted_at is not None:
            raise Refused(_("It is too late: %(person)s has accepted. Remove them instead.") % {"person": found.email})
        if found.revoked_at is None:
            found.revoked_at, found.send_due_at = timezone.now(), None
            found.save(update_fields=["revoked_at", "send_due_at"])
            note(access, "team.invitation_revoked", found.name or found.email, email=found.email)


def create(access: Access, *, email: str, name: str, role: Role | None = None, kind: str = "") -> Invitation:
    """The row whose mail is due now, in place of what this person was sent before. Inside `in_turn`."""
    if not can_be_written():
        raise Refused(
            _(
                "The portal does not know its own address, so no link can be written. "
                "Whoever runs it sets PORTAL_BASE_URL."
            )
        )
    now, email = timezone.now(), email.lower()
    same = Q(role=role) if role is not None else Q(role=None, email__iexact=email)
    again = pending().filter(same).update(revoked_at=now, send_due_at=None)
    invitation = Invitation.objects.create(
        organisation=access.organisation,
        role=role,
        email=email,
        name=name,
        given_kind=kind,
        digest=fresh()[1],
        invited_by=access.user,
        expires_at=now + VALID,
        send_due_at=now,
    )
    note(access, "team.invited", name or email, email=email, kind=kind, **({"again": True} if again else {}))
    transaction.on_commit(announce)
    return invitation


def announce() -> None:
    """There are mails to send."""
    nudge("projects.tasks.send_invitations")


def address_of(role: Role) -> str:
    """Where letters reach a role's person: their own address, else the one they sign in with at OpenSolar; or empty."""
    for text in (role.email, role.user_email):
        email = real_mail(text.strip().lower())
        if not email or len(email) > LONGEST_ADDRESS:
            continue
        try:
            validate_email(email)
        except ValidationError:
            continue
        return email
    return ""


def why_not(role: Role) -> str:
    """A sentence why a role cannot be invited; empty where it can."""
    words = {"person": str(role)}
    if role.removed_at is not None:
        return _("%(person)s was removed at OpenSolar.") % words
    if role.is_hidden or role.withheld_at is not None:
        return _("%(person)s is hidden at OpenSolar. Show them there first; the next sync brings them back.") % words
    if role.membership is not None and role.membership.ended_at is None:
        return _("%(person)s signs in here already.") % words
    if not address_of(role):
        return _("%(person)s has no e-mail address at OpenSolar. Add one there; the next sync brings it here.") % words
    return ""


def why_taken(email: str, role: Role) -> str:
    """A sentence why an address cannot be invited for a role: it signs in as another role; empty where it can."""
    found = _member(email)
    if found is None or not Role.objects.filter(membership=found).exclude(pk=role.pk).exists():
        return ""
    return _(
        "%(email)s signs in here as %(person)s already, and one login stands for one role. "
        "Give this role an address of its own at OpenSolar."
    ) % {"email": email, "person": found.user}


def _member(email: str) -> Membership | None:
    return Membership.objects.filter(user__email=email.lower(), ended_at=None).select_related("user").first()
