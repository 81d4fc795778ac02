"""The mail with an invitation's link.

The link begins with PORTAL_BASE_URL and with nothing else: what a request says about its own host may come from
anybody. Where it is not set nobody can be invited, and the team page says so.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.models import Invitation


def can_be_written() -> bool:
    """Whether the portal knows the address that links begin with."""
    return bool(settings.PORTAL_BASE_URL)


def link_of(token: str) -> str:
    """The absolute address that the mail carries."""
    return f"{settings.PORTAL_BASE_URL}{reverse('invitation', args=[token])}"


def send(invitation: Invitation, token: str) -> None:
    """Sends it (organisation, role and inviter loaded). Raises OSError or ValueError when it did not leave."""
    organisation = invitation.organisation.name
    context = {
        "organisation": organisation,
        "inviter": str(invitation.invited_by) if invitation.invited_by else "",
        "name": invitation.name,
        "email": invitation.email,
        "until": invitation.expires_at,
        "link": link_of(token),
    }
    subject = _("Your invitation to %(organisation)s") % {"organisation": organisation}
    mail = EmailMultiAlternatives(
        # One line, whatever a name holds: a second one would be a header.
        " ".join(subject.split()),
        render_to_string("projects/mail/invitation.txt", context),
        to=[invitation.email],
    )
    mail.attach_alternative(render_to_string("projects/mail/invitation.html", context), "text/html")
    mail.send()
