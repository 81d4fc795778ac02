"""From an edit to the vendor's answer in the mirror: once, in order, compared with what its author saw."""

from __future__ import annotations

import pytest
from django_scopes import scopes_disabled

from portal.models import Change, DeliveryState
from portal.services import outbox
from projects.services.edits import projects as edits
from tests.portal.outbox.acts import edit
from tests.portal.outbox.conftest import PROJECTS, Office


def test_an_edit_is_sent_alone_and_read_back(office: Office) -> None:
    project = office.project()
    edit(office, project, notes="Gate code 7.", roof_type=24, assigned_role=53)
    office.work()
    assert office.last().state == DeliveryState.SENT
    there = office.vendor("projects", project.opensolar_id)
    assert there["notes"] == "Gate code 7."
    assert there["assigned_role"].endswith("/roles/53/")
    after = office.project()
    assert (after.notes, after.roof_type_id, after.assigned_role_ref) == ("Gate code 7.", 24, 53)
    assert after.modified_date is not None
    assert project.modified_date is not None
    assert after.modified_date > project.modified_date
    with scopes_disabled():
        changes = Change.objects.filter(vendor_id=str(project.opensolar_id), resource="projects")
        assert {c.field: (c.source, c.actor) for c in changes}["notes"] == ("person", office.people["anna"])
        assert {c.source for c in changes} == {"person"}


def test_the_vendors_own_changes_stay_the_vendors(office: Office) -> None:
    project = office.project()
    edit(office, project, notes="Mine.")
    office.world.change("projects", project.opensolar_id, lead_source="Theirs")
    office.work()
    assert office.last().state == DeliveryState.SENT
    with scopes_disabled():
        changes = Change.objects.filter(vendor_id=str(project.opensolar_id))
        assert dict(changes.values_list("field", "source")) == {"notes": "person", "lead_source": "vendor"}


def test_later_edits_go_into_the_one_that_waits(office: Office) -> None:
    project = office.project()
    edit(office, project, notes="One.", lead_source="Fair")
    edit(office, project, notes="Two.")
    edit(office, project, zip="2250")
    office.work()
    assert [d.state for d in office.all()] == [DeliveryState.SENT]
    assert office.sent("PATCH") == 1
    there = office.vendor("projects", project.opensolar_id)
    assert (there["notes"], there["lead_source"], there["zip"]) == ("Two.", "Fair", "2250")


def test_two_editors_of_different_fields_do_not_meet(office: Office) -> None:
    project = office.project()
    with scopes_disabled():
        seen = edits.seen_of(project)
    edit(office, project, "anna", seen, notes="Anna's.")
    edit(office, project, "ben", seen, lead_source="Ben's")
    office.work()
    assert [d.state for d in office.all()] == [DeliveryState.SENT, DeliveryState.SENT]
    with scopes_disabled():
        authors = dict(Change.objects.filter(resource="projects").values_list("field", "actor__first_name"))
    assert authors == {"notes": "Anna", "lead_source": "Ben"}


def test_two_editors_of_one_field_meet_and_one_chooses(office: Office) -> None:
    project = office.project()
    with scopes_disabled():
        seen = edits.seen_of(project)
    edit(office, project, "anna", seen, notes="Anna's.", zip="2250")
    edit(office, project, "ben", seen, notes="Ben's.", lead_source="Ben's")
    office.work()
    anna, ben = office.all()
    assert (anna.state, ben.state) == (DeliveryState.SENT, DeliveryState.CONFLICT)
    assert (ben.base["notes"], ben.theirs, ben.body["notes"]) == (project.notes, {"notes": "Anna's."}, "Ben's.")
    assert office.vendor("projects", project.opensolar_id)["notes"] == "Anna's."
    office.act(outbox.choose, ben, {"notes"})
    office.work()
    there = office.vendor("projects", project.opensolar_id)
    assert (there["notes"], there["lead_source"], there["zip"]) == ("Ben's.", "Ben's", "2250")


def test_the_vendors_value_can_be_chosen(office: Office) -> None:
    project = office.project()
    edit(office, project, notes="Mine.", zip="2250")
    office.world.change("projects", project.opensolar_id, notes="Theirs.")
    office.work()
    assert office.last().state == DeliveryState.CONFLICT
    assert office.project().notes == "Theirs."
    office.act(outbox.choose, office.last(), set[str]())
    office.work()
    there = office.vendor("projects", project.opensolar_id)
    assert (there["notes"], there["zip"]) == ("Theirs.", "2250")


def test_an_edit_that_stands_there_already_is_not_sent(office: Office) -> None:
    project = office.project()
    edit(office, project, notes="Same.")
    office.world.change("projects", project.opensolar_id, notes="Same.")
    office.work()
    assert (office.last().state, office.sent("PATCH")) == (DeliveryState.SENT, 0)


@pytest.mark.parametrize("kind", ["done", "status"])
def test_a_patch_answered_504_takes_effect_once(office: Office, kind: str) -> None:
    project = office.project()
    office.world.fault(kind, path=f"{PROJECTS}.*", method="PATCH", status=504)
    edit(office, project, notes="Once.")
    office.work()
    assert office.last().state == DeliveryState.PENDING
    office.later()
    assert office.last().state == DeliveryState.SENT
    assert office.sent("PATCH") == (1 if kind == "done" else 2)
    assert office.project().notes == "Once."


@pytest.mark.parametrize("kind", ["done", "status"])
def test_a_new_contact_on_a_project_is_never_made_twice(office: Office, kind: str) -> None:
    project = office.project()
    office.world.fault(kind, path=f"{PROJECTS}.*", method="PATCH", status=504)
    edit(office, project, contacts_new=[{"first_name": "Hans", "email": "hans@example.com"}])
    office.work()
    for _ in range(4):
        office.later()
    assert office.sent("PATCH") == 1
    expected = DeliveryState.SENT if kind == "done" else DeliveryState.UNKNOWN
    assert office.last().state == expected
    emails = [c["email"] for c in office.vendor("projects", project.opensolar_id)["contacts_data"]]
    assert emails.count("hans@example.com") == (1 if kind == "done" else 0)
