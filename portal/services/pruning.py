"""Nothing grows for ever: old runs, solved problems, notifications, ended sessions and delivered messages go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from portal.models import Delivery, DeliveryState, InboxEvent, InboxState, Notification, SyncProblem, SyncRun
from portal.services.sign_ins import forget_ended

BATCH = 1000


def prune() -> int:
    """Deletes what is older than KEEP_DAYS (the last run of a connection stays); returns how many rows went."""
    before = timezone.now() - timedelta(days=settings.KEEP_DAYS)
    with scopes_disabled():
        newest = SyncRun.objects.values("connection").annotate(newest=Max("pk")).values("newest")
        gone = _delete(SyncRun.objects.filter(queued_at__lt=before).exclude(pk__in=newest))
        gone += _delete(SyncProblem.objects.filter(resolved_at__lt=before))
        gone += _delete(Notification.objects.filter(at__lt=before))
        gone += _delete(InboxEvent.objects.filter(received_at__lt=before).exclude(state=InboxState.NEW))
        over = Delivery.objects.filter(state__in=(DeliveryState.SENT, DeliveryState.CANCELLED))
        gone += _delete(over.filter(changed_at__lt=before))
    return gone + forget_ended() + purge_broker()


def purge_broker() -> int:
    """The embedded broker keeps delivered messages for ever unless somebody deletes them."""
    url = settings.CELERY_BROKER_URL
    if not url.startswith("sqla+sqlite:///") or not Path(url.removeprefix("sqla+sqlite:///")).exists():
        return 0
    engine = create_engine(url.removeprefix("sqla+"))
    try:
        with engine.begin() as broker:
            return broker.execute(text("DELETE FROM kombu_message WHERE visible = 0")).rowcount
    except OperationalError:
        # The worker has not made its tables yet, or is writing; the next hour will do.
        return 0
    finally:
        engine.dispose()


def _delete(rows: QuerySet[Any]) -> int:
    gone = 0
    while batch := list(rows.values_list("pk", flat=True)[:BATCH]):
        gone += rows.model._default_manager.filter(pk__in=batch).delete()[0]
    return gone
