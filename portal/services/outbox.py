"""Storing edits on their way to a vendor, sending them from a worker, and what a person does with one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from portal.access import Access
from portal.lib.errors import VendorError
from portal.models import ChangeSource, Connection, Delivery, DeliveryState, Verb
from portal.models.outbox import UNDER_WAY
from portal.services.notices_deliveries import tell_authors
from portal.services.nudges import nudge
from portal.services.syncing import STOPPED
from portal.sync import outbox
from portal.sync.outbox_claim import due
from portal.sync.verdict import state_after, tell
from portal.sync.writing import is_same


class CannotDo(Exception):
    """Why an act is not possible; the text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody wants of a vendor. `base` are the values that they saw, `once` tells a second click from a second
    wish; `about` and `url` say to people what it concerns."""

    connection: Connection
    resource: str
    verb: Verb
    vendor_id: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    base: Mapping[str, Any] = field(default_factory=dict)
    base_modified: datetime | None = None
    about: str = ""
    url: str = ""
    once: UUID | None = None


def store(access: Access, act: Act, source: str = ChangeSource.PERSON) -> Delivery:
    """Keeps it, in the caller's transaction, and wakes a worker after the commit.

    The same `once` again gives the delivery that is there. An edit goes into the author's own one of the same record
    that still waits, if nothing came between and nothing depends on its own `once`.
    """
    with transaction.atomic():
        once = act.once or uuid4()
        found = stored(once)
        if found is None:
            found = _merged(access, act, source) if _may_merge(act, source) else None
        if found is None:
            try:
                with transaction.atomic():
                    found = _create(access, act, source, once)
            except IntegrityError:
                found = Delivery.objects.get(once=once)
        transaction.on_commit(partial(nudge, "portal.tasks.deliver", act.connection.pk))
    return found


def stored(once: UUID | None) -> Delivery | None:
    """What was made of this act already. Pages and API ask first and answer with it: what is checked anew may have
    changed since, by this very act too.
    """
    return Delivery.objects.filter(once=once).first() if once else None


def _may_merge(act: Act, source: str) -> bool:
    """Whether it can lose its `once` to another delivery's.

    A form's is there against a second click, and its edit says what was seen: twice the same values are the same. New
    customers are not; and an integrator may come with the same key long after it was sent.
    """
    if act.verb != Verb.CHANGE:
        return False
    return act.once is None or (source == ChangeSource.PERSON and "contacts_new" not in act.body)


def _create(access: Access, act: Act, source: str, once: UUID) -> Delivery:
    body: Any = dict(act.body)
    return Delivery.objects.create(
        organisation=access.organisation,
        connection=act.connection,
        resource=act.resource,
        vendor_id=act.vendor_id,
        verb=act.verb,
        about=act.about[:300],
        url=act.url[:300],
        body=body,
        base=dict(act.base),
        base_modified=act.base_modified,
        once=once,
        actor=access.user,
        source=source,
    )


def _merged(access: Access, act: Act, source: str) -> Delivery | None:
    """The edit that waits, with the new values in it; None where it has to be one of its own."""
    same = Delivery.objects.filter(connection=act.connection, resource=act.resource, vendor_id=act.vendor_id)
    last = same.filter(state__in=UNDER_WAY).select_for_update().order_by("-pk").first()
    if last is None or not last.can_be_cancelled:
        return None
    if (last.verb, last.actor_id, last.source) != (Verb.CHANGE, access.user.pk, source):
        return None
    for name, value in act.base.items():
        # What was edited was not what waits there: that is for the comparison before sending to judge.
        if name in last.body and not is_same(last.body[name], value):
            return None
    new_contacts = [*last.body.get("contacts_new", ()), *act.body.get("contacts_new", ())]
    last.body = {**last.body, **act.body, **({"contacts_new": new_contacts} if new_contacts else {})}
    last.base = {**act.base, **last.base}
    last.save(update_fields=["body", "base"])
    return last


def deliver(connection_id: int) -> None:
    """A worker's way: sends what is due, unless the connection is stopped; then tells authors what needs them."""
    with scopes_disabled():
        connection = Connection.objects.select_related("organisation").filter(pk=connection_id).first()
        if connection is None or connection.state in STOPPED:
            return
        try:
            outbox.deliver(connection)
        except VendorError as error:
            # The login is refused, or the connection's address is none; the deliveries stay as they are.
            tell(connection, state_after(error), str(error))
        tell_authors(connection)


def sweep(nudge_deliver: Callable[[int], object]) -> None:
    """Wakes a worker for each connection with something due that a lost message forgot. May run at any time, twice."""
    with scopes_disabled():
        rows = due().exclude(connection__state__in=STOPPED)
        for connection_id in rows.order_by().values_list("connection", flat=True).distinct():
            nudge_deliver(connection_id)


def send_again(delivery: Delivery) -> None:
    """Tries again now; one that nobody knows of is looked for, not sent. Raises CannotDo."""
    if not delivery.can_be_retried:
        raise CannotDo(_("There is nothing to send again: %(state)s.") % {"state": delivery.get_state_display()})
    _put_back(delivery, delivery.state, looks=0, errors={}, message="")


def send_anew(delivery: Delivery) -> None:
    """A person has looked at the vendor's and says that it was not made: it is sent once more. Raises CannotDo."""
    if delivery.state != DeliveryState.UNKNOWN:
        raise CannotDo(_("Only what nobody knows of can be sent once more."))
    _put_back(delivery, delivery.state, looks=0, posted_at=None, errors={}, message="")


def choose(delivery: Delivery, mine: set[str]) -> None:
    """Ends a conflict: of the values in question those in `mine` are sent, for the others the vendor's count.

    A deletion is carried out if anything is in `mine`. Raises CannotDo where there is no conflict any more.
    """
    if delivery.state != DeliveryState.CONFLICT:
        raise CannotDo(_("This was decided already: %(state)s.") % {"state": delivery.get_state_display()})
    theirs = {name for name in delivery.theirs if name not in mine}
    body = {name: value for name, value in delivery.body.items() if name not in theirs}
    if not (mine if delivery.verb == Verb.DELETE else body):
        cancel(delivery)
        return
    base = {**{name: value for name, value in delivery.base.items() if name not in theirs}, **_among(delivery, mine)}
    if delivery.verb == Verb.DELETE:
        base = {}
    _put_back(delivery, delivery.state, body=body, base=base, base_modified=None, theirs={}, message="")


def _among(delivery: Delivery, mine: set[str]) -> dict[str, Any]:
    """What is known to stand there now, instead of what was seen before."""
    return {name: value for name, value in delivery.theirs.items() if name in mine}


def cancel(delivery: Delivery) -> None:
    """It is not sent any more; what it holds stays to be read. Raises CannotDo when something of it has left us."""
    rows = Delivery.objects.filter(pk=delivery.pk, state=delivery.state)
    if delivery.state == DeliveryState.PENDING:
        rows = rows.filter(posted_at=None, accepted_at=None)
    now = timezone.now()
    if not delivery.can_be_cancelled or not rows.update(
        state=DeliveryState.CANCELLED, next_due_at=None, changed_at=now
    ):
        raise CannotDo(_("It cannot be cancelled any more: it is being sent, or was sent already."))


def _put_back(delivery: Delivery, state: str, **columns: Any) -> None:
    now = timezone.now()
    with transaction.atomic():
        rows = Delivery.objects.filter(pk=delivery.pk, state=state)
        if not rows.update(state=DeliveryState.PENDING, next_due_at=now, attempts=0, changed_at=now, **columns):
            raise CannotDo(_("Somebody else was quicker; look at how it stands now."))
        transaction.on_commit(partial(nudge, "portal.tasks.deliver", delivery.connection_id))
