"""Everything above a list or board of projects: filters, chips, ready-made and kept views, the menu of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.access import Access
from projects.models import Role, SavedView
from projects.services.lists.columns import Column, choosable
from projects.services.lists.criteria import Criteria
from projects.views.chips import chips_of
from projects.views.kept import kept_of
from projects.views.toolbar import choices_behind, choices_of, presets_of, ranges_of


def bar_of(
    access: Access,
    criteria: Criteria,
    team: Sequence[Role],
    views: Sequence[SavedView],
    *,
    columns: Sequence[Column],
    page_url: str,
) -> dict[str, Any]:
    """What the templates of the bar need; `page_url` is the list or board that the filters narrow."""
    clear = Criteria(sort=criteria.sort, columns=criteria.columns).query()
    ids = criteria.query().partition("ids=")[2].partition("&")[0]
    hidden = {"columns": ",".join(criteria.columns), "view": str(criteria.view or ""), "ids": ids}
    shown = [column.name for column in columns]
    return {
        "page_url": page_url,
        "choices": choices_of(criteria, team),
        "behind": choices_behind(criteria, team),
        "ranges": ranges_of(criteria, access),
        "hidden": [(name, value) for name, value in hidden.items() if value],
        "chips": chips_of(criteria),
        "clear_url": page_url + ("" if clear == "?" else clear),
        "presets": presets_of(criteria, access, team),
        "kept": kept_of(access, criteria, columns, team, views),
        "choosable": [(column, column.name in shown) for column in choosable(access)],
    }
