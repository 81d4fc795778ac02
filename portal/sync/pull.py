"""Pulls one listing into the mirror, page by page, from where a killed run stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from portal.lib.errors import VendorError
from portal.models import Cursor
from portal.sync import problems, statements
from portal.sync.collector import collecting_seldom
from portal.sync.gate import Gate
from portal.sync.lease import Held
from portal.sync.progress import Progress
from portal.sync.reading import Reading, read_records
from portal.sync.rows import learn_sizes
from portal.sync.source import Listed, Resource
from portal.sync.statements import Shown
from portal.sync.upsert import upsert

# A listing interrupted longer ago starts anew: too much has moved since.
GOES_ON_WITHIN = timedelta(hours=6)
# So many new records tell the database what its tables will look like.
LEARN_AFTER = 500


@dataclass(slots=True)
class Pull:
    """One listing of one resource; `run` ends when the listing is complete, or raises what stopped it."""

    gate: Gate
    resource: Resource
    lease: Held
    progress: Progress
    full: bool = False

    def run(self) -> Cursor:
        """Takes in every page and returns the cursor, whose pages name every record the listing showed."""
        with statements.written_soon():
            cursor = self._cursor()
        self.progress.begin(self.resource.name, cursor.pages_last_time)
        # The page reached is asked for once more: it tells whether what follows is the end or a failure.
        start = max(cursor.page, 1)
        try:
            self._walk(cursor, start)
        except VendorError as error:
            if start == 1 or self.progress.run.progress["page"] or error.status not in (404, 500):
                raise
            # Since then the list has become shorter than that (its end may answer so), or the vendor fails.
            self._walk(cursor, 1, anew=True)
        return cursor

    def _walk(self, cursor: Cursor, start: int, *, anew: bool = False) -> None:
        with collecting_seldom() as page_is_done:
            for page in self.resource.pages(self.gate, start):
                if anew:
                    self._begin(cursor)
                    anew = False
                self._take_in(cursor, page)
                page_is_done()

    def _begin(self, cursor: Cursor) -> None:
        connection = self.gate.connection
        cursor.pages.all().delete()
        cursor.page, cursor.begun_at, cursor.page_size = 0, timezone.now(), connection.page_size
        cursor.save(update_fields=["page", "begun_at", "page_size"])

    def _cursor(self) -> Cursor:
        connection, now = self.gate.connection, timezone.now()
        cursor, _ = Cursor.objects.get_or_create(connection=connection, resource=self.resource.name)
        goes_on = (
            not self.full
            and cursor.page > 0
            and cursor.begun_at is not None
            and now - cursor.begun_at < GOES_ON_WITHIN
            and cursor.page_size == connection.page_size
        )
        if not goes_on:
            self._begin(cursor)
        return cursor

    def _take_in(self, cursor: Cursor, page: Listed) -> None:
        self.lease.renew()
        reading = read_records(self.resource, page.records)
        counts = upsert(
            self.gate.connection,
            self.resource,
            reading,
            requested_at=page.requested_at,
            run=self.progress.run,
            lease=self.lease,
            shown=_shown(cursor, page, reading),
            again=self.full,
        )
        counts["fetched"] = len(page.records)
        self.progress.add(self.resource.name, counts)
        created = self.progress.counts[self.resource.name]["created"]
        if created - counts["created"] < LEARN_AFTER <= created:
            learn_sizes()
        self.progress.page(page.number, len(page.records))


def _shown(cursor: Cursor, page: Listed, reading: Reading) -> Shown | None:
    """An empty page only ends the list and is none to go on from."""
    return Shown(cursor.pk, page.number, " ".join(map(str, reading.keys))) if page.records else None


def finish(cursor: Cursor, *, settled: bool) -> None:
    """The listing is complete: forget its pages, and, if no missing record waits, the problems it did not meet."""
    with statements.written_soon():
        now = timezone.now()
        if settled and cursor.begun_at:
            problems.outlive(cursor.connection, cursor.resource, cursor.begun_at)
        pages = cursor.pages.count()
        cursor.pages.all().delete()
        Cursor.objects.filter(pk=cursor.pk).update(page=0, begun_at=None, completed_at=now, pages_last_time=pages)
