"""Links between mirrored records by the vendor's own number inside one connection.

No constraint in the database and nothing to resolve later: a project may arrive before its role. Django joins over
such a link as over a foreign key (`select_related`, filters, reverse sets).
"""

from typing import Any

from django.db import models


def by_number(to: str, ref: str, related_name: str) -> Any:
    """A link from `ref` on this model to `opensolar_id` on the model `to`, of the same connection."""
    return models.ForeignObject(
        to,
        on_delete=models.DO_NOTHING,
        from_fields=["connection", ref],
        to_fields=["connection", "opensolar_id"],
        related_name=related_name,
        null=True,
    )
