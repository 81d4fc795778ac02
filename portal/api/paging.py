"""Cursor pages by id: the last page costs what the first costs, and rows that arrive meanwhile shift nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

USUAL, MOST = 50, 200
# Eighteen digits always fit a bigint.
CURSOR = re.compile(r"(after|before)-([0-9]{1,18})")
LAST = 10**18 - 1


@dataclass(frozen=True, slots=True)
class Window:
    """Where a page lies: `size` rows beyond the id `edge`, upwards or (`backward`) downwards; no edge: the first."""

    size: int
    edge: int | None = None
    backward: bool = False

    @classmethod
    def of(cls, request: Request) -> Window:
        """The page that the request asks for; ParseError (400) with a sentence for what cannot be one."""
        text = request.query_params.get("page_size", str(USUAL))
        if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= MOST):
            raise ParseError(_("page_size is a whole number from 1 to {most}.").format(most=MOST))
        cursor = request.query_params.get("cursor")
        if cursor is None:
            return cls(int(text))
        found = CURSOR.fullmatch(cursor)
        if not found:
            raise ParseError(_("This cursor is not one of ours: follow next and previous as they are given."))
        return cls(int(text), int(found[2]), found[1] == "before")

    def cut(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """The rows of the page in the direction of reading, and one more: it tells whether the listing goes on."""
        if self.edge is not None:
            rows = rows.filter(id__lt=self.edge) if self.backward else rows.filter(id__gt=self.edge)
        return rows.order_by("-id" if self.backward else "id")[: self.size + 1]


class KeysetPages(BasePagination):
    """Pages of tuples whose first item is the id, ascending."""

    next: str | None = None
    previous: str | None = None

    def turn(self, found: list[Any], window: Window, request: Request) -> list[Any]:
        """The page itself, of what `window.cut` found; notes its neighbours' addresses."""
        goes_on = len(found) > window.size
        page = found[: window.size]
        if window.backward:
            page.reverse()
        if window.backward or goes_on:
            self.next = self._link(request, f"after-{self._edge(page, -1, window)}")
        if goes_on if window.backward else window.edge is not None:
            self.previous = self._link(request, f"before-{self._edge(page, 0, window)}")
        return page

    @staticmethod
    def _edge(page: list[Any], position: int, window: Window) -> int:
        """The outermost id of the page; of an empty page, the id that keeps what lay beside its edge in reach."""
        if page:
            edge: int = page[position][0]
            return edge
        return min(max((window.edge or 0) + (-1 if window.backward else 1), 0), LAST)

    @staticmethod
    def _link(request: Request, cursor: str) -> str:
        return replace_query_param(request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "description": "The page that follows, null on the last."},
                "previous": {**link, "description": "The page before, null on the first."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        return [
            _parameter("cursor", "From `next` or `previous`, as it stands there.", {"type": "string"}),
            _parameter("page_size", "Records a page.", size),
        ]


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
