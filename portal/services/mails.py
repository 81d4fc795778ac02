"""Sends what people want to hear by e-mail: from rows, by a worker, several at once to one person as one mail.

A row is claimed in a short transaction that also sets its next try; the mail goes out after that, and the outcome is
noted last. A process that dies in between sends that mail again: at least once, because a refused vendor login that
nobody hears of stops a company's data, while a mail that came twice is only read twice (it carries the same
Message-ID, by which many mailboxes keep one). Two workers never send the same: the claim is theirs alone.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scopes_disabled

from portal.models import MailState, Membership, Notification

log = logging.getLogger("portal.mails")

# The next try after each one; also the time that a claim holds, so longer than any conversation with a mail server.
PAUSES = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=2))
MOST_TRIES = len(PAUSES)
PEOPLE_A_SWEEP = 200
MOST_LISTED = 25


class Unreachable(Exception):
    """The mail server cannot be spoken with: the other mails would only meet the same."""


def send_due() -> int:
    """Sends every mail that is due; how many went. May run at any time, twice, by several workers."""
    sent = 0
    with scopes_disabled():
        due = Notification.objects.filter(mail_state=MailState.WAITING, mail_due_at__lte=timezone.now())
        people = due.order_by().values_list("membership", flat=True).distinct()[:PEOPLE_A_SWEEP]
        for pk in list(people):
            notices = _claim(pk)
            try:
                sent += bool(notices) and _send(notices)
            except Unreachable:
                break
    return sent


def _claim(person: int) -> list[Notification]:
    """Takes what is due for a person, along with what still gathers; whatever happens next is noted already."""
    now = timezone.now()
    with transaction.atomic():
        waiting = Notification.objects.filter(membership=person, mail_state=MailState.WAITING)
        rows = waiting.select_for_update(skip_locked=True).filter(Q(mail_due_at__lte=now) | Q(mail_tries=0))
        notices = list(rows.order_by("at", "pk"))
        if not any(row.mail_due_at is not None and row.mail_due_at <= now for row in notices):
            return []
        for row in notices:
            row.mail_tries += 1
            row.mail_due_at = now + PAUSES[min(row.mail_tries, MOST_TRIES) - 1]
        Notification.objects.bulk_update(notices, ["mail_tries", "mail_due_at"], batch_size=500)
    spent = [row for row in notices if row.mail_tries > MOST_TRIES]
    _give_up(spent, _("The portal stopped while sending it."))
    return [row for row in notices if row.mail_tries <= MOST_TRIES]


def _send(notices: Sequence[Notification]) -> bool:
    """Sends one mail and notes what came of it; raises Unreachable after noting that."""
    membership = Membership.objects.select_related("user", "organisation").get(pk=notices[0].membership_id)
    if membership.ended_at is not None or not membership.user.is_active:
        _give_up(notices, _("No longer in the team."))
        return False
    try:
        _mail(membership, notices).send()
    except (SMTPException, OSError, ValueError) as error:
        _note_failure(notices, error)
        if isinstance(error, OSError) and not isinstance(error, SMTPResponseException | SMTPRecipientsRefused):
            raise Unreachable from error
        return False
    _of(notices).update(mail_state=MailState.SENT, mailed_at=timezone.now(), mail_due_at=None, mail_error="")
    return True


def _mail(membership: Membership, notices: Sequence[Notification]) -> EmailMultiAlternatives:
    number = len(notices)
    several = ngettext("%(number)s thing happened at %(name)s", "%(number)s things happened at %(name)s", number)
    subject = several % {"number": number, "name": membership.organisation.name} if number > 1 else notices[0].title
    base = settings.PORTAL_BASE_URL
    context = {
        "organisation": membership.organisation,
        "person": membership.user,
        "notices": [(notice, base + notice.url if base and notice.url else "") for notice in notices[:MOST_LISTED]],
        "more": max(0, number - MOST_LISTED),
        "choices_url": base + reverse("notification_choices") if base else "",
        "home_url": base + reverse("notifications") if base else "",
    }
    mail = EmailMultiAlternatives(
        " ".join(subject.split()),
        render_to_string("portal/mail/notices.txt", context),
        to=[membership.user.email],
        headers={"Message-ID": _message_id(notices), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("portal/mail/notices.html", context), "text/html")
    return mail


def _message_id(notices: Sequence[Notification]) -> str:
    """The same for the same notices, however often they are sent."""
    digest = sha256(f"{settings.SECRET_KEY} {[notice.pk for notice in notices]}".encode()).hexdigest()
    return f"<{digest[:40]}@{urlsplit(settings.PORTAL_BASE_URL).hostname or 'localhost'}>"


def _note_failure(notices: Sequence[Notification], error: Exception) -> None:
    reason, final = _in_words(error)
    log.warning("A mail was not sent: %s", reason)
    _give_up([notice for notice in notices if final or notice.mail_tries >= MOST_TRIES], reason)
    _of(notices).update(mail_error=reason)


def _in_words(error: Exception) -> tuple[str, bool]:
    """Why, for the person who did not get it, and whether trying again is no use."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return _("The mail server does not accept this address."), all(code >= 500 for code in codes)
    if isinstance(error, SMTPResponseException):
        return _("The mail server refused it (%(code)s).") % {"code": error.smtp_code}, False
    if isinstance(error, OSError):
        return _("The mail server does not answer."), False
    return _("It cannot be sent to this address."), True


def _give_up(notices: Sequence[Notification], reason: str) -> None:
    _of(notices).update(mail_state=MailState.FAILED, mail_due_at=None, mail_error=reason[:300])


def _of(notices: Sequence[Notification]) -> QuerySet[Notification]:
    return Notification.objects.filter(pk__in=[notice.pk for notice in notices], mail_state=MailState.WAITING)
