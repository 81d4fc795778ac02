"""How old the mirrored data is, and whether somebody should worry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import Connection, ConnectionState
from portal.registry import registry

BROKEN = (ConnectionState.CREDENTIALS, ConnectionState.PLAN, ConnectionState.FORBIDDEN)
LEVELS = ("well", "watch", "act")


@dataclass(frozen=True, slots=True)
class DataAge:
    """`level` is well, watch or act; `at` the oldest last success among the connections.

    `why` says in one word what is wrong (silent, refused, paused, new, late; empty while all is well), `since` from
    when on, `vendor` at whom: for the sentence that stands where the data is read.
    """

    level: str
    label: str
    title: str
    url: str
    at: datetime | None
    why: str = ""
    vendor: str = ""
    since: datetime | None = None


def worst(ages: Sequence[DataAge]) -> DataAge:
    """The one that a person has to know of first: the gravest, of those the oldest."""
    return max(ages, key=_gravity)


def age_shown_to(access: Access, connections: Iterable[Connection]) -> DataAge | None:
    """The frame's indicator: the worst of these connections as this person is told; None where there is none."""
    ages = [age_of(connection) for connection in connections]
    if not ages:
        return None
    return worst(ages) if access.is_administrator else for_others(worst(ages))


def for_others(age: DataAge) -> DataAge:
    """The same for people who cannot open connections: what the vendor said and where to act is not for them."""
    if age.level == "act":
        return replace(age, label=_("Needs an administrator"), title="", url="")
    return replace(age, title=_("Last complete sync with the vendor"), url="")


def age_of(connection: Connection) -> DataAge:
    """How old this connection's data is; amber after three missed syncs, red when a person has to act."""
    level, label, title, why = _judged(connection)
    at = connection.last_success_at
    source = registry.sources.get(connection.vendor)
    vendor = source.setup.label if source else connection.vendor
    return DataAge(level, label, title, reverse("connections"), at, why, vendor, connection.state_since)


def _judged(connection: Connection) -> tuple[str, str, str, str]:
    """Level, label, title and the word for what is wrong."""
    at = connection.last_success_at
    if connection.state in BROKEN:
        return "act", _("Needs you"), connection.message, "refused"
    if connection.state == ConnectionState.UNREACHABLE:
        return "watch", _("Vendor does not answer"), connection.message, "silent"
    if at is None:
        return "watch", _("Not synced yet"), _("The first sync has not ended yet."), "new"
    title = _("Last complete sync with the vendor")
    if timezone.now() - at <= timedelta(minutes=3 * settings.SYNC_INTERVAL_MINUTES):
        return "well", _("Synced"), title, ""
    return "watch", _("Synced"), title, "paused" if connection.state == ConnectionState.PAUSED else "late"


def _gravity(age: DataAge) -> tuple[int, float]:
    """Worse first, then older."""
    return LEVELS.index(age.level), -(age.at.timestamp() if age.at else 0)
