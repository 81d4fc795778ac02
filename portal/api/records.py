"""What a route of the API lists: a declaration that views, paging and the OpenAPI document read.

Rows go from the database to JSON as tuples and dicts; serializers only declare the columns and their types, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db.models import Model, QuerySet
from django_filters import FilterSet
from django_scopes import scope
from rest_framework import serializers

from portal.access import Access
from portal.api.paging import Window
from portal.api.parameters import Wanted
from portal.api.prepared import Prepared, fetch
from portal.models import Kind, Membership, MirroredRecord, Organisation, Payload, User

Row = dict[str, Any]
INTERNAL = ("organisation", "connection", "requested_at")
BOOKS = ("synced_at", "changed_at", "removed_at", "withheld_at")


def mirrored_columns(model: type[MirroredRecord], *, without: Iterable[str] = ()) -> list[str]:
    """Keys of a mirrored record in the API: its ids, the vendor's columns but for `without`, the portal's books."""
    first = ["id", model.VENDOR_KEY, "connection"]
    apart = {*first, *INTERNAL, *BOOKS, *without}
    return [*first, *(f.name for f in model._meta.concrete_fields if f.name not in apart), *BOOKS]


class RecordSerializer(serializers.ModelSerializer[Any]):
    """Declares a record: read-only, every key always there but those in `Meta.may_be_missing`."""

    def get_extra_kwargs(self) -> dict[str, Any]:
        missing = getattr(self.Meta, "may_be_missing", ())  # type: ignore[attr-defined]
        fields = (name for name in self.Meta.fields if name not in self._declared_fields)  # type: ignore[attr-defined]
        return {name: {"required": False} if name in missing else {"read_only": True} for name in fields}


class MirroredSerializer(RecordSerializer):
    """Declares a mirrored record."""

    connection = serializers.IntegerField(source="connection_id", read_only=True, help_text="Id of a connection.")
    payload = serializers.DictField(
        required=False, allow_null=True, help_text="With `payload=1`: the vendor's object as last received."
    )


@lru_cache(maxsize=512)
def _page_of_all(records: Records, kind: Kind, money: tuple[bool, bool], removed: bool, window: Window) -> Prepared:
    """The query of pages of this size and direction, for people of this kind who see prices and costs as `money` says;
    the organisation is bound later."""

    def build(organisation: int, edge: int) -> QuerySet[Any, Any]:
        home = Organisation(pk=organisation)
        member = Membership(organisation=home, given_kind=kind, prices=money[0], costs=money[1])
        someone = Access(member, home, User())
        place = window if window.edge is None else replace(window, edge=edge)
        with scope(organisation=home):
            return place.cut(records.tuples(records.visible(someone, removed=removed)))

    return Prepared(build)


def leave_as_they_are(rows: list[Row], access: Access, wanted: Wanted) -> None:
    """Completes nothing: the columns are all there is."""


@dataclass(frozen=True, eq=False)
class Records:
    """One kind of record of the API.

    `visible(access, removed=…)` gives the rows a person may see; for people who see all projects it looks at nothing
    but their kind, their right to prices and costs, and organisation. `complete(rows, access, wanted)` adds what no
    column holds and takes out what the person may not see, in place, in a fixed number of queries. `shapes` are the
    payload shapes, fullest first; payloads are stored under `resources` (by default `name`), for a row under what
    `vendor_id_of` says.
    """

    name: str
    about: str
    model: type[Model]
    serializer: type[RecordSerializer]
    visible: Callable[..., QuerySet[Any]]
    filters: type[FilterSet]
    complete: Callable[[list[Row], Access, Wanted], None] = leave_as_they_are
    shapes: Sequence[str] = ("detail", "details", "list")
    resources: Sequence[str] = ()
    vendor_id_of: Callable[[Row], str] | None = None

    @property
    def is_mirrored(self) -> bool:
        """Mirrored records can be removed and have payloads."""
        return issubclass(self.model, MirroredRecord)

    @cached_property
    def columns(self) -> dict[str, str]:
        """Key in the answer → path in a query; `id` first. Keys without a column are `complete`'s."""
        stored = {field.attname for field in self.model._meta.concrete_fields}
        sources = {name: str(field.source) for name, field in self.serializer().fields.items()}
        paths = {key: source.replace(".", "__") for key, source in sources.items() if source in stored or "." in source}
        return {"id": paths.pop("id"), **paths}

    def tuples(self, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
        """The rows as tuples of the columns."""
        return rows.values_list(*self.columns.values())

    def page(self, access: Access, wanted: Wanted, window: Window) -> list[tuple[Any, ...]]:
        """What `window` cuts out of all that a person may see."""
        if not access.sees_all_projects:
            return fetch(window.cut(self.tuples(self.visible(access, removed=wanted.removed))))
        place = replace(window, edge=None if window.edge is None else 0)
        money = (access.sees_prices, access.sees_costs)
        query = _page_of_all(self, access.kind, money, wanted.removed, place)
        try:
            return query.rows(organisation=access.organisation.pk, edge=window.edge)
        except EmptyResultSet:
            # What such people may see is nothing: there is no query for that.
            return []

    def shape(self, found: Iterable[tuple[Any, ...]], access: Access, wanted: Wanted) -> list[Row]:
        """Tuples as the answer shows them."""
        names = tuple(self.columns)
        rows = [dict(zip(names, values, strict=True)) for values in found]
        self.complete(rows, access, wanted)
        if wanted.payload:
            self._add_payloads(rows)
        return rows

    def _add_payloads(self, rows: list[Row]) -> None:
        """The stored text goes out as it is: it is JSON already."""
        named = self.vendor_id_of or self._by_vendor_key
        stored = Payload.objects.filter(
            connection_id__in={row["connection"] for row in rows},
            resource__in=self.resources or (self.name,),
            vendor_id__in=[named(row) for row in rows],
            shape__in=self.shapes,
        )
        found = list(stored.values_list("connection_id", "vendor_id", "shape", "body"))
        fullest_last = sorted(found, key=lambda columns: -self.shapes.index(columns[2]))
        bodies = {(connection, vendor_id): orjson.Fragment(body) for connection, vendor_id, _, body in fullest_last}
        for row in rows:
            row["payload"] = bodies.get((row["connection"], named(row)))

    def _by_vendor_key(self, row: Row) -> str:
        return str(row[self.model.VENDOR_KEY])  # type: ignore[attr-defined]
