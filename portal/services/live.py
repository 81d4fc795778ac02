"""What the frame keeps true while a page stays open: the age of the data and the number at the bell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

from portal.access import Access
from portal.models import Connection, Organisation
from portal.services.age import DataAge, age_shown_to
from portal.services.notices import unread_by


@dataclass(frozen=True, slots=True)
class Live:
    """`age` is None where nothing is connected; `bell` counts what is unread, `numbers` what else was asked for."""

    age: DataAge | None
    bell: int
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def seen(self) -> str:
        """The same for the same, so that a page need only ask whether it changed; says nothing to others."""
        return sha256(repr((self.age, self.bell)).encode()).hexdigest()[:16]


class _NumberOf(Subquery):
    """How many rows a query finds, as a column of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) numbered)"

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk"), output_field=IntegerField())


def live_for(access: Access, counted: Mapping[str, QuerySet[Any]] | None = None) -> Live:
    """As it stands for this person, with the number of each of `counted`: one query, two while nothing is connected."""
    wanted = {"bell": unread_by(access.membership), **(counted or {})}
    columns = {f"number_of_{name}": _NumberOf(rows) for name, rows in wanted.items()}
    rows = Connection.objects.filter(organisation=access.organisation).defer("credentials").annotate(**columns)
    connections = list(rows)
    age = age_shown_to(access, connections)
    bearer = connections[0] if connections else Organisation.objects.annotate(**columns).get(pk=access.organisation.pk)
    numbers = {name: getattr(bearer, f"number_of_{name}") for name in wanted}
    return Live(age, numbers.pop("bell"), numbers)
