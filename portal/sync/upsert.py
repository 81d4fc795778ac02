"""The one door through which vendors' records enter: list pages, single records and webhooks all come this way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from portal.models import Connection, Payload, SyncRun
from portal.sync import history, problems, reading, statements
from portal.sync.arrivals import arrivals_of
from portal.sync.lease import Held, LeaseLost
from portal.sync.problems import Trouble, What
from portal.sync.reading import Reading, read_records
from portal.sync.rows import insert
from portal.sync.source import Arrival, Key, Resource
from portal.sync.statements import Shown
from portal.sync.write import write

HIDDEN = {"removed_at": "removed", "withheld_at": "withheld"}


def upsert(
    connection: Connection,
    resource: Resource,
    records: Sequence[Any] | Reading,
    *,
    requested_at: datetime,
    shape: str | None = None,
    run: SyncRun | None = None,
    lease: Held | None = None,
    shown: Shown | None = None,
    again: bool = False,
    blame: tuple[str, str] | None = None,
) -> Counter[str]:
    """Takes in records as one transaction and says how many were created, updated, unchanged or failed.

    Duplicates are dropped, unchanged ones (by digest) skipped without a write, older ones never overwrite newer: by
    the vendor's modified date where both have one, then by `requested_at`, when the request was sent. A record that
    cannot be read or stored becomes a SyncProblem; the others go in. `shape` overrides the resource's own judgement.
    What changed is written into the history. A writer that has lost its `lease` writes nothing and raises LeaseLost;
    `shown`, the page of a listing, is stored in the same transaction; `again` reads unchanged bodies anew. `blame`
    names the part and the id that were asked for, where that is what a person can ask for again: a problem of it ends
    once all that came for it is taken in.
    May run twice, at the same time as another, and out of order.
    """
    read = records if isinstance(records, Reading) else read_records(resource, records, shape)
    visit = _Visit(connection, resource, read, requested_at, lease, shown, again, blame)
    try:
        counts, troubles = visit.carry_out(together=True)
    except _Refused:
        counts, troubles = visit.carry_out(together=False)
    _report(connection, resource.name, troubles, run, blame)
    return counts


class _Refused(Exception):
    """The database takes the arrivals not all together; nothing was written."""


@dataclass(slots=True)
class _Stored:
    """What became of the arrivals: those written, those that the database does not take, and what is news."""

    arrivals: list[Arrival] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    news: list[history.Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Visit:
    """One upsert; carried out again, record by record, if it was refused as a whole."""

    connection: Connection
    resource: Resource
    reading: Reading
    requested_at: datetime
    lease: Held | None
    shown: Shown | None
    again: bool
    blame: tuple[str, str] | None

    def carry_out(self, *, together: bool) -> tuple[Counter[str], list[Trouble]]:
        """The transaction. Raises _Refused, if `together`."""
        connection, resource, read = self.connection, self.resource, self.reading.records
        with transaction.atomic():
            # All writers of a connection take turns here; nothing else decides between old and new without a race.
            found = self._take_turn_and_look()
            items = read.values()
            changed = items if self.again else reading.changed(resource, items, found.digests)
            arrivals, unreadable = arrivals_of(connection, resource, changed, found.digests, self.requested_at)
            stored = self._store(arrivals, found, together=together)
            if stored.arrivals and found.has_problems:
                keys = [str(arrival.key) for arrival in stored.arrivals]
                problems.resolve(connection, resource.name, keys, What.RECORD, What.WITHHELD)
            troubles = [*self.reading.troubles, *unreadable, *stored.troubles]
            if self.blame and found.has_problems and not troubles:
                part, asked_for = self.blame
                problems.resolve(connection, part, [asked_for], What.FETCH)
            history.tell(connection, stored.news)
        counts = Counter("created" if arrival.is_new else "updated" for arrival in stored.arrivals)
        counts["failed"] = len(troubles)
        counts["unchanged"] = len(read) - len(stored.arrivals) - len(unreadable) - len(stored.troubles)
        return counts, troubles

    def _take_turn_and_look(self) -> statements.Found:
        """Raises LeaseLost, which rolls back what went along."""
        ids = [item.vendor_id for item in self.reading.records.values()]
        holder = self.lease.holder if self.lease else None
        found = statements.take_turn_and_look(self.connection.pk, self.resource.name, ids, holder, self.shown)
        if not found.holds_lease:
            raise LeaseLost(str(self.connection))
        return found

    def _store(self, arrivals: Sequence[Arrival], found: statements.Found, *, together: bool) -> _Stored:
        """Together without the round trips of a savepoint; else each alone, so that only what the database refuses
        stays out."""
        stored = _Stored()
        if together:
            try:
                if arrivals:
                    self._write(arrivals, stored, found)
            except DatabaseError as error:
                raise _Refused from error
            return stored
        for arrival in arrivals:
            try:
                with transaction.atomic():
                    self._write([arrival], stored, found)
            except DatabaseError as error:
                reason = f"It cannot be stored: {error}".splitlines()[0]
                stored.troubles.append(Trouble(str(arrival.key), reason, arrival.record))
        return stored

    def _write(self, arrivals: Sequence[Arrival], stored: _Stored, found: statements.Found) -> None:
        known = {"was_listed": found.was_listed, "has_deliveries": found.has_deliveries}
        news = history.news_of(self.connection, self.resource, arrivals, **known)
        write(self.connection, self.resource, arrivals, self.requested_at, news)
        if self.resource.after:
            self.resource.after(self.connection, arrivals)
        stored.arrivals += arrivals
        stored.news += news


def _report(
    connection: Connection,
    resource: str,
    troubles: list[Trouble],
    run: SyncRun | None,
    blame: tuple[str, str] | None,
) -> None:
    if blame is None:
        problems.report(connection, resource, troubles, run)
    else:
        part, asked_for = blame
        troubles = [Trouble(asked_for, trouble.reason, trouble.record) for trouble in troubles]
        problems.report(connection, part, troubles, run, What.FETCH)


def forget_digest(connection: Connection, resource: Resource, key: Key) -> None:
    """Makes the record count as changed when it comes again (after a removal)."""
    Payload.objects.filter(connection=connection, resource=resource.name, vendor_id=str(key)).update(digest=b"")


def mark_gone(connection: Connection, resource: Resource, key: Key, column: str) -> None:
    """Hides a record whose absence is proven: `removed_at` after a 404, `withheld_at` after a 403."""
    now = timezone.now()
    with transaction.atomic():
        statements.take_turn(connection.pk)
        forget_digest(connection, resource, key)
        shown = resource.model._default_manager.filter(
            connection=connection, **{resource.model.VENDOR_KEY: key, f"{column}__isnull": True}
        )
        if shown.update(**{column: now}, changed_at=now):
            news = history.gone(connection, resource, key, HIDDEN[column])
            insert(*history.HISTORY, news)
            history.tell(connection, news)
