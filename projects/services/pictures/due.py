"""Which systems need a picture, in which order, and what tells one design from another."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

import orjson
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from portal.models import Connection, PendingFetch
from projects.models import System, SystemPicture
from projects.services.story.details import PART

LANE = "system_image"
"""What pictures are called among the published limits, and where an account does not offer them."""

CLAIM = timedelta(seconds=90)
"""Longer than asking for one picture and making its sizes may take."""

_DRAWN = (
    "uuid",
    "module_quantity",
    "output_annual_kwh",
    "modules",
    "inverters",
    "batteries",
    "others",
    "module_groups",
)


def design_of(system: System) -> str:
    """A digest of all that a change of the design changes: parts, panel groups, sizes; not of prices and names."""
    told = [getattr(system, name) for name in _DRAWN] + [str(system.kw_stc), str(system.battery_total_kwh)]
    return sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def due(connection: Connection, now: datetime) -> QuerySet[System]:
    """Systems that changed since somebody looked: those that people wait for, then sold, current, newest ones.

    A system of which details are still to come waits for them: they belong to its design.
    """
    systems = _changed(connection).filter(Q(pictures__not_before=None) | Q(pictures__not_before__lte=now))
    details = PendingFetch.objects.filter(
        connection=connection, resource=PART, vendor_id=Cast(OuterRef("project_ref"), CharField())
    )
    ready = systems.filter(Q(pictures__wanted_at__isnull=False) | ~Exists(details))
    wanted = F("pictures__wanted_at").desc(nulls_last=True)
    newest = F("project__modified_date").desc(nulls_last=True)
    return ready.order_by(wanted, "-project__is_sold", "-is_current", newest, "pk")


def number_waiting(connection: Connection) -> int:
    """How many systems are still to be looked at, at most: of a design that is drawn already nothing is asked."""
    return 0 if LANE in connection.switched_off else _changed(connection).count()


def claim(system: System) -> SystemPicture | None:
    """The system's picture, ours for a while; None where another worker was quicker. May run at the same time."""
    SystemPicture.objects.bulk_create(
        [
            SystemPicture(
                organisation_id=system.organisation_id,
                connection_id=system.connection_id,
                system_ref=system.opensolar_id,
            )
        ],
        ignore_conflicts=True,
    )
    now = timezone.now()
    mine = SystemPicture.objects.filter(connection=system.connection_id, system_ref=system.opensolar_id)
    free = mine.filter(Q(not_before=None) | Q(not_before__lte=now))
    until = now + CLAIM
    if not free.update(not_before=until, tries=F("tries") + 1):
        return None
    return mine.filter(not_before=until).first()


def _changed(connection: Connection) -> QuerySet[System]:
    """Systems that changed since somebody looked, whose project can be seen."""
    return System.objects.filter(
        Q(pictures__id=None) | Q(pictures__looked_at=None) | Q(pictures__looked_at__lt=F("changed_at")),
        connection=connection,
        removed_at=None,
        withheld_at=None,
        project__id__isnull=False,
        project__removed_at=None,
        project__withheld_at=None,
    ).exclude(uuid="")
