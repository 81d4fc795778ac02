"""Tells people something, once an occasion, in the way that each of them chose.

`tell` works inside its caller's transaction: what is told and why it is told are stored together, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from portal.models import Kind, MailState, Membership, Notification, Organisation, Topic
from portal.services.notice_choices import URGENT, Ways, ways_of
from portal.services.nudges import nudge

# What is not urgent waits a little, so that the news of one sync go as one mail.
GATHER = timedelta(seconds=60)


def tell(  # noqa: PLR0917 (the order in which one says it)
    organisation: Organisation,
    topic: str,
    key: str,
    title: str,
    text: str = "",
    url: str = "",
    *,
    to: Sequence[Membership],
) -> None:
    """Tells these people of the occasion `key`, each once however often it is called; `url` is a path of the portal.

    Left out are people whose membership ended or belongs elsewhere, and those who want to hear of it in no way.
    """
    with scope(organisation=organisation):
        people = {m.pk: m for m in to if m.ended_at is None and m.organisation_id == organisation.pk}
        ways = ways_of(list(people.values()), Topic(topic))
        wanted = {pk: way for pk, way in ways.items() if way.in_portal or way.by_mail}
        due = timezone.now() + (timedelta() if topic in URGENT else GATHER)
        words = {"topic": topic, "key": key[:200], "title": title[:300], "text": text, "url": url[:300]}
        rows = [_row(organisation, pk, way, due, words) for pk, way in wanted.items()]
        Notification.objects.bulk_create(rows, ignore_conflicts=True)
        if topic in URGENT and any(way.by_mail for way in wanted.values()):
            transaction.on_commit(lambda: nudge("portal.tasks.notify"))


def administrators_of(organisation: Organisation) -> list[Membership]:
    """Who is told what concerns the whole organisation."""
    by_kind = Q(given_kind=Kind.ADMINISTRATOR) | Q(given_kind="", derived_kind=Kind.ADMINISTRATOR)
    with scope(organisation=organisation):
        return list(Membership.objects.filter(by_kind, organisation=organisation, ended_at=None, user__is_active=True))


def settle(people: Sequence[Membership], occasions: Q) -> None:
    """What these occasions said is over: their notices count as read, and mails that still wait are not sent."""
    told = Notification.objects.filter(occasions, membership__in=[person.pk for person in people])
    told.filter(mail_state=MailState.WAITING).update(
        mail_state=MailState.NONE, mail_due_at=None, mail_error=_("It was over before the e-mail went out.")
    )
    told.filter(read_at=None).update(read_at=timezone.now())


def unread_by(membership: Membership) -> QuerySet[Notification]:
    """What this person has not read yet."""
    return Notification.objects.filter(membership=membership, in_portal=True, read_at=None)


def unread(membership: Membership) -> int:
    """The number at the bell."""
    return unread_by(membership).count()


def _row(organisation: Organisation, pk: int, way: Ways, due: datetime, words: dict[str, str]) -> Notification:
    return Notification(
        organisation=organisation,
        membership_id=pk,
        in_portal=way.in_portal,
        mail_state=MailState.WAITING if way.by_mail else MailState.NONE,
        mail_due_at=due if way.by_mail else None,
        **words,
    )
