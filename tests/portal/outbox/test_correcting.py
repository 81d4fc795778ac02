"""A refused edit that is corrected keeps what its form does not show, and is corrected at its own record alone."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from portal.models import Connection, Delivery, DeliveryState
from projects.models import Contact, Project, ProjectContact
from projects.services.edits import contacts as edits_contacts
from tests.portal.outbox.acts import create, edit
from tests.portal.outbox.conftest import PROJECTS, Office
from tests.portal.outbox.pages import edit_page, hidden, typed
from tests.projects.pages.reading import text_of


def refuse(office: Office, field: str = "notes", method: str = "PATCH") -> Delivery:
    """What waits is sent, and refused for this field."""
    office.world.fault("status", path=f"{PROJECTS}.*", method=method, status=400, body={field: ["Rude."]})
    office.work()
    refused = office.last()
    assert refused.state == DeliveryState.REFUSED
    return refused


def corrected(browser: Client, project: Project, refused: Delivery, **more: Any) -> dict[str, Any]:
    """The form as it stands, with what was refused in it, and what is typed over it."""
    return typed(browser, f"{edit_page(project)}?from={refused.pk}") | more


def other_customer(project: Project) -> Contact:
    with scopes_disabled():
        theirs = ProjectContact.objects.filter(project_ref=project.opensolar_id).values("contact_ref")
        return Contact.objects.exclude(opensolar_id__in=theirs).exclude(display="").order_by("pk")[0]


def test_a_stage_goes_with_the_corrected_notes(office: Office) -> None:
    anna, project = office.browser(), office.at_presale()
    anna.post(reverse("project_stage", args=[project.pk]), {"stage": "stage:2"})
    anna.post(edit_page(project), typed(anna, edit_page(project)) | {"notes": "Bad words."})
    refused = refuse(office)
    assert refused.body == {"stage": 2, "notes": "Bad words."}
    page = text_of(anna.get(f"{edit_page(project)}?from={refused.pk}"))
    assert "Goes to OpenSolar with it, from the refused edit: Stage: Sold" in page
    anna.post(edit_page(project), corrected(anna, project, refused, notes="Good words."))
    office.work()
    assert [d.state for d in office.all()] == [DeliveryState.CANCELLED, DeliveryState.SENT]
    there = office.vendor("projects", project.opensolar_id)
    assert (there["stage"], there["notes"]) == (2, "Good words.")


def test_a_new_list_of_customers_goes_with_the_corrected_notes(office: Office) -> None:
    anna, project = office.browser(), office.project()
    other = other_customer(project)
    address = reverse("project_customers", args=[project.pk])
    form = hidden(anna.get(address).content.decode()) | {"put": [str(other.opensolar_id)]}
    anna.post(address, {**form, "form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"})
    anna.post(edit_page(project), typed(anna, edit_page(project)) | {"notes": "Bad words."})
    refused = refuse(office)
    page = text_of(anna.get(f"{edit_page(project)}?from={refused.pk}"))
    assert f"from the refused edit: Customers: {other.display}" in page
    anna.post(edit_page(project), corrected(anna, project, refused, notes="Good words."))
    office.work()
    there = office.vendor("projects", project.opensolar_id)
    assert ([c["id"] for c in there["contacts_data"]], there["notes"]) == ([other.opensolar_id], "Good words.")


def test_a_workflows_stage_goes_with_the_corrected_notes(office: Office) -> None:
    with scopes_disabled():
        project = Project.objects.filter(active_stage_id__isnull=False, stage__lt=2).order_by("pk")[0]
    anna = office.browser()
    anna.post(reverse("project_stage", args=[project.pk]), {"stage": "workflow:105"})
    anna.post(edit_page(project), typed(anna, edit_page(project)) | {"notes": "Bad words."})
    refused = refuse(office)
    anna.post(edit_page(project), corrected(anna, project, refused, notes="Good words."))
    office.work()
    there = office.vendor("projects", project.opensolar_id)
    assert (there["workflow"]["active_stage_id"], there["notes"]) == (105, "Good words.")


def test_what_goes_with_it_can_be_left_out(office: Office) -> None:
    """It may be what was refused."""
    anna, project = office.browser(), office.at_presale()
    anna.post(reverse("project_stage", args=[project.pk]), {"stage": "stage:2"})
    anna.post(edit_page(project), typed(anna, edit_page(project)) | {"notes": "Good words."})
    refused = refuse(office, "stage")
    wrong = corrected(anna, project, refused, lat="north", alone="on")
    page = anna.post(edit_page(project), wrong).content.decode()
    assert 'name="alone" checked' in page
    anna.post(edit_page(project), corrected(anna, project, refused, alone="on"))
    office.work()
    there = office.vendor("projects", project.opensolar_id)
    assert (there["stage"], there["notes"]) == (0, "Good words.")


def test_what_was_changed_there_meanwhile_is_met_and_not_overwritten(office: Office) -> None:
    anna, project = office.browser(), office.at_presale()
    edit(office, project, stage=2, notes="Bad words.")
    refused = refuse(office)
    office.world.change("projects", project.opensolar_id, stage=3, notes="Theirs.", lead_source="Theirs")
    office.world.sync()
    anna.post(edit_page(project), corrected(anna, project, refused, notes="Good words."))
    office.work()
    met = office.last()
    assert (met.state, met.theirs) == (DeliveryState.CONFLICT, {"stage": 3, "notes": "Theirs."})
    assert met.body == {"stage": 2, "notes": "Good words."}


def test_another_projects_refused_edit_is_not_corrected_here(office: Office) -> None:
    anna, project, other = office.browser(), office.project(0), office.project(1)
    edit(office, other, notes="Bad words.")
    refused = refuse(office)
    form = corrected(anna, project, refused)
    assert (form["notes"], "from" in form) == (project.notes, False)
    anna.post(edit_page(project), {**form, "from": str(refused.pk), "zip": "2250"})
    new = anna.get(f"{reverse('project_new')}?from={refused.pk}")
    assert (new.context["refused"], new.context["form"]["notes"].value()) == (None, None)
    assert [d.state for d in office.all()] == [DeliveryState.REFUSED, DeliveryState.PENDING]
    assert office.last().body == {"zip": "2250"}


def test_a_refused_new_project_is_not_corrected_at_another(office: Office) -> None:
    anna, project = office.browser(), office.project()
    create(office, notes="Bad words.")
    refused = refuse(office, method="POST")
    assert corrected(anna, project, refused)["notes"] == project.notes
    assert anna.get(f"{reverse('project_new')}?from={refused.pk}").context["refused"] == refused


def test_a_refused_new_project_stays_with_its_account(office: Office) -> None:
    anna, first = office.browser(), office.connection
    create(office, notes="Bad words.")
    refused = refuse(office, method="POST")
    with scopes_disabled():
        other = Connection.objects.create(
            organisation=first.organisation, vendor="opensolar", account_id="2", base_url=first.base_url
        )
        Delivery.objects.update(connection=other)
    page = anna.get(f"{reverse('project_new')}?from={refused.pk}").content.decode()
    assert hidden(page)["connection"] == str(other.pk)


def test_another_customers_refused_edit_is_not_corrected_here(office: Office) -> None:
    anna, contact, access = office.browser(), office.contact(office.project()), office.access()
    other = other_customer(office.project())
    office.world.fault("status", path=".*/contacts/.*", method="PUT", status=400, body={"phone": ["Rude."]})
    with scope(organisation=access.organisation):
        edits_contacts.edit_contact(access, other, {"phone": "1"})
    office.work()
    refused, address = office.last(), reverse("contact_edit", args=[contact.pk])
    assert refused.state == DeliveryState.REFUSED
    form = typed(anna, f"{address}?from={refused.pk}")
    assert (form["phone"], "from" in form) == (contact.phone, False)
    anna.post(address, {**form, "from": str(refused.pk), "phone": "2", "forget_date_of_birth": ""})
    assert [d.state for d in office.all()] == [DeliveryState.REFUSED, DeliveryState.PENDING]
    own = anna.get(f"{reverse('contact_edit', args=[other.pk])}?from={refused.pk}")
    assert own.context["form"]["phone"].value() == "1"


def test_a_refused_deletion_has_no_form(office: Office) -> None:
    anna, project = office.browser(), office.project()
    address = reverse("project_delete", args=[project.pk])
    page = anna.get(address)
    anna.post(address, {**hidden(page.content.decode()), "typed": page.context["name"]})
    refused = refuse(office, method="DELETE")
    assert anna.get(reverse("delivery", args=[refused.pk])).context["correct_url"] == ""
