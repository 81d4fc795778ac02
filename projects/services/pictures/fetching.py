"""Fetches pictures of systems behind all other work, as far as the published budget reaches."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.lib.errors import (
    CredentialsError,
    MethodNotAllowed,
    NotFound,
    PermanentError,
    PlanError,
    QuotaSpent,
    ThrottledError,
    VendorError,
)
from portal.models import Connection, Lease, PendingFetch
from portal.sync.gate import Gate
from portal.sync.pending import switch_off
from portal.sync.quota import Lane
from portal.sync.verdict import state_after, tell
from projects.models import System, SystemPicture
from projects.services.pictures.due import LANE as PART
from projects.services.pictures.due import claim, design_of, due
from projects.services.pictures.making import LARGE, Made, NoPicture, made_of
from projects.services.story.details import NOT_ASKED

log = logging.getLogger("projects.pictures")

MOST_AT_ONCE = 25
MOST_FAILURES = 3
GIVE_UP_AFTER = 8
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 6 * 3600.0
FOLDER = "system-pictures"


class _Enough(Exception):
    """This account is not asked for more pictures now."""


def fetch_due(connection_id: int | None = None) -> int:
    """Fetches what is due, of one connection or of all; how many pictures are new. May run twice, at the same time."""
    with scopes_disabled():
        connections = Connection.objects.exclude(state__in=NOT_ASKED).select_related("organisation")
        if connection_id is not None:
            connections = connections.filter(pk=connection_id)
        return sum(_of_connection(connection) for connection in connections)


def _of_connection(connection: Connection) -> int:
    if PART in connection.switched_off or cache.get(_pause_key(connection)):
        return 0
    new = failures = 0
    with Gate(connection) as gate:
        for _turn in range(MOST_AT_ONCE):
            system = _next(connection) if failures < MOST_FAILURES else None
            picture = claim(system) if system else None
            if system is None or picture is None:
                break
            try:
                new += _look_at(gate, system, picture)
                failures = 0
            except _Enough:
                break
            except VendorError:
                failures += 1
    return new


def _next(connection: Connection) -> System | None:
    """What somebody waits for goes at once; the rest only while no record waits."""
    now = timezone.now()
    systems = due(connection, now).select_related("connection")
    if _is_busy(connection, now):
        systems = systems.filter(pictures__wanted_at__isnull=False)
    return systems.first()


def _is_busy(connection: Connection, now: datetime) -> bool:
    waiting = PendingFetch.objects.filter(Q(not_before=None) | Q(not_before__lte=now), connection=connection)
    return waiting.exists() or Lease.objects.filter(connection=connection, until__gt=now).exists()


def _look_at(gate: Gate, system: System, picture: SystemPicture) -> int:
    """Fetches the picture if the design is another one; 1 if there is a new one. Raises what did not work for now."""
    design, seen = design_of(system), system.changed_at
    if picture.design == design:
        _settle(picture, seen)
        return 0
    gate.lane = Lane.INTERACTIVE if picture.wanted_at else Lane.BACKGROUND
    try:
        gate.take(PART)
        came = gate.client.system_image(system.project_ref, system.uuid, width=LARGE[0], height=LARGE[1])
        made = made_of(came.content)
    except (QuotaSpent, ThrottledError) as error:
        _put_back(picture, error.retry_after)
        if isinstance(error, ThrottledError):
            cache.set(_pause_key(gate.connection), True, min(error.retry_after or FIRST_PAUSE, LONGEST_PAUSE))
        raise _Enough from error
    except CredentialsError as error:
        _put_back(picture, FIRST_PAUSE)
        tell(gate.connection, state_after(error), str(error))
        raise _Enough from error
    except (PlanError, MethodNotAllowed) as error:
        _put_back(picture, FIRST_PAUSE)
        switch_off(gate.connection, PART, str(error))
        raise _Enough from error
    except NotFound:
        _replace(picture, None, design, seen, "")
        return 0
    except (NoPicture, PermanentError) as error:
        _replace(picture, None, design, seen, str(error))
        return 0
    except VendorError as error:
        _try_later(picture, design, seen, error)
        raise
    _replace(picture, made, design, seen, "")
    return 1


def _replace(picture: SystemPicture, made: Made | None, design: str, seen: datetime, trouble: str) -> None:
    """The files of another design go: a picture of what is no longer planned would mislead."""
    before = [picture.large, picture.small]
    names = _stored(picture, made) if made else {"large": "", "small": "", "width": 0, "height": 0}
    kept = _settle(picture, seen, design=design, trouble=trouble[:300], fetched_at=timezone.now(), **names)
    for name in before if kept else (str(names["large"]), str(names["small"])):
        if name:
            delete_file(name)


def _stored(picture: SystemPicture, made: Made) -> dict[str, object]:
    stem = f"{FOLDER}/{picture.organisation_id}/{uuid4().hex}"
    return {
        "large": default_storage.save(f"{stem}-large.jpg", ContentFile(made.large)),
        "small": default_storage.save(f"{stem}-small.jpg", ContentFile(made.small)),
        "width": made.width,
        "height": made.height,
    }


def delete_file(name: str) -> None:
    """A file that cannot be deleted now is found again by `left`."""
    try:
        default_storage.delete(name)
    except OSError:
        log.warning("%s could not be deleted", name)


def _settle(picture: SystemPicture, seen: datetime, **columns: object) -> bool:
    """Nothing is due until the system changes again; whether the claim was still ours."""
    done = {"looked_at": seen, "wanted_at": None, "tries": 0, "not_before": None}
    return bool(_mine(picture).update(**done, **columns))


def _put_back(picture: SystemPicture, seconds: float | None) -> None:
    """Our budget or the vendor says wait: that is no failed try."""
    until = timezone.now() + timedelta(seconds=min(seconds or 1.0, LONGEST_PAUSE))
    _mine(picture).update(not_before=until, tries=picture.tries - 1)


def _try_later(picture: SystemPicture, design: str, seen: datetime, error: VendorError) -> None:
    """Waits longer after each failure; after the eighth until the system changes, without a picture."""
    if picture.tries >= GIVE_UP_AFTER:
        _replace(picture, None, design, seen, str(error))
        return
    wait = timedelta(seconds=min(FIRST_PAUSE * 2 ** (picture.tries - 1), LONGEST_PAUSE))
    _mine(picture).update(not_before=timezone.now() + wait, trouble=str(error)[:300])


def _mine(picture: SystemPicture) -> QuerySet[SystemPicture]:
    return SystemPicture.objects.filter(pk=picture.pk, not_before=picture.not_before)


def _pause_key(connection: Connection) -> str:
    return f"pictures-pause-{connection.pk}"
