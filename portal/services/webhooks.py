"""What people do with a connection's webhook: have one or not, switch it on again, replace its secret, test it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from portal.models import Connection, Webhook, WebhookState
from portal.services.connection_acts import CannotDo
from portal.services.nudges import nudge_hooks
from portal.services.syncing import STOPPED
from portal.sync import hooks
from portal.sync import lease as leases
from portal.sync.gate import Gate

Wish = Webhook.Wish
PATIENCE = 10.0  # seconds for a run under way, which does the same


def register_now(connection: Connection, *, wanted: bool) -> str:
    """Registers the webhook (or, not `wanted`, switches off one that there is), here and now; what is to be said.

    Once, however often it runs; nothing at all where the portal has no public address.
    """
    known = Webhook.objects.filter(connection=connection).exists()
    if not wanted and not known:
        # Noted, so that no sync registers one later.
        hooks.ensure(connection, wanted=False)
        return ""
    row = hooks.ensure(connection, wanted=wanted)
    if row is None:
        return ""
    _wish(row, Wish.CHECK)
    try:
        held = leases.acquire(connection, wait=PATIENCE)
    except leases.LeaseTaken:
        return ""
    try:
        with Gate(connection, heartbeat=held.renew) as gate:
            hooks.look_after(gate)
    finally:
        held.release()
    row.refresh_from_db()
    if row.message:
        return _("Changes are not reported at once: %(why)s") % {"why": row.message}
    if row.state == WebhookState.SWITCHED_OFF:
        return _("The webhook is switched off at the vendor; switch it on again on the connection's page.")
    return ""


def ask(connection: Connection, wish: str) -> None:
    """Has a worker do something to the webhook; raises CannotDo where there is none, or nothing may be asked."""
    row = _row(connection)
    if connection.state in STOPPED:
        raise CannotDo(_("Nothing is asked of the vendor while this connection is stopped. Put that right first."))
    with transaction.atomic():
        _wish(row, wish)
        transaction.on_commit(lambda: nudge_hooks(connection.pk))


def set_wanted(connection: Connection, wanted: bool) -> None:
    """Whether there is to be a webhook at all; the vendor is told by a worker."""
    with transaction.atomic():
        row = _row(connection)
        hooks.ensure(connection, wanted=wanted)
        _wish(row, Wish.CHECK)
        transaction.on_commit(lambda: nudge_hooks(connection.pk))


def replace_secret(connection: Connection) -> None:
    """Another address and secret; a worker registers them, and what the vendor sends meanwhile it sends again."""
    with transaction.atomic():
        row = _row(connection)
        hooks.replace_secret(row)
        _wish(row, Wish.CHECK)
        transaction.on_commit(lambda: nudge_hooks(connection.pk))


def _row(connection: Connection) -> Webhook:
    row = hooks.ensure(connection)
    if row is None:
        raise CannotDo(_("The portal has no public address (PORTAL_BASE_URL), so no vendor can report to it."))
    return row


def _wish(row: Webhook, wish: str) -> None:
    with transaction.atomic():
        locked = Webhook.objects.select_for_update().only("wishes").get(pk=row.pk)
        if wish not in locked.wishes:
            Webhook.objects.filter(pk=row.pk).update(wishes=[*locked.wishes, wish])
