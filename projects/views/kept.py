"""Kept views above the list: pinned ones as tabs with their counts, all of them in a menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from portal.access import Access
from projects.models import Role, SavedView
from projects.services.lists import saved_views
from projects.services.lists.columns import Column
from projects.services.lists.criteria import Criteria
from projects.services.lists.saved_view_tallies import tallies_of


@dataclass(frozen=True, slots=True)
class KeptView:
    """A view as the list shows it; `tally` None where it is not counted; `changed`: the list is no longer the view."""

    view: SavedView
    url: str
    tally: int | None
    current: bool
    changed: bool
    is_mine: bool
    is_pinned: bool
    may_delete: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """All views that a person may open, and what they may do with the list that is open."""

    mine: Sequence[KeptView]
    shared: Sequence[KeptView]
    may_keep: bool
    may_share: bool
    query: str

    @property
    def tabs(self) -> list[KeptView]:
        """The pinned ones, and the one that is open."""
        return [kept for kept in (*self.mine, *self.shared) if kept.is_pinned or kept.current]

    @property
    def current(self) -> KeptView | None:
        """The view that the list was opened from."""
        return next((kept for kept in self.tabs if kept.current), None)


def settled(criteria: Criteria, views: Sequence[SavedView]) -> Criteria:
    """The criteria, without a view that is gone or not this person's to see, and with a hint about that."""
    if not criteria.view or any(view.pk == criteria.view for view in views):
        return criteria
    return replace(criteria, view=0, hints=[*criteria.hints, _("That view is no longer there.")])


def kept_of(
    access: Access,
    criteria: Criteria,
    columns: Sequence[Column],
    team: Sequence[Role],
    views: Sequence[SavedView],
    *,
    count_all: bool = False,
) -> Kept:
    """The views around this list; the pinned ones counted, or all of them."""
    asked = {view.pk: saved_views.criteria_of(view, access, team) for view in views}
    counted = {view.pk: asked[view.pk] for view in views if count_all or view.is_pinned}  # type: ignore[attr-defined]
    tallies = tallies_of(access, counted)
    query = saved_views.kept_query(criteria, [column.name for column in columns])
    kept = []
    for view in views:
        meant = saved_views.kept_query(asked[view.pk], asked[view.pk].columns)
        current = view.pk == criteria.view
        is_mine = view.owner_id == access.membership.pk
        kept.append(
            KeptView(
                view=view,
                url=f"?{view.query}&view={view.pk}" if view.query else f"?view={view.pk}",
                tally=tallies.get(view.pk),
                current=current,
                changed=current and meant != query,
                is_mine=is_mine,
                is_pinned=view.is_pinned,  # type: ignore[attr-defined]
                may_delete=saved_views.may_delete(access, view),
            )
        )
    return Kept(
        mine=[view for view in kept if view.is_mine],
        shared=[view for view in kept if not view.is_mine],
        may_keep=saved_views.keeps_views(access),
        may_share=saved_views.shares_views(access),
        query=query,
    )
