"""Lists that OpenSolar does not give an account, in words for the pages that show them."""

from __future__ import annotations

from collections.abc import Collection

from portal.models import Connection


def refusals(resources: Collection[str]) -> list[str]:
    """What OpenSolar said when it was asked for these lists; nothing where it gives them. One query."""
    found = Connection.objects.order_by("pk").values_list("switched_off", flat=True)
    said = [str(why) for off in found for name, why in off.items() if name in resources]
    return list(dict.fromkeys(said))
