"""How complete the mirror of a connection is: what the vendor has as far as we know, and what of it we lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from django.db.models import CharField, Count, Value

from portal.models import Connection, Cursor, PendingFetch, SyncProblem
from portal.registry import registry
from portal.sync.source import Source

NOT_TAKEN_IN = (SyncProblem.What.RECORD, SyncProblem.What.FETCH)


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing of one kind of record: `waiting` are here, but not as the vendor has them now."""

    resource: str
    waiting: int
    refused: int
    unlisted: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    """`percent` of the known records that are here as the vendor has them; None before anything was listed."""

    percent: float | None
    records: int
    lacks: Sequence[Lack]


def completeness_of(connection: Connection) -> Completeness | None:
    """In a number of queries that depends on the kinds of records alone; None where nobody mirrors this vendor."""
    source = registry.sources.get(connection.vendor)
    if source is None:
        return None
    waiting, refused = _waiting(connection, source), _refused(connection, source)
    listed = set(
        Cursor.objects.filter(connection=connection, completed_at__isnull=False).values_list("resource", flat=True)
    )
    held, lacks, whole = 0, [], 0
    here = _here(connection, source)
    for resource in source.resources:
        number = here[resource.name]
        held += number + refused[resource.name]
        whole += max(number - waiting[resource.name], 0)
        # What an account does not have is not missing.
        unlisted = resource.name not in listed and resource.name not in connection.switched_off
        lack = Lack(resource.name, waiting[resource.name], refused[resource.name], unlisted)
        if lack.waiting or lack.refused or lack.unlisted:
            lacks.append(lack)
    # Rounded down: only what is complete is 100 %.
    percent = floor(1000 * whole / held) / 10 if held else None
    return Completeness(percent, held, lacks)


def _here(connection: Connection, source: Source) -> dict[str, int]:
    """How many records of each kind are here, in one query."""
    numbers = [
        resource.model._default_manager.filter(connection=connection, removed_at=None, withheld_at=None)
        .order_by()
        .annotate(listed_as=Value(resource.name, output_field=CharField()))
        .values("listed_as")
        .annotate(number=Count("pk"))
        .values_list("listed_as", "number")
        for resource in source.resources
    ]
    return dict(numbers[0].union(*numbers[1:], all=True)) if numbers else {}


def _waiting(connection: Connection, source: Source) -> Counter[str]:
    kinds = {part.name: part.counts_as for part in source.parts if not part.proves_removal}
    found: Counter[str] = Counter()
    rows = PendingFetch.objects.filter(connection=connection).order_by().values_list("resource")
    for name, number in rows.annotate(number=Count("vendor_id", distinct=True)):
        if name in kinds:
            # Two parts of one project are one project that is not as it should be.
            found[kinds[name]] = max(found[kinds[name]], number)
    return found


def _refused(connection: Connection, source: Source) -> Counter[str]:
    kinds = {resource.name: resource.name for resource in source.resources}
    kinds |= {part.name: part.counts_as for part in source.parts}
    found: Counter[str] = Counter()
    rows = SyncProblem.objects.filter(connection=connection, resolved_at=None, what__in=NOT_TAKEN_IN).order_by()
    for name, number in rows.values_list("resource").annotate(number=Count("pk")):
        if name in kinds:
            found[kinds[name]] += number
    return found
