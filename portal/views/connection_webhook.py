"""A connection's webhook and the completeness of its mirror, as the connection's page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from portal.models import Connection, InboxEvent, InboxState, Webhook, WebhookState
from portal.registry import registry
from portal.services.completeness import Lack, completeness_of
from portal.services.syncing import STOPPED
from portal.templatetags.numbers import figure
from portal.views import connection_words as words

TONES = {
    WebhookState.NEW: "info",
    WebhookState.ON: "well",
    WebhookState.SWITCHED_OFF: "act",
    WebhookState.REFUSED: "watch",
    WebhookState.NOT_WANTED: "",
    WebhookState.NO_ADDRESS: "watch",
}


@dataclass(frozen=True, slots=True)
class WebhookPanel:
    """`row` is None where nothing is registered yet; `busy` while a worker has something to do to it."""

    row: Webhook | None
    label: str
    tone: str
    arrived: int
    waiting: int
    unreadable: int
    busy: bool
    stopped: bool


@dataclass(frozen=True, slots=True)
class CompletenessPanel:
    """`percent` in words, `lacks` a sentence each."""

    percent: str
    tone: str
    records: int
    lacks: Sequence[str]


def webhook_panel(connection: Connection) -> WebhookPanel | None:
    """None for a vendor that reports nothing."""
    source = registry.sources.get(connection.vendor)
    if source is None or source.hooks is None:
        return None
    row = Webhook.objects.filter(connection=connection).defer("secret").first()
    today = InboxEvent.objects.filter(connection=connection, received_at__gte=timezone.now() - timedelta(days=1))
    states = dict(today.exclude(state=InboxState.TEST).values_list("state").annotate(number=Count("pk")).order_by())
    state = WebhookState(row.state) if row else WebhookState.NO_ADDRESS
    return WebhookPanel(
        row=row,
        label=str(state.label),
        tone=TONES[state],
        arrived=sum(states.values()),
        waiting=states.get(InboxState.NEW, 0),
        unreadable=states.get(InboxState.UNREADABLE, 0),
        busy=bool(row and row.wishes),
        stopped=connection.state in STOPPED,
    )


def completeness_panel(connection: Connection) -> CompletenessPanel | None:
    """None for a vendor that nobody mirrors."""
    found = completeness_of(connection)
    if found is None:
        return None
    percent = "" if found.percent is None else f"{number_format(found.percent, 0 if found.percent == 100 else 1)} %"
    tone = "well" if found.percent == 100 and not found.lacks else "watch"
    return CompletenessPanel(percent, tone, found.records, [_lack(connection.vendor, lack) for lack in found.lacks])


def _lack(vendor: str, lack: Lack) -> str:
    said = []
    if lack.unlisted:
        said.append(_("not listed completely yet"))
    if lack.waiting:
        said.append(_("%s to be asked for again") % figure(lack.waiting))
    if lack.refused:
        said.append(_("%s not taken in, see the problems") % figure(lack.refused))
    return f"{words.records(vendor, lack.resource).capitalize()}: {', '.join(said)}"
