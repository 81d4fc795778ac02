"""One sync run of one connection: its listings in order, removals, then what waits for single fetches."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_scopes import scope

from portal.lib.errors import QuotaSpent, ThrottledError, VendorError
from portal.models import Connection, ConnectionState, Cursor, RunState, SyncRun
from portal.sync import hooks, offered, pending, removal
from portal.sync.gate import Gate
from portal.sync.lease import Held, LeaseLost
from portal.sync.progress import Listener, Progress
from portal.sync.pull import Pull, finish
from portal.sync.source import Resource
from portal.sync.verdict import gravest, in_words, state_after, stops_all, tell

log = logging.getLogger("portal.sync")


class Run:
    """Carries out a SyncRun under a lease; whatever happens it ends as success, partial or failed."""

    def __init__(self, run: SyncRun, lease: Held, listener: Listener | None = None) -> None:
        self.run, self.lease = run, lease
        self.connection: Connection = run.connection
        self.progress = Progress(run, listener)
        self.errors: list[VendorError] = []
        self.postponed: VendorError | None = None
        self.held = 0

    def carry_out(self, names: Iterable[str] | None = None) -> SyncRun:
        """Syncs the named resources (None: all) and then the pending fetches. Raises nothing of the vendor's."""
        with scope(organisation=self.connection.organisation):
            self._start()
            try:
                with Gate(self.connection, heartbeat=self.lease.renew) as gate:
                    self._work(gate, set(names) if names is not None else None)
            except LeaseLost:
                self._end(RunState.FAILED, "Another run took over because this one had stopped for too long.")
            except BaseException:
                self._end(RunState.FAILED, "Stopped before its end; the next run goes on from its page.")
                raise
            else:
                self._conclude()
        return self.run

    def _start(self) -> None:
        self.run.state, self.run.started_at = RunState.RUNNING, timezone.now()
        SyncRun.objects.filter(pk=self.run.pk).update(state=self.run.state, started_at=self.run.started_at)

    def _work(self, gate: Gate, names: set[str] | None) -> None:
        asked_for = [r for r in gate.source.resources if names is None or r.name in names]
        resources = offered.in_turn(self.connection, asked_for)
        try:
            if self._prepare(gate, resources) and self._list(gate, resources):
                self._drain(gate)
            if gate.source.finish:
                gate.source.finish(self.connection)
        finally:
            self.progress.store(force=True, requests=gate.requests)

    def _prepare(self, gate: Gate, resources: Sequence[Resource]) -> bool:
        try:
            if gate.source.prepare:
                gate.source.prepare(gate)
        except ThrottledError as error:
            self._postpone(gate, resources, error)
        except VendorError as error:
            self.errors.append(error)
            self._try_soon(resources)
        else:
            hooks.look_after(gate)
            return True
        return False

    def _list(self, gate: Gate, resources: Sequence[Resource]) -> bool:
        """Lists them in order; False when one met something for which it makes no sense to go on."""
        for at, resource in enumerate(resources):
            try:
                self._sync(gate, resource)
            except (QuotaSpent, ThrottledError) as error:
                self._postpone(gate, resources[at:], error)
                return False
            except VendorError as error:
                if offered.is_left_out(gate, resource, error, account_answers=self._listed()):
                    self._due_again(resource, offered.LOOK_AGAIN)
                    continue
                self._fail(resource, error)
                if stops_all(error):
                    self._try_soon(resources[at:])
                    return False
            self.progress.store(force=True, requests=gate.requests)
        return True

    def _sync(self, gate: Gate, resource: Resource) -> None:
        cursor = Pull(gate, resource, self.lease, self.progress, self.run.full).run()
        counts: Counter[str] = Counter()
        try:
            removal.remove_missing(gate, resource, cursor, self.run, counts)
        finally:
            self.held += counts.pop("held", 0)
            self.progress.add(resource.name, counts)
        finish(cursor, settled=not counts["deferred"])
        offered.again(self.connection, resource)
        self._due_again(resource, timedelta(minutes=resource.every_minutes * settings.SYNC_INTERVAL_MINUTES / 15))

    def _drain(self, gate: Gate) -> None:
        try:
            self._add(pending.drain(gate, self.run))
        except VendorError as error:
            self.errors.append(error)
        self._add(pending.waiting(gate))

    def _add(self, counts: Counter[tuple[str, str]]) -> None:
        for (resource, what), number in counts.items():
            self.progress.add(resource, Counter({what: number}))

    def _fail(self, resource: Resource, error: VendorError) -> None:
        log.warning("%s: %s of %s", self.connection, error, resource.name)
        self.progress.add(resource.name, Counter(failed=1))
        self.errors.append(error)
        self._try_soon([resource])

    def _try_soon(self, resources: Sequence[Resource]) -> None:
        for resource in resources:
            self._due_again(resource, timedelta(minutes=2))

    def _postpone(self, gate: Gate, resources: Sequence[Resource], error: VendorError) -> None:
        """The vendor, or our own budget, says when to come back: nothing else is asked for before."""
        self.postponed = error
        for resource in resources:
            self.progress.add(resource.name, Counter(deferred=1))
            self._due_again(resource, timedelta(seconds=error.retry_after or 60), (1.0, 1.2))
        pending.put_off(self.connection, error.retry_after)
        self._add(pending.waiting(gate))

    def _due_again(self, resource: Resource, wait: timedelta, jitter: tuple[float, float] = (0.9, 1.1)) -> None:
        """Jittered by a tenth, so that many connections do not ask in step."""
        at = timezone.now() + wait * random.uniform(*jitter)
        Cursor.objects.update_or_create(
            connection=self.connection, resource=resource.name, defaults={"next_due_at": at}
        )

    def _conclude(self) -> None:
        failed = sum(counts["failed"] for counts in self.progress.counts.values())
        if self.errors:
            self._end(RunState.PARTIAL if self._listed() else RunState.FAILED, str(gravest(self.errors)))
        elif failed or self.held:
            self._end(RunState.PARTIAL, in_words(failed, self.held))
        else:
            self._end(RunState.SUCCESS, str(self.postponed or ""))
        self._tell_connection()

    def _listed(self) -> bool:
        return any(counts["fetched"] for counts in self.progress.counts.values())

    def _end(self, state: RunState, message: str) -> None:
        run = self.run
        run.state, run.finished_at, run.message = state, timezone.now(), message[:500]
        run.counts = self.progress.as_dict()
        SyncRun.objects.filter(pk=run.pk).update(
            state=state, finished_at=run.finished_at, message=run.message, counts=run.counts, requests=run.requests
        )

    def _tell_connection(self) -> None:
        """The connection's state in words: what the vendor last said, and when all was well."""
        if self.errors:
            error = gravest(self.errors)
            state = state_after(error)
            if state == ConnectionState.FORBIDDEN and self._listed():
                # Not the account is refused but one of its lists: the others go on by themselves.
                state = ConnectionState.WELL
            tell(self.connection, state, str(error))
            return
        tell(self.connection, ConnectionState.WELL, str(self.postponed or ""))
        if self.postponed is None:
            Connection.objects.filter(pk=self.connection.pk).update(last_success_at=timezone.now())
