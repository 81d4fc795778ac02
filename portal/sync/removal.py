"""Removes what the vendor removed, on proof only: a complete listing without it, and a 404 at its own address."""

from __future__ import annotations

import random
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b

import orjson
from django.db.models import QuerySet
from django.utils import timezone

from portal.lib.errors import (
    CredentialsError,
    Forbidden,
    MalformedAnswer,
    NotFound,
    PermanentError,
    PlanError,
    QuotaSpent,
    TransientError,
)
from portal.models import Connection, Cursor, MirroredRecord, SyncProblem, SyncRun
from portal.sync import problems
from portal.sync.gate import Gate
from portal.sync.problems import Trouble
from portal.sync.source import Key, Resource
from portal.sync.upsert import mark_gone, upsert

# More than both at once needs a person's yes.
BRAKE_SHARE, BRAKE_COUNT = 0.05, 20
# So many more may have gone between the question and the answer.
MEANWHILE = 0.1
MOST_FAILURES = 3
# Digits that surely fit 8 bytes.
LONGEST_NUMBER = 18


def remove_missing(gate: Gate, resource: Resource, cursor: Cursor, run: SyncRun, counts: Counter[str]) -> None:
    """Looks up every record that the complete listing left out, and hides those that are proven gone.

    Adds `removed`, `failed`, `deferred` and what upsert counts. Stops before the first when there are too many (then
    `held` says how many), until an administrator has said yes; stops when quota is spent, or when the vendor fails
    three times on end.
    Raises what concerns the whole account, and ThrottledError: then the same listing is gone through again.
    """
    connection = gate.connection
    missing = list(_missing(connection, resource, cursor))
    if not missing:
        problems.resolve(connection, resource.name, [""], SyncProblem.What.REMOVALS)
        return
    if _brake(connection, resource, len(missing), run):
        counts["held"] += len(missing)
        return
    failures = 0
    # In no fixed order, so that a few that fail every time do not hold up the others for ever.
    random.shuffle(missing)
    for done, key in enumerate(missing):
        try:
            counts.update(look_up(gate, resource, key, run))
            failures = 0
        except (CredentialsError, PlanError):
            raise
        except QuotaSpent:
            counts["deferred"] += len(missing) - done
            break
        except (TransientError, PermanentError) as error:
            counts["failed"] += 1
            trouble = Trouble(str(key), f"It is missing from the list, and asking for it failed: {error}")
            problems.report(connection, resource.name, [trouble], run, SyncProblem.What.FETCH)
            failures += not isinstance(error, (PermanentError, MalformedAnswer))
            if failures == MOST_FAILURES:
                counts["deferred"] += len(missing) - done - 1
                break
    else:
        problems.resolve(connection, resource.name, [""], SyncProblem.What.REMOVALS)


def look_up(gate: Gate, resource: Resource, key: Key, run: SyncRun | None = None) -> Counter[str]:
    """Asks for one record at its own address: gone (404), hidden (403), or there, and then taken in."""
    connection = gate.connection
    asked = timezone.now()
    try:
        record = resource.fetch(gate, key)
    except NotFound:
        mark_gone(connection, resource, key, "removed_at")
        return Counter(removed=1)
    except Forbidden as error:
        mark_gone(connection, resource, key, "withheld_at")
        trouble = Trouble(str(key), f"The vendor no longer shows it to this account; it is kept and hidden. {error}")
        problems.report(connection, resource.name, [trouble], run, SyncProblem.What.WITHHELD)
        return Counter()
    # It moved to a page that had been read already: nothing is lost, it is simply taken in now.
    return upsert(connection, resource, [record], requested_at=asked, run=run)


def _brake(connection: Connection, resource: Resource, missing: int, run: SyncRun) -> bool:
    """Whether to stop: so many are missing that a person has to say yes first, and nobody has to so many."""
    alive = _alive(connection, resource).count()
    if missing <= BRAKE_COUNT or missing <= alive * BRAKE_SHARE:
        return False
    asked = SyncProblem.objects.filter(
        connection=connection, resource=resource.name, what=SyncProblem.What.REMOVALS, resolved_at=None
    )
    approved = asked.filter(approved_by__isnull=False).first()
    if approved and missing <= _number_asked(approved) * (1 + MEANWHILE):
        return False
    # More than somebody said yes to is another question.
    asked.update(approved_by=None)
    reason = (
        f"{missing} of {alive} {resource.name} are missing from the vendor's list. Nothing was removed. "
        "If they were really deleted, allow the removal; otherwise check the account's rights at the vendor."
    )
    trouble = Trouble("", reason, {"missing": missing})
    problems.report(connection, resource.name, [trouble], run, SyncProblem.What.REMOVALS)
    return True


def _number_asked(problem: SyncProblem) -> int:
    """How many were missing when the question was asked that this person answered."""
    return int(orjson.loads(problem.payload or b"{}").get("missing", 0))


def would_stop(connection: Connection, resource: Resource, missing: int) -> bool:
    """Whether so many removals at once are for a person to allow."""
    return missing > BRAKE_COUNT and missing > _alive(connection, resource).count() * BRAKE_SHARE


def _alive(connection: Connection, resource: Resource) -> QuerySet[MirroredRecord]:
    return resource.model._default_manager.filter(connection=connection, removed_at=None, withheld_at=None)


def _missing(connection: Connection, resource: Resource, cursor: Cursor) -> Iterator[Key]:
    """Keys of ours that no page showed; a hundred thousand seen keys take less than a megabyte."""
    seen = array("q")
    for names in cursor.pages.values_list("vendor_ids", flat=True).iterator(chunk_size=200):
        seen.extend(map(_number, names.split()))
    ordered = array("q", sorted(seen))
    del seen
    for key in _alive(connection, resource).values_list(resource.model.VENDOR_KEY, flat=True).iterator(chunk_size=2000):
        number = key if key.__class__ is int and 0 <= key < 10**LONGEST_NUMBER else _number(str(key))
        at = bisect_left(ordered, number)
        if at == len(ordered) or ordered[at] != number:
            yield key


def _number(name: str) -> int:
    """A key as 8 bytes: numbers as they are, other ids by digest."""
    if name.isdecimal() and len(name) <= LONGEST_NUMBER:
        return int(name)
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
