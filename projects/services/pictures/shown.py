"""The pictures of a project's systems as its page shows them; opening the page asks for those that are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from portal.access import Access
from portal.models import Connection
from portal.services.nudges import nudge
from projects.access import visible_systems
from projects.models import Project, System, SystemPicture
from projects.services.pictures.due import LANE as PART
from projects.services.story.details import NOT_ASKED, SOON
from projects.services.story.system_options import system_name

SIZES = ("small", "large")


@dataclass(frozen=True, slots=True)
class Shown:
    """One system's picture: `version` makes its address another one when the picture is; empty while there is none.

    `trouble` says why there is none, where that is known.
    """

    system: System
    name: str
    version: str
    width: int
    height: int
    trouble: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Those of a project, in the order of its systems; `coming` while one can be expected in the next moments."""

    shown: list[Shown] = field(default_factory=list)
    coming: bool = False


def ask_for_pictures(project: Project, systems: Sequence[System]) -> Pictures:
    """The pictures; notes that somebody waits for those missing and wakes a worker. May run at every opening."""
    known = _known(project, systems)
    missing = [system for system in systems if _is_missing(system, known.get(system.opensolar_id))]
    if missing and _can_be_asked(project):
        _want(project, missing)
        known = _known(project, systems)
    return _pictures(systems, known)


def how_pictures_stand(project: Project, systems: Sequence[System]) -> Pictures:
    """The same without asking, for a page that waits."""
    return _pictures(systems, _known(project, systems))


def picture_file(access: Access, system_pk: int, size: str) -> bytes | None:
    """The JPEG, small or large, of a system that this person may see; None where there is none."""
    system = visible_systems(access, removed=True).filter(pk=system_pk).only("connection_id", "opensolar_id").first()
    if system is None or size not in SIZES:
        return None
    row = SystemPicture.objects.filter(connection=system.connection_id, system_ref=system.opensolar_id).first()
    name: str = getattr(row, size) if row else ""
    if not name:
        return None
    try:
        with default_storage.open(name) as file:
            return bytes(file.read())
    except OSError:
        return None


def _known(project: Project, systems: Sequence[System]) -> dict[int, SystemPicture]:
    numbers = [system.opensolar_id for system in systems]
    rows = SystemPicture.objects.filter(connection=project.connection_id, system_ref__in=numbers)
    return {row.system_ref: row for row in rows}


def _is_missing(system: System, row: SystemPicture | None) -> bool:
    """Nobody has looked since the system changed, and nobody was told to."""
    if not system.uuid:
        return False
    if row is None:
        return True
    return not row.wanted_at and not row.not_before and (row.looked_at is None or row.looked_at < system.changed_at)


def _can_be_asked(project: Project) -> bool:
    connection: Connection = project.connection
    gone = project.removed_at or project.withheld_at
    return not gone and connection.state not in NOT_ASKED and PART not in connection.switched_off


def _want(project: Project, systems: Sequence[System]) -> None:
    now = timezone.now()
    rows = [
        SystemPicture(
            organisation_id=project.organisation_id,
            connection_id=project.connection_id,
            system_ref=system.opensolar_id,
            wanted_at=now,
        )
        for system in systems
    ]
    with transaction.atomic():
        SystemPicture.objects.bulk_create(rows, ignore_conflicts=True)
        waiting = SystemPicture.objects.filter(
            connection=project.connection_id, system_ref__in=[row.system_ref for row in rows], wanted_at=None
        )
        waiting.update(wanted_at=now)
        transaction.on_commit(partial(nudge, "projects.tasks.fetch_pictures", project.connection_id))


def _pictures(systems: Sequence[System], known: dict[int, SystemPicture]) -> Pictures:
    shown = [_shown(system, known.get(system.opensolar_id)) for system in systems]
    told = [picture for picture in shown if picture.version or picture.trouble]
    return Pictures(told, any(map(_is_coming, known.values())))


def _shown(system: System, row: SystemPicture | None) -> Shown:
    name = system_name(system.name, system.opensolar_id)
    if row is None or not row.large:
        return Shown(system, name, "", 0, 0, row.trouble if row else "")
    version = row.large.rpartition("/")[2].partition("-")[0]
    return Shown(system, name, version, row.width, row.height, "")


def _is_coming(row: SystemPicture) -> bool:
    now = timezone.now()
    asked = row.wanted_at is not None and row.wanted_at > now - 2 * SOON
    return asked and (row.not_before is None or row.not_before < now + SOON + timedelta(seconds=5))
