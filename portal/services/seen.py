"""When a person was last here, to five minutes."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Membership

EVERY = timedelta(minutes=5)
log = logging.getLogger("portal.seen")


def note_seen(membership: Membership) -> None:
    """Writes the time by one UPDATE, and only where the last one is old; a database that refuses spoils no answer."""
    now = timezone.now()
    if membership.last_seen_at is not None and membership.last_seen_at > now - EVERY:
        return
    try:
        with scopes_disabled():
            old = Q(last_seen_at=None) | Q(last_seen_at__lte=now - EVERY)
            Membership.objects.filter(old, pk=membership.pk).update(last_seen_at=now)
    except DatabaseError as error:
        log.warning("Not noted that %s was seen: %s", membership.pk, error)
