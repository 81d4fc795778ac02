"""The worker's part of webhooks: following what arrived, looking after the registration, and finding what was lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from portal.lib.errors import VendorError
from portal.models import Connection, InboxEvent, InboxState, Lease, PendingFetch, Webhook
from portal.services.syncing import STOPPED, fetch_pending
from portal.sync import hooks, inbox
from portal.sync import lease as leases
from portal.sync.gate import Gate

# What came just now has been announced; longer than this, its message is lost.
LOST_AFTER = timedelta(seconds=3)


def process(connection_id: int) -> None:
    """A worker's way: follows what waits, then asks for what the events say has changed."""
    with scopes_disabled():
        connection = Connection.objects.select_related("organisation").filter(pk=connection_id).first()
    if connection is None:
        return
    with scope(organisation=connection.organisation):
        done = inbox.process(connection)
        wanted = done and PendingFetch.objects.filter(connection=connection).exists()
    if wanted and connection.state not in STOPPED:
        fetch_pending(connection_id)


def look_after(connection_id: int) -> None:
    """A worker's way: does what administrators wish done to the webhook; a run under way does it itself."""
    with scopes_disabled():
        connection = Connection.objects.select_related("organisation").filter(pk=connection_id).first()
        if connection is None or connection.state in STOPPED:
            return
        try:
            held = leases.acquire(connection)
        except leases.LeaseTaken:
            return
        try:
            with Gate(connection, heartbeat=held.renew) as gate:
                hooks.look_after(gate)
        except (VendorError, leases.LeaseLost):
            # The next run meets the same, and tells the connection.
            return
        finally:
            held.release()


def sweep(nudge_inbox: Callable[[int], object], nudge_hooks: Callable[[int], object]) -> None:
    """Finds events and wishes whose message was lost, and nudges a worker for each connection. May run twice."""
    with scopes_disabled():
        before = timezone.now() - LOST_AFTER
        lost = InboxEvent.objects.filter(state=InboxState.NEW, received_at__lt=before)
        for connection_id in lost.order_by().values_list("connection", flat=True).distinct():
            nudge_inbox(connection_id)
        busy = Lease.objects.filter(connection=OuterRef("connection"), until__gt=timezone.now())
        wishes = Webhook.objects.exclude(wishes=[]).filter(~Exists(busy)).exclude(connection__state__in=STOPPED)
        for connection_id in wishes.values_list("connection", flat=True):
            nudge_hooks(connection_id)
