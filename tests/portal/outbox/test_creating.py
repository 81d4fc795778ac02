"""A project made here stands at OpenSolar once, whatever became of the answer; refused, it comes back."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import Change, ChangeSource, ConnectionState, DeliveryState
from portal.services import outbox
from projects.models import Contact, Project
from tests.portal.outbox.acts import create
from tests.portal.outbox.conftest import PROJECTS, Office


def test_a_new_project_is_made_once_and_mirrored_with_its_author(office: Office) -> None:
    create(office)
    office.work()
    made = office.last()
    assert (made.state, office.sent("POST")) == (DeliveryState.SENT, 1)
    with scopes_disabled():
        project = Project.objects.get(opensolar_id=int(made.vendor_id))
        assert (project.identifier, project.roof_type_id, project.assigned_role_ref) == ("7001", 20, 52)
        assert Contact.objects.get(project_links__project=project).email == "maria@example.com"
        [change] = Change.objects.filter(vendor_id=made.vendor_id, resource="projects")
    assert (change.after, change.source, change.actor) == ('"new"', ChangeSource.PERSON, office.people["anna"])


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("whole_lists", [True, False])
def test_a_create_answered_504_although_done_is_found(office: Office, newest_first: bool, whole_lists: bool) -> None:
    office.world.settings(newest_first=newest_first, whole_lists=whole_lists)
    office.world.fault("done", path=PROJECTS, method="POST", status=504)
    create(office)
    office.work()
    made = office.last()
    assert (made.state, office.sent("POST")) == (DeliveryState.SENT, 1)
    assert office.vendor("projects", int(made.vendor_id))["identifier"] == "7001"
    assert office.identifiers().count("7001") == 1


def test_a_create_that_is_not_found_goes_to_a_person_and_is_never_sent_again(office: Office) -> None:
    office.world.fault("status", path=PROJECTS, method="POST", status=504)
    create(office)
    office.work()
    assert office.last().state == DeliveryState.PENDING
    for _ in range(4):
        office.later()
    lost = office.last()
    assert (lost.state, office.sent("POST")) == (DeliveryState.UNKNOWN, 1)
    assert "Look there" in lost.message
    office.act(outbox.send_again, lost)
    office.work()
    assert office.sent("POST") == 1
    for _ in range(4):
        office.later()
    office.act(outbox.send_anew, office.last())
    office.work()
    assert (office.last().state, office.sent("POST")) == (DeliveryState.SENT, 2)


def test_a_late_project_is_found_by_a_later_look(office: Office) -> None:
    office.world.fault("status", path=PROJECTS, method="POST", status=504)
    create(office)
    office.work()
    now = timezone.now().isoformat()
    made = office.world.add("projects", {"identifier": "7001", "created_date": now, "modified_date": now})
    office.later()
    assert (office.last().state, office.last().vendor_id) == (DeliveryState.SENT, str(made["id"]))
    assert office.sent("POST") == 1


def test_an_older_project_of_the_same_identifier_is_not_taken_for_it(office: Office) -> None:
    office.world.add("projects", {"identifier": "7001", "created_date": "2020-01-01T00:00:00Z"})
    office.world.fault("status", path=PROJECTS, method="POST", status=504)
    create(office)
    for _ in range(4):
        office.later()
    assert office.last().state == DeliveryState.UNKNOWN


def test_looking_goes_on_after_a_failure(office: Office) -> None:
    office.world.fault("done", path=PROJECTS, method="POST", status=504)
    office.world.fault("status", path=PROJECTS, status=403, times=2)
    create(office)
    office.work()
    assert (office.last().state, office.last().looks) == (DeliveryState.PENDING, 0)
    office.later()
    office.later()
    assert (office.last().state, office.sent("POST")) == (DeliveryState.SENT, 1)


def test_a_refused_project_keeps_what_was_typed_field_by_field(office: Office) -> None:
    body = {"zip": ["Too long."], "contacts_new": [{"email": ["Enter a valid email address."]}]}
    office.world.fault("status", path=PROJECTS, method="POST", status=400, body=body)
    create(office)
    office.work()
    refused = office.last()
    assert refused.state == DeliveryState.REFUSED
    assert refused.errors == {"zip": ["Too long."], "contacts_new.0.email": ["Enter a valid email address."]}
    assert refused.body["address"] == "9 Wharf Rd"
    office.later()
    assert office.sent("POST") == 1


@pytest.mark.parametrize("status", [402, 403, 405])
def test_what_the_plan_or_the_rights_do_not_allow_goes_back_to_its_author(office: Office, status: int) -> None:
    office.world.fault("status", path=PROJECTS, method="POST", status=status)
    create(office)
    office.work()
    assert (office.last().state, str(status) in office.last().message) == (DeliveryState.REFUSED, True)
    assert office.connection.state == ConnectionState.WELL
