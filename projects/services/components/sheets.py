"""What the catalogue knows of the components in a project's systems; one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.access import Access
from projects.access import visible_components
from projects.models import ComponentKind, Project
from projects.services.components.uses import LISTS
from projects.services.story.system_options import SystemOption

# The list of a system that holds a part, its maker and its code.
PartKey = tuple[str, str, str]


def known_parts(access: Access, project: Project, options: Sequence[SystemOption]) -> Mapping[PartKey, dict[str, Any]]:
    """By list, maker and code: the data sheet (`data`, decoded) and the warranties that the catalogue holds."""
    codes = {part.code for option in options for name in LISTS.values() for part in option.of_kind(name) if part.code}
    if not codes:
        return {}
    rows = visible_components(access).filter(connection=project.connection_id, code__in=codes)
    return {
        (LISTS[ComponentKind(row.kind)], row.manufacturer_name, row.code): {
            "data": row.data,
            "product_warranty": row.product_warranty,
            "performance_warranty": row.performance_warranty,
        }
        for row in rows.order_by("is_archived", "pk").reverse()
    }
