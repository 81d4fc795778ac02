"""From an edit to the vendor's answer in the mirror: once, in order, and right wherever it was interrupted."""

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

from portal.models import Change, ChangeSource, Connection, ConnectionState, Delivery, DeliveryState
from portal.services import outbox
from projects.models import Contact, Project
from projects.services import edits, edits_contacts
from tests.portal.outbox.conftest import PROJECTS, Office
from tests.world import API

NEW = {
    "identifier": "7001",
    "address": "9 Wharf Rd",
    "roof_type": 20,
    "assigned_role": 52,
    "contacts_new": [{"first_name": "Maria", "family_name": "Goeppert", "email": "maria@example.com", "gender": 1}],
}


def create(office: Office, **more: Any) -> Delivery:
    access = office.access()
    with scope(organisation=access.organisation):
        return edits.create_project(access, office.connection, {**NEW, **more})


def edit(office: Office, project: Project, who: str = "anna", seen: edits.Seen | None = None, **values: Any) -> Any:
    access = office.access(who)
    with scope(organisation=access.organisation):
        return edits.edit_project(access, project, values, seen)


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


def test_a_contact_is_put_back_whole(office: Office) -> None:
    contact = office.contact(office.project())
    office.world.change("contacts", contact.opensolar_id, date_of_birth="1950-01-02", custom_contact_info_1="Dog")
    access = office.access()
    with scope(organisation=access.organisation):
        edits_contacts.edit_contact(access, contact, {"phone": "0491 570 999"})
    office.work()
    assert office.last().state == DeliveryState.SENT
    there = office.vendor("contacts", contact.opensolar_id)
    assert (there["phone"], there["date_of_birth"], there["first_name"]) == (
        "0491 570 999",
        "1950-01-02",
        contact.first_name,
    )
    assert there["custom_contact_info_1"] == "Dog"
    with scopes_disabled():
        assert Contact.objects.get(pk=contact.pk).phone == "0491 570 999"
        [change] = Change.objects.filter(resource="contacts", field="phone")
    assert change.actor == office.people["anna"]


def test_a_contact_changed_meanwhile_is_a_conflict_by_its_values(office: Office) -> None:
    contact = office.contact(office.project())
    access = office.access()
    with scope(organisation=access.organisation):
        edits_contacts.edit_contact(access, contact, {"phone": "1", "email": "new@example.com"})
    office.world.change("contacts", contact.opensolar_id, phone="2", first_name="Other")
    office.work()
    assert (office.last().state, office.last().theirs) == (DeliveryState.CONFLICT, {"phone": "2"})
    assert office.sent("PUT", API) == 0


def test_a_contact_deleted_under_an_open_edit_comes_back_to_its_author(office: Office) -> None:
    contact = office.contact(office.project())
    access = office.access()
    with scope(organisation=access.organisation):
        edits_contacts.edit_contact(access, contact, {"phone": "1"})
    office.world.delete("contacts", contact.opensolar_id)
    office.work()
    refused = office.last()
    assert (refused.state, refused.body) == (DeliveryState.REFUSED, {"phone": "1"})
    assert "deleted there, or merged" in refused.message


@pytest.mark.parametrize("lost", [False, True])
def test_a_contact_is_made_once_and_found_by_its_data(office: Office, lost: bool) -> None:
    access = office.access()
    twin = {"first_name": "Maria", "family_name": "Goeppert", "email": "m@example.com", "phone": "1"}
    office.world.add("contacts", {**twin, "display": "the twin"})
    office.world.sync()
    if lost:
        office.world.fault("done", path=f"{API}/contacts/", method="POST", status=504)
    with scope(organisation=access.organisation):
        edits_contacts.create_contact(access, office.connection, twin)
    office.work()
    made = office.last()
    assert (made.state, office.sent("POST", API)) == (DeliveryState.SENT, 1)
    assert office.vendor("contacts", int(made.vendor_id))["display"] == "Maria Goeppert"


def test_deleting_removes_it_here_as_its_author(office: Office) -> None:
    project = office.project()
    access = office.access()
    with scope(organisation=access.organisation):
        edits.delete_project(access, project)
    office.work()
    assert office.last().state == DeliveryState.SENT
    assert not office.is_at_vendor("projects", project.opensolar_id)
    with scopes_disabled():
        assert Project.objects.get(pk=project.pk).removed_at is not None
        [change] = Change.objects.filter(vendor_id=str(project.opensolar_id), resource="projects")
    assert (change.after, change.actor) == ('"removed"', office.people["anna"])


def test_what_changed_since_it_was_seen_is_not_deleted(office: Office) -> None:
    project = office.project()
    access = office.access()
    with scope(organisation=access.organisation):
        edits.delete_project(access, project)
    office.world.change("projects", project.opensolar_id, notes="Sold today!")
    office.work()
    assert (office.last().state, office.last().theirs) == (DeliveryState.CONFLICT, {"notes": "Sold today!"})
    assert office.is_at_vendor("projects", project.opensolar_id)
    office.act(outbox.choose, office.last(), {"notes"})
    office.work()
    assert not office.is_at_vendor("projects", project.opensolar_id)


def test_a_deletion_whose_answer_got_lost_is_done(office: Office) -> None:
    project = office.project()
    access = office.access()
    office.world.fault("done", path=f"{PROJECTS}.*", method="DELETE", status=504)
    with scope(organisation=access.organisation):
        edits.delete_project(access, project)
    office.work()
    office.later()
    assert (office.last().state, office.sent("DELETE")) == (DeliveryState.SENT, 1)


class Killed(BaseException):
    """The worker dies."""


@pytest.mark.parametrize("at", ["accepted_at", "portal_payload"])
def test_a_worker_that_dies_makes_no_second_project(office: Office, at: str) -> None:
    """Right after the vendor's yes, before it is written down; and between that and taking in what was made."""

    def dies(execute: Any, sql: str, *rest: Any) -> Any:
        if at in sql and not (at == "accepted_at" and not sql.startswith("UPDATE")):
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
        assert "1906" not in str(cursor.fetchall())


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
