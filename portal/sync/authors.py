"""Whose edits the vendor's answer confirms: changes that a person made here, or an integrator over the API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson
from django.db.models import Q

from portal.models import ChangeSource, Connection, Delivery, DeliveryState, Verb
from portal.registry import registry
from portal.sync.writing import is_same

Author = tuple[str, int | None]
"""Source and user; the vendor's changes have no user."""

BY_VENDOR: Author = (ChangeSource.VENDOR.value, None)
_OF_RECORD = {"new": Verb.CREATE, "removed": Verb.DELETE}


class Authors:
    """The deliveries under way of some records, found with one query; of none, with none."""

    def __init__(self, connection: Connection, resource: str, vendor_ids: Iterable[str]) -> None:
        source = registry.sources.get(connection.vendor)
        writer = source.writers.get(resource) if source else None
        self._columns = writer.columns if writer else {}
        self._deliveries: dict[str, list[Delivery]] = defaultdict(list)
        ids = list(vendor_ids)
        if writer is None or not ids:
            return
        out = Q(state=DeliveryState.SENDING) | Q(state=DeliveryState.PENDING, accepted_at__isnull=False)
        rows = Delivery.objects.filter(out, connection=connection, resource=resource, vendor_id__in=ids)
        for delivery in rows.order_by("-pk"):
            self._deliveries[delivery.vendor_id].append(delivery)

    def of(self, vendor_id: str, field: str, after: str) -> Author:
        """Who made this change; `after` is the JSON of the new value."""
        for delivery in self._deliveries.get(vendor_id, ()):
            if self._confirms(delivery, field, orjson.loads(after)):
                return str(delivery.source), delivery.actor_id
        return BY_VENDOR

    def _confirms(self, delivery: Delivery, field: str, after: Any) -> bool:
        if not field:
            return _OF_RECORD.get(after) == delivery.verb
        return any(self._columns.get(name) == field and is_same(value, after) for name, value in delivery.body.items())
