"""The worker's part of inviting: claims each due invitation, sends its mail outside of transactions, notes the outcome.

A row says when it is due and how often it was tried. Claiming it puts off the next try, so that two workers never
send the same mail at once and one that dies costs minutes; after five tries the team page says that it did not leave.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from projects.models import Invitation
from projects.services.invitations import mails
from projects.services.invitations.token import fresh

MOST_TRIES = 5
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=2))
# A mail server that refuses this many in a row is down: the rest waits for the next sweep.
FAILURES_IN_A_ROW = 3

FAILED = Q(sent_at=None, send_due_at=None, send_tries__gte=MOST_TRIES)


def send_due(most: int = 200) -> int:
    """Sends what is due; returns how many left. May run at any time, twice, and beside another."""
    sent = failures = 0
    with scopes_disabled():
        _put_aside(timezone.now())
        for _turn in range(most):
            claimed = _claim(timezone.now()) if failures < FAILURES_IN_A_ROW else None
            if claimed is None:
                break
            if _send(*claimed):
                sent, failures = sent + 1, 0
            else:
                failures += 1
    return sent


def _put_aside(now: datetime) -> None:
    """What nobody may accept any more is not sent; what was tried often enough has failed."""
    due = Invitation.objects.filter(send_due_at__lte=now)
    due.filter(expires_at__lte=now).update(send_due_at=None)
    due.filter(send_tries__gte=MOST_TRIES).update(
        send_due_at=None, send_error=_("The worker was stopped while it sent the mail.")
    )


def _claim(now: datetime) -> tuple[Invitation, str] | None:
    """One due invitation, with the token that its mail shall carry; the row has its digest before the mail leaves."""
    with transaction.atomic():
        rows = Invitation.objects.select_for_update(skip_locked=True, of=("self",))
        due = rows.filter(send_due_at__lte=now, accepted_at=None, revoked_at=None)
        found = due.select_related("organisation", "invited_by").order_by("send_due_at", "pk").first()
        if found is None:
            return None
        token, found.digest = fresh()
        found.send_due_at = now + PAUSES[found.send_tries]
        found.send_tries += 1
        found.save(update_fields=["digest", "send_due_at", "send_tries"])
    return found, token


def _send(invitation: Invitation, token: str) -> bool:
    # By the digest too: the row may have been claimed again, by a worker that took this one for dead.
    row = Invitation.objects.filter(pk=invitation.pk, digest=invitation.digest)
    try:
        mails.send(invitation, token)
    except (OSError, ValueError) as error:
        said = _("The mail did not leave: %(reason)s") % {"reason": error or type(error).__name__}
        again = None if invitation.send_tries >= MOST_TRIES else invitation.send_due_at
        row.update(send_error=said[:300], send_due_at=again)
        return False
    row.update(sent_at=timezone.now(), send_due_at=None, send_error="")
    return True
