"""Keeps a connection's webhook at the vendor as it should be: there once, with our address, fields and secret."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.lib.errors import Forbidden, MethodNotAllowed, NotFound, PermanentError, PlanError, Refused, VendorError
from portal.lib.http import Transport
from portal.models import Connection, Webhook, WebhookState
from portal.registry import registry
from portal.sync.gate import Gate
from portal.sync.inbox import still_news
from portal.sync.pending import switch_off, switch_on
from portal.sync.reported import Found, Hooks, Wanted

WEBHOOKS, LOG, EXTRAS = "webhooks", "webhook_logs", "webhook_fields"
NOT_OFFERED = (PlanError, Forbidden, NotFound, MethodNotAllowed, Refused)
LOG_EVERY = timedelta(hours=6)
# In these the portal, not somebody at the vendor, is why the webhook is off.
OFF_BY_US = (WebhookState.NEW, WebhookState.NOT_WANTED)
Wish = Webhook.Wish


def ensure(connection: Connection, *, wanted: bool | None = None) -> Webhook | None:
    """The connection's row, made when it is missing; None where the vendor reports nothing or nobody could reach us.

    `wanted` says whether there is to be a webhook (None: as it is, at first yes).
    """
    source = registry.sources.get(connection.vendor)
    if source is None or source.hooks is None or not settings.PORTAL_BASE_URL:
        return None
    row, created = Webhook.objects.get_or_create(
        connection=connection,
        organisation_id=connection.organisation_id,
        defaults={**_fresh_secret(source.hooks), "wanted": wanted is not False},
    )
    if not created and wanted is not None and row.wanted != wanted:
        row.wanted = wanted
        row.save(update_fields=["wanted"])
    return row


def replace_secret(row: Webhook) -> None:
    """Another address and secret from now on; the next check registers them, and until then nothing gets in."""
    hooks = registry.source(row.connection.vendor).hooks
    if hooks is not None:
        Webhook.objects.filter(pk=row.pk).update(**_fresh_secret(hooks))


def _fresh_secret(hooks: Hooks) -> dict[str, Any]:
    secret = secrets.token_urlsafe(32)
    digest = hooks.digest_of(secret)
    return {"key": secrets.token_urlsafe(16), "secret": {"secret": secret}, "secret_digest": digest}


def address_of(row: Webhook) -> str:
    """Where the vendor is to report."""
    return f"{_addresses(row.connection)}{row.key}/"


def _addresses(connection: Connection) -> str:
    """What the addresses of all our webhooks at this vendor begin with."""
    return f"{settings.PORTAL_BASE_URL}/webhooks/{connection.vendor}/"


def look_after(gate: Gate) -> None:
    """Checks the registration and does what administrators wished. With the connection's lease in hand; may run twice.

    Raises no error of the vendor's: without webhooks everything is there too, only later.
    """
    row, hooks = ensure(gate.connection), gate.source.hooks
    if row is None or hooks is None:
        return
    wishes = set(row.wishes)
    asked = wishes & {Wish.CHECK, Wish.ENABLE}
    if asked or WEBHOOKS not in gate.connection.switched_off:
        _guarded(gate, row, lambda: _reconcile(gate, hooks, row, enable=Wish.ENABLE in wishes))
    if Wish.TEST in wishes:
        _test(hooks, row)
    now = timezone.now()
    is_due = row.state == WebhookState.ON and (row.log_read_at is None or now - row.log_read_at > LOG_EVERY)
    if Wish.LOG in wishes or (is_due and LOG not in gate.connection.switched_off):
        _compare_log(gate, hooks, row)
    _grant(row, wishes)


def _grant(row: Webhook, wishes: set[str]) -> None:
    """Takes the wishes away that were there at the beginning; those that came meanwhile stay."""
    if wishes:
        with transaction.atomic():
            locked = Webhook.objects.select_for_update().only("wishes").get(pk=row.pk)
            left = [wish for wish in locked.wishes if wish not in wishes]
            Webhook.objects.filter(pk=row.pk).update(wishes=left)


def _guarded(gate: Gate, row: Webhook, act: Callable[[], None]) -> None:
    try:
        act()
    except NOT_OFFERED as error:
        switch_off(gate.connection, WEBHOOKS, str(error))
        _tell(row, state=WebhookState.REFUSED, message=str(error)[:500])
    except VendorError as error:
        _tell(row, message=str(error)[:500])
    else:
        switch_on(gate.connection, WEBHOOKS)


def _reconcile(gate: Gate, hooks: Hooks, row: Webhook, *, enable: bool) -> None:
    mine = _mine(gate.connection, row, hooks.registered(gate))
    for other in mine[1:]:
        if other.enabled:
            hooks.update(gate, other.vendor_id, {"enabled": False})
    if not mine and not row.wanted:
        _tell(row, state=WebhookState.NOT_WANTED, message="")
        return
    if not mine:
        made, digest = _sent(gate, hooks, row, lambda wanted: hooks.create(gate, wanted))
        _tell(row, state=WebhookState.ON, message="", vendor_id=made, sent_digest=digest)
        return
    found = mine[0]
    on = row.wanted and (found.enabled or enable or row.state in OFF_BY_US)
    switched = {"enabled": on} if on != found.enabled else {}

    def put_right(wanted: Wanted) -> str:
        known = row.sent_digest == _digest(wanted)
        if changes := (_changes(found, wanted, known=known) if row.wanted else {}) | switched:
            hooks.update(gate, found.vendor_id, changes)
        return found.vendor_id

    _, digest = _sent(gate, hooks, row, put_right)
    off = WebhookState.SWITCHED_OFF if row.wanted else WebhookState.NOT_WANTED
    kept = digest if row.wanted else row.sent_digest
    _tell(row, state=WebhookState.ON if on else off, message="", vendor_id=found.vendor_id, sent_digest=kept)


def _sent(gate: Gate, hooks: Hooks, row: Webhook, send: Callable[[Wanted], str]) -> tuple[str, str]:
    """What sending it gave, and the digest of what was sent: where the vendor refuses that, with its documented fields
    alone."""
    try:
        wanted = _wanted(gate, hooks, row)
        return send(wanted), _digest(wanted)
    except Refused as error:
        if EXTRAS in gate.connection.switched_off:
            raise
        switch_off(gate.connection, EXTRAS, str(error))
    try:
        wanted = _wanted(gate, hooks, row)
        return send(wanted), _digest(wanted)
    except Refused:
        # They were not the reason.
        switch_on(gate.connection, EXTRAS)
        raise


def _wanted(gate: Gate, hooks: Hooks, row: Webhook) -> Wanted:
    trigger_fields, payload_fields = hooks.fields(EXTRAS not in gate.connection.switched_off)
    return Wanted(address_of(row), hooks.headers_for(row.secret["secret"]), trigger_fields, payload_fields)


def _digest(wanted: Wanted) -> str:
    return sha256(orjson.dumps(wanted)).hexdigest()


def _mine(connection: Connection, row: Webhook, found: list[Found]) -> list[Found]:
    """Those that report to us, first the one to keep."""
    ours = [one for one in found if one.vendor_id == row.vendor_id or one.endpoint.startswith(_addresses(connection))]
    address = address_of(row)
    return sorted(ours, key=lambda one: (one.vendor_id != row.vendor_id, one.endpoint != address))


def _changes(found: Found, wanted: Wanted, *, known: bool) -> dict[str, Any]:
    """All of it when anything differs, or when what is there was not sent by us in this form (`known`)."""
    same = (
        known
        and found.endpoint == wanted.endpoint
        and found.headers in (None, dict(wanted.headers))
        and _names(found.trigger_fields) == _names(wanted.trigger_fields)
        and _names(found.payload_fields) == _names(wanted.payload_fields)
    )
    if same:
        return {}
    names = ("endpoint", "headers", "trigger_fields", "payload_fields")
    return {name: getattr(wanted, name) for name in names}


def _names(fields: Any) -> set[str] | None:
    return None if fields is None else set(fields)


def _tell(row: Webhook, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    Webhook.objects.filter(pk=row.pk).update(**columns, checked_at=timezone.now())


def _test(hooks: Hooks, row: Webhook) -> None:
    """Reports to our own public address as the vendor would; what comes of it stands on the connection's page."""
    line = Transport(settings.PORTAL_BASE_URL, name="The portal's own address", deadline=10.0, retries=0)
    body = orjson.loads(hooks.test_body())
    path = address_of(row).removeprefix(settings.PORTAL_BASE_URL)
    try:
        line.request("POST", path, json=body, headers=hooks.headers_for(row.secret["secret"]))
        message = ""
    except VendorError as error:
        message = str(error)[:500]
    finally:
        line.close()
    Webhook.objects.filter(pk=row.pk).update(tested_at=timezone.now(), test_message=message)


def _compare_log(gate: Gate, hooks: Hooks, row: Webhook) -> None:
    """Asks for every record of which the vendor says that it reported it and of which nothing arrived."""
    connection = gate.connection
    try:
        missed = hooks.log(gate, row.vendor_id)
    except PermanentError as error:
        switch_off(connection, LOG, str(error))
        return
    except VendorError:
        # Its own failure or ours; the next time will do.
        return
    switch_on(connection, LOG)
    hooks.follow(connection, still_news(connection, gate.source, missed))
    Webhook.objects.filter(pk=row.pk).update(log_read_at=timezone.now(), missed=len(missed))
