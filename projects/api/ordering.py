"""Pages in another order than the portal's ids: by a column, and by id where it is the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError

from portal.api.paging import Window


@dataclass(frozen=True, slots=True)
class OrderedWindow(Window):
    """A page of rows ordered by `rank`, an expression; its edge is still named by a row's id.

    Rows may come and go meanwhile.
    """

    rank: Any = field(default_factory=lambda: F("id"))
    descending: bool = False

    def cut(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """As `Window.cut`. ParseError (400) when the row at the edge is gone: its place is then unknown."""
        downwards = self.backward != self.descending
        ranked = rows.alias(rank=self.rank)
        if self.edge is not None:
            ranked = ranked.filter(self._beyond(rows, "lt" if downwards else "gt"))
        order = ("-rank", "-id") if downwards else ("rank", "id")
        page: QuerySet[Any, Any] = ranked.order_by(*order)[: self.size + 1]
        return page

    def _beyond(self, rows: QuerySet[Any, Any], way: str) -> Q:
        everything = rows.model._default_manager.filter(pk=self.edge).annotate(rank=self.rank)
        place = everything.values_list("rank", flat=True).first()
        if place is None:
            raise ParseError(_("This cursor leads nowhere any more: start again from the first page."))
        return Q(**{f"rank__{way}": place}) | Q(**{"rank": place, f"id__{way}": self.edge})
