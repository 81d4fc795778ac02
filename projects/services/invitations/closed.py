"""Why a link lets nobody in, each in its own sentence with what to do; and what administrators read when one did.

Whoever holds a link was invited to its organisation, so its name may be said, and nothing else of it. An unknown link
learns nothing at all.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from projects.models import Invitation

NOT_FOUND, GONE = 404, 410


class Closed(Exception):
    """The invitation lets nobody in: a title, a sentence with what to do, and the status of the answer."""

    def __init__(self, title: str, text: str, status: int = GONE) -> None:
        super().__init__(text)
        self.title, self.text, self.status = title, text, status


def unknown() -> Closed:
    """No invitation, or the link of an earlier mail."""
    return Closed(
        _("This link opens nothing"),
        _(
            "It may be cut off, or from an earlier mail. Open the link in the newest mail you got; if that does not "
            "help, ask whoever invited you for a new invitation."
        ),
        NOT_FOUND,
    )


def accepted(invitation: Invitation) -> Closed:
    """Used already."""
    return Closed(
        _("This invitation was accepted already"),
        _("A link works once. If it was you, sign in as usual; if not, tell an administrator of %(organisation)s.")
        % _where(invitation),
    )


def revoked(invitation: Invitation) -> Closed:
    """Taken back, or followed by a newer one."""
    return Closed(
        _("This invitation was taken back"),
        _(
            "If a newer mail came from %(organisation)s, open the link in that one; otherwise ask an administrator "
            "there whether you are to be invited."
        )
        % _where(invitation),
    )


def expired(invitation: Invitation) -> Closed:
    """Too old."""
    return Closed(
        _("This invitation has expired"),
        _("Links are valid for two weeks. Ask an administrator of %(organisation)s to invite you again.")
        % _where(invitation),
    )


def role_gone(invitation: Invitation) -> Closed:
    """The role was hidden or removed at OpenSolar meanwhile."""
    return Closed(
        _("You are no longer in this team at OpenSolar"),
        _(
            "The role that this invitation is for was hidden or removed there. If that is a mistake, ask an "
            "administrator of %(organisation)s to show you at OpenSolar again; then this link works, or a new one."
        )
        % _where(invitation),
    )


def role_taken(invitation: Invitation) -> Closed:
    """The role is bound to somebody else meanwhile."""
    return Closed(
        _("Somebody else signs in with this role"),
        _("This invitation's role has a login by now. Ask an administrator of %(organisation)s to look at the team.")
        % _where(invitation),
    )


def another_role(invitation: Invitation) -> Closed:
    """The person signs in as another role here."""
    return Closed(
        _("You are in this team with another role"),
        _(
            "One login stands for one role at OpenSolar. Ask an administrator of %(organisation)s to give this role an "
            "e-mail address of its own, or to hide the other role."
        )
        % _where(invitation),
    )


def joined(person: str, kind: str) -> tuple[str, str]:
    """Title and text of what administrators are told."""
    title = _("%(person)s joined the team") % {"person": person}
    return title, _("They accepted an invitation and are here as: %(kind)s.") % {"kind": kind}


def _where(invitation: Invitation) -> dict[str, str]:
    return {"organisation": invitation.organisation.name}
