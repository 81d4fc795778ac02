"""One delivery on its way: compared with what stands at the vendor, sent, and read back through the one door."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.lib.errors import (
    CredentialsError,
    NotFound,
    PermanentError,
    QuotaSpent,
    ThrottledError,
    TooLarge,
    TransientError,
    VendorError,
)
from portal.models import Delivery, DeliveryState, Verb
from portal.sync.gate import Gate
from portal.sync.outbox_claim import Claim
from portal.sync.source import Key, Record, Resource
from portal.sync.upsert import mark_gone, upsert
from portal.sync.writing import Writer, is_same

MET = "Somebody else changed it at the vendor after you had seen it. Choose what shall count."


class Met(Exception):
    """Somebody else has changed what is to be written. The delivery is settled; nothing was sent."""


class Gone(Exception):
    """The record to be changed does not exist any more."""


class NotFoundYet(Exception):
    """What may have been made is not to be found."""


class Errand:
    """Carries out a delivery that is claimed; `run` returns when it is settled as sent, or raises why it is not.

    Raises Met, Gone, NotFoundYet, the error family, ClaimLost.
    """

    def __init__(self, gate: Gate, claim: Claim, delivery: Delivery) -> None:
        self.gate, self.claim, self.delivery = gate, claim, delivery
        self.resource: Resource = gate.source.resource(delivery.resource)
        self.writer: Writer = gate.source.writers[delivery.resource]

    def run(self) -> None:
        """May run any number of times, from wherever the one before it stopped."""
        verbs = {Verb.CREATE: self._create, Verb.CHANGE: self._change, Verb.DELETE: self._delete}
        verbs[Verb(self.delivery.verb)]()

    def _create(self) -> None:
        if self.delivery.accepted_at is None:
            made = self._look() if self.delivery.posted_at else self._post()
            self._accepted(vendor_id=str(self.resource.key_of(made)))
        self._confirm()

    def _post(self) -> Record:
        """The one POST; one that may have been carried out without an answer is looked for at once."""
        self._take_quota()
        self._leaves()
        try:
            return self.writer.create(self.gate, self.delivery.body)
        except VendorError as error:
            if not _may_be_done(error):
                self.claim.note(posted_at=None)
                raise
            self.claim.note(message=error.sentence[:500], answer=error.excerpt)
        return self._look()

    def _look(self) -> Record:
        try:
            found = self.writer.find(self.gate, self.delivery)
        except (CredentialsError, QuotaSpent, ThrottledError):
            raise
        except VendorError as error:
            # Whatever stands against looking says nothing of what was made.
            raise TransientError(error.sentence, status=error.status, excerpt=error.excerpt, sent=True) from error
        if found is None:
            raise NotFoundYet
        return found

    def _change(self) -> None:
        if self.delivery.accepted_at is not None:
            self._confirm()
            return
        self._take_quota()
        record, asked = self._read()
        there = self.writer.plain(record)
        body, blind = self.delivery.body, self.writer.blind & self.delivery.body.keys()
        self._insist_on_what_was_seen(record, there, asked)
        wanted = {name: value for name, value in body.items() if name in blind or not is_same(there.get(name), value)}
        if blind and self.delivery.posted_at:
            if not self.writer.arrived(body, record):
                raise NotFoundYet
            wanted = {name: value for name, value in wanted.items() if name not in blind}
        if not wanted:
            self._accepted()
            self._take_in(record, asked)
            return
        if blind & wanted.keys():
            self._leaves()
        self._send_change(wanted, record)
        self._accepted()
        self._confirm()

    def _send_change(self, wanted: dict[str, Any], record: Record) -> None:
        try:
            self.writer.change(self.gate, self._key, wanted, record)
        except NotFound as error:
            raise Gone from error
        except VendorError as error:
            if self.delivery.posted_at and not _may_be_done(error):
                self.claim.note(posted_at=None)
            raise

    def _delete(self) -> None:
        if self.delivery.accepted_at is None:
            try:
                record, asked = self._read()
                self._insist_on_what_was_seen(record, self.writer.plain(record), asked)
                self.writer.delete(self.gate, self._key)
            except (Gone, NotFound):
                # Somebody else was quicker, or our own request before had its effect.
                pass
            self._accepted()
        try:
            self.resource.fetch(self.gate, self._key)
        except NotFound:
            with transaction.atomic():
                mark_gone(self.gate.connection, self.resource, self._key, "removed_at")
                self.claim.settle(DeliveryState.SENT, message="", answer="")
            return
        raise TransientError("The vendor took the deletion but still shows the record. It is looked at again.")

    def _insist_on_what_was_seen(self, record: Record, there: dict[str, Any], asked: datetime) -> None:
        """Raises Met when a value to be written is neither the one that the editor saw nor the one wanted.

        What was changed beside it is no conflict; a record that is to be deleted has to be the one that was seen.
        """
        delivery, modified = self.delivery, self.writer.modified(record)
        if modified is not None and modified == delivery.base_modified:
            return
        body, seen = delivery.body, delivery.base
        theirs = {
            name: there[name]
            for name, value in seen.items()
            if name in there and not is_same(there[name], value) and not is_same(there[name], body.get(name, value))
        }
        if not theirs:
            return
        with transaction.atomic():
            # Settled first: while it is under way, what stands there would count as this edit's work.
            self.claim.settle(DeliveryState.CONFLICT, theirs=theirs, message=MET)
            upsert(self.gate.connection, self.resource, [record], requested_at=asked)
        raise Met

    def _confirm(self) -> None:
        """Reads the record again: answers to writing are no whole shapes."""
        try:
            record, asked = self._read()
        except Gone:
            self.claim.settle(DeliveryState.SENT, message="Taken, and deleted by somebody else meanwhile.")
            return
        self._take_in(record, asked)

    def _take_in(self, record: Record, asked: datetime) -> None:
        unknown = [(name, key) for name, key in self.writer.along(record) if not self._is_known(name, key)]
        along = [self._fetch_along(name, key) for name, key in unknown]
        with transaction.atomic():
            for resource, brought, when in filter(None, along):
                upsert(self.gate.connection, resource, [brought], requested_at=when)
            upsert(self.gate.connection, self.resource, [record], requested_at=asked)
            self.claim.settle(DeliveryState.SENT, message="", answer="", errors={}, theirs={})

    def _fetch_along(self, name: str, key: Key) -> tuple[Resource, Record, datetime] | None:
        """None for what this login is not given; should that change, the next listing brings it."""
        resource, asked = self.gate.source.resource(name), timezone.now()
        try:
            return resource, resource.fetch(self.gate, key), asked
        except CredentialsError:
            raise
        except PermanentError:
            return None

    def _is_known(self, name: str, key: Key) -> bool:
        model = self.gate.source.resource(name).model
        return model._default_manager.filter(connection=self.gate.connection, **{model.VENDOR_KEY: key}).exists()

    def _read(self) -> tuple[Record, datetime]:
        asked = timezone.now()
        try:
            return self.resource.fetch(self.gate, self._key), asked
        except NotFound as error:
            raise Gone from error

    def _leaves(self) -> None:
        """From here on attempts count how often it was looked for; those to reach the vendor are over."""
        self.claim.note(posted_at=timezone.now(), attempts=1)

    def _accepted(self, **columns: Any) -> None:
        self.claim.note(accepted_at=timezone.now(), **columns)

    def _take_quota(self) -> None:
        if action := self.writer.actions.get(self.delivery.verb):
            self.gate.take(action)

    @property
    def _key(self) -> Key:
        vendor_id = self.delivery.vendor_id
        return int(vendor_id) if vendor_id.isdecimal() else vendor_id


def _may_be_done(error: VendorError) -> bool:
    """Whether the vendor may have carried out what failed in this way."""
    return (isinstance(error, TransientError) and error.sent) or isinstance(error, TooLarge)
