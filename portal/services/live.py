"""What the frame keeps true while a page stays open: the age of the data and the number at the bell."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Count, IntegerField, Subquery

from portal.access import Access
from portal.models import Connection
from portal.services.age import DataAge, age_shown_to
from portal.services.notices import unread, unread_by


@dataclass(frozen=True, slots=True)
class Live:
    """`age` is None where nothing is connected; `bell` counts what is unread."""

    age: DataAge | None
    bell: int

    @property
    def seen(self) -> str:
        """The same for the same, so that a page need only ask whether it changed; says nothing to others."""
        return sha256(repr((self.age, self.bell)).encode()).hexdigest()[:16]


def live_for(access: Access) -> Live:
    """As it stands for this person, by one query (two while nothing is connected)."""
    counted = unread_by(access.membership).order_by().values("membership").annotate(number=Count("pk"))
    number = Subquery(counted.values("number"), output_field=IntegerField())
    rows = Connection.objects.filter(organisation=access.organisation).defer("credentials").annotate(unread=number)
    connections = list(rows)
    age = age_shown_to(access, connections)
    bell = connections[0].unread if connections else unread(access.membership)  # type: ignore[attr-defined]
    return Live(age, bell or 0)
