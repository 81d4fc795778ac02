"""What the vendor took ends, whatever it answers afterwards: nothing waits for ever, nor holds later edits up."""

from __future__ import annotations

import pytest
from django_scopes import scope, scopes_disabled

from portal.models import DeliveryState
from portal.services import outbox
from projects.models import Contact, Project
from projects.services.edits import projects as edits
from tests.portal.outbox.acts import create, edit
from tests.portal.outbox.conftest import PROJECTS, Office
from tests.world import API

MAY_NOT, NOT_IN_THE_PLAN = 403, 402


def named_alone(office: Office, status: int) -> tuple[Project, int]:
    """A project that names a contact which is not mirrored and which the vendor does not give."""
    project = office.project()
    made = office.world.add("contacts", {"first_name": "Hidden"})
    address = f"{office.world.base_url}/api/orgs/1/contacts/{made['id']}/"
    office.world.change("projects", project.opensolar_id, contacts=[address], contacts_data=[made])
    office.world.fault("status", path=f"{API}/contacts/{made['id']}/", status=status, times=None)
    return project, made["id"]


@pytest.mark.parametrize("status", [403, 404, 402])
def test_a_customer_that_cannot_be_read_holds_no_edit_up(office: Office, status: int) -> None:
    project, hidden = named_alone(office, status)
    edit(office, project, notes="One.")
    office.work()
    assert (office.last().state, office.last().message) == (DeliveryState.SENT, "")
    assert office.project().notes == "One."
    edit(office, office.project(), notes="Two.")
    office.work()
    assert [d.state for d in office.all()] == [DeliveryState.SENT, DeliveryState.SENT]
    assert office.vendor("projects", project.opensolar_id)["notes"] == "Two."
    office.world.heal()
    assert office.world.sync("--full").code == 0
    with scopes_disabled():
        assert Contact.objects.filter(opensolar_id=hidden, removed_at=None).exists()


def test_a_customer_that_comes_too_late_is_waited_for(office: Office) -> None:
    project, hidden = named_alone(office, 503)
    edit(office, project, notes="One.")
    office.work()
    assert office.last().state == DeliveryState.PENDING
    office.world.heal()
    office.later()
    assert (office.last().state, office.sent("PATCH")) == (DeliveryState.SENT, 1)
    with scopes_disabled():
        assert Contact.objects.filter(opensolar_id=hidden).exists()


def test_a_vendor_that_stays_down_after_it_took_an_edit_is_not_asked_for_ever(office: Office) -> None:
    project = office.project()
    office.world.fault("status", path=f"{PROJECTS}{project.opensolar_id}/", status=503, skip=1, times=None)
    edit(office, project, notes="Taken.")
    office.work()
    assert office.last().state == DeliveryState.PENDING
    for _time in range(20):
        office.later()
    assert (office.last().state, office.sent("PATCH")) == (DeliveryState.SENT, 1)
    assert "does not show the record now" in office.last().message


@pytest.mark.parametrize("status", [MAY_NOT, NOT_IN_THE_PLAN])
def test_an_edit_that_was_taken_and_is_not_shown_is_over(office: Office, status: int) -> None:
    project = office.project()
    path = f"{PROJECTS}{project.opensolar_id}/"
    office.world.fault("status", path=path, status=status, skip=1)
    edit(office, project, notes="Taken.")
    office.work()
    over = office.last()
    assert (over.state, over.next_due_at) == (DeliveryState.SENT, None)
    assert "took it, but does not show the record now" in over.message
    assert office.vendor("projects", project.opensolar_id)["notes"] == "Taken."
    assert office.world.sync("--full").code == 0
    assert office.project().notes == "Taken."


def test_a_project_that_was_made_and_is_not_shown_is_over(office: Office) -> None:
    office.world.fault("status", path=f"{PROJECTS}\\d+/", status=MAY_NOT, times=None)
    create(office)
    office.work()
    made = office.last()
    assert (made.state, office.sent("POST"), made.vendor_id != "") == (DeliveryState.SENT, 1, True)
    assert "does not show the record now" in made.message


@pytest.mark.parametrize("status", [MAY_NOT, NOT_IN_THE_PLAN])
def test_a_deletion_that_was_taken_and_cannot_be_proven_is_over(office: Office, status: int) -> None:
    project, access = office.project(), office.access()
    path = f"{PROJECTS}{project.opensolar_id}/"
    office.world.fault("status", path=path, status=status, skip=1, times=None)
    with scope(organisation=access.organisation):
        edits.delete_project(access, project)
    office.work()
    assert (office.last().state, office.sent("DELETE")) == (DeliveryState.SENT, 1)
    assert "does not show the record now" in office.last().message
    with scopes_disabled():
        assert Project.objects.get(pk=project.pk).removed_at is None, "removal needs proof"


@pytest.mark.parametrize("status", [MAY_NOT, 503])
def test_a_project_that_can_never_be_looked_for_goes_to_a_person(office: Office, status: int) -> None:
    office.world.fault("status", path=PROJECTS, method="POST", status=504)
    office.world.fault("status", path=PROJECTS, status=status, times=None)
    create(office)
    office.work()
    for _ in range(20):
        assert office.last().next_due_at is not None
        office.later()
        if office.last().state != DeliveryState.PENDING:
            break
    lost = office.last()
    assert (lost.state, office.sent("POST")) == (DeliveryState.UNKNOWN, 1)
    assert "Look there" in lost.message
    office.world.heal()
    office.act(outbox.send_again, lost)
    for _ in range(4):
        office.later()
    assert (office.last().state, office.sent("POST")) == (DeliveryState.UNKNOWN, 1)
    office.act(outbox.send_anew, office.last())
    office.work()
    assert (office.last().state, office.sent("POST")) == (DeliveryState.SENT, 2)


def test_tries_before_it_left_are_no_looks(office: Office) -> None:
    """A vendor that was down for long does not shorten the search afterwards."""
    office.world.fault("status", path=PROJECTS, method="POST", status=429, times=15)
    create(office)
    for _ in range(15):
        office.later()
    office.world.fault("done", path=PROJECTS, method="POST", status=504)
    office.world.fault("status", path=PROJECTS, status=503, times=4)
    office.later()
    assert (office.last().state, office.last().attempts) == (DeliveryState.PENDING, 1)
    for _ in range(3):
        office.later()
    assert (office.last().state, office.sent("POST")) == (DeliveryState.SENT, 16)


def test_new_customers_that_can_never_be_looked_for_hold_no_edit_up(office: Office) -> None:
    project = office.project()
    path = f"{PROJECTS}{project.opensolar_id}/"
    office.world.fault("status", path=path, method="PATCH", status=504)
    office.world.fault("status", path=path, status=MAY_NOT, skip=1, times=None)
    edit(office, project, contacts_new=[{"first_name": "Hans", "email": "hans@example.com"}])
    edit(office, project, "ben", notes="Ben's.")
    office.work()
    for _ in range(20):
        office.later()
    assert office.all()[0].state == DeliveryState.UNKNOWN
    assert office.all()[1].attempts == 1
    assert office.sent("PATCH") == 1
