"""Lists that an account need not have: a refusal switches one off without noise, and a day later it is tried again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from portal.lib.errors import Forbidden, MethodNotAllowed, NotFound, PlanError, VendorError
from portal.models import Connection, Cursor
from portal.sync.gate import Gate
from portal.sync.pending import switch_off, switch_on
from portal.sync.source import Resource

LOOK_AGAIN = timedelta(days=1)
_REFUSALS = (PlanError, Forbidden, NotFound, MethodNotAllowed)


def in_turn(connection: Connection, resources: Sequence[Resource]) -> list[Resource]:
    """Those to be listed now: of what is switched off only what has its day again."""
    off = [resource.name for resource in resources if resource.optional and resource.name in connection.switched_off]
    if not off:
        return list(resources)
    later = Cursor.objects.filter(connection=connection, resource__in=off, next_due_at__gt=timezone.now())
    waiting = set(later.values_list("resource", flat=True))
    return [resource for resource in resources if resource.name not in waiting]


def is_left_out(gate: Gate, resource: Resource, error: VendorError, *, account_answers: bool) -> bool:
    """Whether the error only says that this account has no such list; notes that on the connection.

    `account_answers`: another list has come in the same run. Otherwise the account itself is asked, so that a plan or
    a right that is gone as a whole is no reason to switch lists off one by one.
    """
    if not resource.optional or not isinstance(error, _REFUSALS):
        return False
    if not account_answers and not _answers(gate):
        return False
    switch_off(gate.connection, resource.name, str(error))
    return True


def again(connection: Connection, resource: Resource) -> None:
    """The list came: if it was switched off, it no longer is."""
    switch_on(connection, resource.name)


def _answers(gate: Gate) -> bool:
    if gate.source.answers is None:
        return False
    try:
        gate.source.answers(gate)
    except VendorError:
        return False
    return True
