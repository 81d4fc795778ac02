"""Contacts edited, made and deleted, and projects deleted: by their values, never twice."""

from __future__ import annotations

import pytest
from django_scopes import scope, scopes_disabled

from portal.models import Change, DeliveryState
from portal.services import outbox
from projects.models import Contact, Project
from projects.services.edits import contacts as edits_contacts
from projects.services.edits import projects as edits
from tests.portal.outbox.conftest import PROJECTS, Office
from tests.projects.pages.reading import text_of
from tests.world import API


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


def test_a_conflict_makes_nobody_here_the_author_of_what_stands_there(office: Office) -> None:
    contact = office.contact(office.project())
    access = office.access()
    with scope(organisation=access.organisation):
        edits_contacts.edit_contact(access, contact, {"phone": "1", "email": "new@example.com"})
    office.world.change("contacts", contact.opensolar_id, phone="2", email="new@example.com")
    office.work()
    assert office.last().state == DeliveryState.CONFLICT
    with scopes_disabled():
        changes = Change.objects.filter(resource="contacts", field__in=("phone", "email"))
        assert {(change.field, change.actor) for change in changes} == {("phone", None), ("email", None)}


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


def test_a_date_of_birth_is_deleted_from_the_form(office: Office) -> None:
    contact = office.contact(office.project())
    office.world.change("contacts", contact.opensolar_id, date_of_birth="1950-01-02")
    browser, address = office.browser(), f"/contacts/{contact.pk}/edit/?back=contact"
    form = browser.get(address)
    assert "1950-01-02" not in form.content.decode()
    assert "1950" not in text_of(form)
    initial, names = form.context["form"].initial, ("first_name", "family_name", "email", "phone")
    sent = {name: initial.get(name) or "" for name in names}
    sent |= {"gender": str(contact.gender or 0), "seen": form.context["seen"], "once": str(form.context["once"])}
    both = browser.post(address, {**sent, "forget_date_of_birth": "on", "date_of_birth": "1951-01-02"})
    assert "Enter another date of birth or delete it, not both." in both.content.decode()
    # An empty date says nothing.
    browser.post(address, sent)
    assert office.sent("PUT", API) == 0
    browser.post(address, {**sent, "forget_date_of_birth": "on"})
    office.work()
    assert office.last().state == DeliveryState.SENT
    there = office.vendor("contacts", contact.opensolar_id)
    assert there["date_of_birth"] is None
    assert there["first_name"] == contact.first_name


def test_one_that_is_gone_already_is_not_asked_for_again(office: Office) -> None:
    contact = office.contact(office.project())
    office.world.change("contacts", contact.opensolar_id, date_of_birth=None)
    access = office.access()
    with scope(organisation=access.organisation):
        edits_contacts.edit_contact(access, contact, {"date_of_birth": None})
    office.work()
    assert (office.last().state, office.sent("PUT", API)) == (DeliveryState.SENT, 0)
