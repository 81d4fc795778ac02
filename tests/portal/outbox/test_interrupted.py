"""Workers that die, vendors that are down or refuse, limits: an edit waits, and leaves once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection as database
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from portal.models import Change, Connection, ConnectionState, Delivery, DeliveryState
from portal.services import outbox
from projects.services.edits import projects as edits
from tests.portal.outbox.acts import NEW, create, edit
from tests.portal.outbox.conftest import PROJECTS, Office


class Killed(BaseException):
    """The worker dies."""


@pytest.mark.parametrize("at", [("UPDATE", "accepted_at"), ("INSERT", "portal_payload")], ids=["noting", "taking in"])
def test_a_worker_that_dies_makes_no_second_project(office: Office, at: tuple[str, str]) -> None:
    """Right after the vendor's yes, before it is written down; and between that and taking in what was made."""

    def dies(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(at[0]) and at[1] in sql:
            raise Killed
        return execute(sql, *rest)

    create(office)
    with database.execute_wrapper(dies), pytest.raises(Killed):
        office.work()
    assert office.sent("POST") == 1
    assert office.last().state == DeliveryState.SENDING
    office.work()
    assert office.last().state == DeliveryState.SENDING, "a claim that may be alive is left alone"
    office.later()
    assert (office.last().state, office.sent("POST")) == (DeliveryState.SENT, 1)
    assert office.identifiers().count("7001") == 1


def test_a_sync_that_brings_the_edit_first_knows_its_author(office: Office) -> None:
    """A worker died between the vendor's yes and our own reading; the next sync brings what was written."""
    project = office.project()
    edit(office, project, notes="Brought.")
    office.world.fault("status", path=f"{PROJECTS}{project.opensolar_id}/", status=503, times=None)
    with scopes_disabled():
        Delivery.objects.update(accepted_at=timezone.now())
    office.world.change("projects", project.opensolar_id, notes="Brought.")
    office.work()
    assert office.last().state == DeliveryState.PENDING
    assert office.world.sync("--full").code == 0
    with scopes_disabled():
        change = Change.objects.get(vendor_id=str(project.opensolar_id), field="notes")
    assert (change.source, change.actor) == ("person", office.people["anna"])


def test_the_published_limit_holds_the_rest_back(office: Office, settings: LazySettings) -> None:
    settings.VENDOR_QUOTAS = True
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(8):
            create(office, identifier=f"N{number}")
        office.work()
        assert office.sent("POST") == 6
        assert [d.attempts for d in office.all() if d.state == DeliveryState.PENDING] == [0, 0]
        clock.shift(60)
        office.work()
    assert office.sent("POST") == 8


def test_a_429_holds_everything_back_as_long_as_it_says(office: Office) -> None:
    office.world.fault("status", path=f"{PROJECTS}.*", method="PATCH", status=429, retry_after=300)
    first, second = office.project(0), office.project(1)
    edit(office, first, notes="One.")
    edit(office, second, notes="Two.")
    began = timezone.now()
    office.work()
    office.work()
    assert office.sent("PATCH") == 1
    assert all(d.next_due_at and d.next_due_at > began + timedelta(seconds=299) for d in office.all())
    office.later()
    assert [d.state for d in office.all()] == [DeliveryState.SENT, DeliveryState.SENT]


def test_a_vendor_that_is_down_gets_it_later(office: Office) -> None:
    project = office.project()
    office.world.fault("status", path=f"{PROJECTS}.*", status=503, times=None)
    edit(office, project, notes="Later.")
    office.work()
    waits = office.last()
    assert (waits.state, waits.next_due_at and waits.next_due_at > timezone.now()) == (DeliveryState.PENDING, True)
    office.world.heal()
    nudged: list[int] = []
    outbox.sweep(nudged.append)
    assert nudged == []
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        outbox.sweep(nudged.append)
    assert nudged == [office.connection.pk]
    office.later()
    assert office.last().state == DeliveryState.SENT


def test_a_login_that_is_refused_stops_sending_and_says_so(office: Office) -> None:
    office.world.expire_tokens()
    office.world.fault("status", path="/opensolar/api-token-auth/", method="POST", status=400, times=None)
    edit(office, office.project(), notes="Waits.")
    office.work()
    assert (office.last().state, office.connection.state) == (DeliveryState.PENDING, ConnectionState.CREDENTIALS)
    nudged: list[int] = []
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        outbox.sweep(nudged.append)
    assert nudged == []


def test_a_paused_connection_sends_nothing(office: Office) -> None:
    edit(office, office.project(), notes="Waits.")
    with scopes_disabled():
        Connection.objects.update(state=ConnectionState.PAUSED)
    office.work()
    assert office.sent("PATCH") == 0


def test_only_what_has_not_left_us_can_be_cancelled(office: Office) -> None:
    project = office.project()
    waits = edit(office, project, notes="No.")
    office.act(outbox.cancel, waits)
    office.work()
    assert (office.last().state, office.sent("PATCH")) == (DeliveryState.CANCELLED, 0)
    edit(office, project, notes="Yes.")
    stale = office.last()
    office.work()
    with pytest.raises(outbox.CannotDo):
        office.act(outbox.cancel, stale)


def test_the_same_occasion_is_stored_once(office: Office) -> None:
    access, once = office.access(), uuid4()
    with scope(organisation=access.organisation):
        first = edits.create_project(access, office.connection, NEW, once=once)
        again = edits.create_project(access, office.connection, NEW, once=once)
    assert first == again
    office.work()
    assert office.sent("POST") == 1


def test_a_birthday_is_encrypted_at_rest(office: Office) -> None:
    create(office, contacts_new=[{"first_name": "Maria", "date_of_birth": "1906-06-28"}])
    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_delivery")
        # With its dashes: what is encrypted, and the key of the act, are of random letters and figures.
        assert "1906-06-28" not in str(cursor.fetchall())


def test_what_is_over_goes_in_time_and_what_waits_for_a_person_stays(office: Office) -> None:
    from portal.tasks import prune

    edit(office, office.project(0), notes="Sent.")
    office.work()
    office.world.fault("status", path=f"{PROJECTS}.*", method="PATCH", status=400)
    edit(office, office.project(1), notes="Refused.")
    office.work()
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        prune()
    assert [d.state for d in office.all()] == [DeliveryState.REFUSED]
