"""Tells the author of an edit that it was refused, met somebody else's, or that nobody knows what became of it.

It reads rows, like `notices_watch`: nothing is lost when the worker that settled a delivery died. Retried or given up,
the matter is over.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_scopes import scopes_disabled

from portal.models import Connection, Delivery, DeliveryState, MailState, Membership, Notification, Topic
from portal.models.outbox import FOR_A_PERSON
from portal.services.deliveries import said_of
from portal.services.notices import settle, tell

RECENT = timedelta(days=1)
TITLES = {
    DeliveryState.REFUSED: gettext_noop("Refused: %(about)s"),
    DeliveryState.CONFLICT: gettext_noop("Changed by somebody else: %(about)s"),
    DeliveryState.UNKNOWN: gettext_noop("Nobody knows whether it arrived: %(about)s"),
}


def tell_authors(connection: Connection | None = None) -> None:
    """Tells what is new and settles what is over. May run at any time, twice: an occasion is told once."""
    with scopes_disabled():
        rows = Delivery.objects.filter(state__in=FOR_A_PERSON, changed_at__gte=timezone.now() - RECENT)
        rows = rows.filter(connection=connection) if connection else rows
        rows = rows.exclude(actor=None).select_related("organisation").defer("body")
        by_key = {_key(row): row for row in rows}
        told = set(Notification.objects.filter(topic=Topic.DELIVERY, key__in=by_key).values_list("key", flat=True))
        for key in by_key.keys() - told:
            _tell(key, by_key[key])
        _settle_over()


def _settle_over() -> None:
    """Of what was told and is still open: what is no longer so, because it was sent, given up or tried again."""
    open_ones = Q(read_at=None) | Q(mail_state=MailState.WAITING)
    told = Notification.objects.filter(open_ones, topic=Topic.DELIVERY, at__gte=timezone.now() - RECENT)
    by_key = {notice.key: notice for notice in told.select_related("membership")}
    numbers = {key.split(":")[1] for key in by_key}
    rows = Delivery.objects.filter(pk__in=numbers, state__in=FOR_A_PERSON).defer("body")
    still = {_key(row) for row in rows}
    for key in by_key.keys() - still:
        settle([by_key[key].membership], Q(topic=Topic.DELIVERY, key=key))


def _tell(key: str, row: Delivery) -> None:
    title = _(TITLES[DeliveryState(row.state)]) % {"about": row.about or row}
    text = said_of(row) or _("What you typed is kept. Open it to correct it, to send it again or to give it up.")
    tell(row.organisation, Topic.DELIVERY, key, title, text, reverse("delivery", args=[row.pk]), to=_author(row))


def _author(row: Delivery) -> list[Membership]:
    return list(Membership.objects.filter(organisation=row.organisation_id, user=row.actor_id))


def _key(row: Delivery) -> str:
    return f"delivery:{row.pk}:{row.state}:{row.changed_at.isoformat()}"
