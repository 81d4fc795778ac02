"""Writing by page: what is kept, what stands beside the field, and what a person decides."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scopes_disabled

from portal.models import DeliveryState, Notification, Topic
from projects.models import Contact, Project, ProjectContact
from tests.portal.outbox.conftest import PROJECTS, Office
from tests.portal.outbox.pages import edit_page, hidden, page_of, typed
from tests.projects.pages.reading import text_of


def test_a_project_is_made_with_every_field_once_however_often_it_is_sent(office: Office) -> None:
    anna, address = office.browser(), reverse("project_new")
    form = typed(anna, address) | {
        "address": "9 Wharf Rd",
        "locality": "Gosford",
        "state": "NSW",
        "zip": "2250",
        "country_iso2": "au",
        "lat": "-33.42",
        "lon": "151.34",
        "is_residential": "1",
        "roof_type": "20",
        "number_of_phases": "3",
        "lead_source": "Fair",
        "identifier": "7001",
        "notes": "Dog.",
        "assigned_role": "52",
        "assigned_site_inspector_role": "56",
        "assigned_installer_role": "59",
        "form-TOTAL_FORMS": "1",
        "form-0-first_name": "Maria",
        "form-0-family_name": "Goeppert",
        "form-0-email": "maria@example.com",
        "form-0-phone": "1",
        "form-0-date_of_birth": "1906-06-28",
        "form-0-gender": "1",
    }
    first, again = anna.post(address, form), anna.post(address, form)
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    office.work()
    assert office.sent("POST") == 1
    there = office.vendor("projects", int(office.last().vendor_id))
    wanted = {
        "address": "9 Wharf Rd",
        "country_iso2": "AU",
        "lat": -33.42,
        "is_residential": True,
        "identifier": "7001",
    }
    assert {name: there[name] for name in wanted} == wanted
    assert (there["number_of_phases"], there["notes"], there["assigned_role_name"]) == (3, "Dog.", "Nikola Tesla")
    assert there["assigned_installer_role"].endswith("/59/")
    [contact] = there["contacts_data"]
    assert (contact["email"], contact["date_of_birth"], contact["gender"]) == ("maria@example.com", "1906-06-28", 1)
    with scopes_disabled():
        made = Project.objects.get(identifier="7001")
    assert "Maria Goeppert" in page_of(anna, made)


def test_wrong_values_stand_at_their_fields_and_nothing_is_kept(office: Office) -> None:
    anna, address = office.browser(), reverse("project_new")
    form = typed(anna, address) | {
        "lat": "north",
        "country_iso2": "Australia",
        "identifier": office.project().identifier,
    }
    form |= {"form-TOTAL_FORMS": "1", "form-0-email": "nobody"}
    page = anna.post(address, form).content.decode()
    for words in ("Give degrees as a number", "two letters", "Another project has this", "Give an e-mail address"):
        assert words in page
    assert office.all() == []
    assert 'value="nobody"' in page


def test_a_refused_project_comes_back_to_be_corrected(office: Office) -> None:
    body = {"zip": ["Unknown postcode."], "contacts_new": [{"email": ["Bounced."]}]}
    office.world.fault("status", path=PROJECTS, method="POST", status=400, body=body)
    anna, address = office.browser(), reverse("project_new")
    form = typed(anna, address) | {"zip": "9", "form-TOTAL_FORMS": "1", "form-0-email": "maria@example.com"}
    anna.post(address, form)
    office.work()
    refused = office.last()
    page = anna.get(reverse("delivery", args=[refused.pk])).content.decode()
    assert "Unknown postcode." in page
    assert "Bounced." in page
    again = f"{address}?from={refused.pk}"
    page = anna.get(again).content.decode()
    assert "Unknown postcode." in page
    assert "Bounced." in page
    assert 'value="maria@example.com"' in page
    form |= {**hidden(page), "zip": "2250"}
    assert anna.post(address, form).status_code == 302
    office.work()
    assert [d.state for d in office.all()] == [DeliveryState.CANCELLED, DeliveryState.SENT]
    assert office.vendor("projects", int(office.last().vendor_id))["zip"] == "2250"


def test_an_edit_is_shown_over_the_mirrored_value_until_the_answer_came(office: Office) -> None:
    anna, project = office.browser(), office.project()
    answer = anna.post(edit_page(project), typed(anna, edit_page(project)) | {"notes": "Gate code 7."})
    assert answer.status_code == 302
    assert office.last().body == {"notes": "Gate code 7."}
    assert office.project().notes != "Gate code 7."
    for browser in (anna, office.browser("ben")):
        page = page_of(browser, project)
        assert "Gate code 7." in page
        assert "Waiting to be sent" in page
    edits = reverse("project_edits", args=[project.pk])
    was = re.search(rf'{edits}\?was=(\w+)"', page_of(anna, project))
    assert was
    assert "HX-Trigger" not in anna.get(edits, {"was": was[1]})
    office.work()
    assert anna.get(edits, {"was": was[1]})["HX-Trigger"] == "project-came"
    page = page_of(anna, project)
    assert "Gate code 7." in page
    assert "Waiting to be sent" not in page


def test_nothing_changed_is_no_edit(office: Office) -> None:
    anna, project = office.browser(), office.project()
    assert anna.post(edit_page(project), typed(anna, edit_page(project))).status_code == 302
    assert office.all() == []


def test_what_a_form_cannot_show_of_a_text_is_not_written_away(office: Office) -> None:
    """A browser takes line breaks out of a line."""
    office.world.change("projects", office.project().opensolar_id, address="9  Wharf Rd\nGosford")
    office.world.sync()
    anna, project = office.browser(), office.project()
    form = typed(anna, edit_page(project)) | {"address": "9 Wharf Rd Gosford", "zip": "2250"}
    anna.post(edit_page(project), form)
    assert office.last().body == {"zip": "2250"}


def test_a_refused_edit_stands_beside_its_field_and_in_its_form(office: Office) -> None:
    anna, project = office.browser(), office.project()
    office.world.fault("status", path=f"{PROJECTS}.*", method="PATCH", status=400, body={"notes": ["Rude."]})
    anna.post(edit_page(project), typed(anna, edit_page(project)) | {"notes": "Bad words."})
    office.work()
    page = page_of(anna, project)
    assert "Rude." in page
    assert "Bad words." not in page
    form = anna.get(f"{edit_page(project)}?from={office.last().pk}")
    assert form.context["form"]["notes"].value() == "Bad words."
    assert "Rude." in form.content.decode()
    with scopes_disabled():
        told = Notification.objects.get(topic=Topic.DELIVERY)
    assert told.membership.user == office.people["anna"]
    assert "Rude." in told.text
    anna.post(reverse("delivery_retry", args=[office.last().pk]))
    office.work()
    assert office.last().state == DeliveryState.SENT
    with scopes_disabled():
        told.refresh_from_db()
    assert told.read_at is not None


def test_what_is_wrong_is_told_under_the_names_of_the_pages(office: Office) -> None:
    anna, project = office.browser(), office.project()
    refusal = {"notes": ["Rude."], "lead_source": ["Too long."]}
    office.world.fault("status", path=f"{PROJECTS}.*", method="PATCH", status=400, body=refusal)
    anna.post(edit_page(project), typed(anna, edit_page(project)) | {"notes": "Bad words."})
    office.work()
    address = reverse("delivery", args=[office.last().pk])
    for page in (reverse("deliveries"), reverse("project", args=[project.pk])):
        text = text_of(anna.get(page))
        assert "Notes: Rude. · Lead source: Too long." in text
        assert "(400)" not in text
    one = anna.get(address)
    assert text_of(one).count("Rude.") == text_of(one).count("Lead source: Too long.") == 1
    form = text_of(anna.get(one.context["correct_url"]))
    assert "Nothing was changed there. What is wrong stands at the fields below" in form
    assert "lead_source" not in text_of(one) + form
    with scopes_disabled():
        assert Notification.objects.get(topic=Topic.DELIVERY).text == "Notes: Rude. · Lead source: Too long."


def test_the_state_in_the_head_moves_with_the_rest(office: Office) -> None:
    """The page looks again for what `#delivery` holds."""
    anna, project = office.browser(), office.project()
    anna.post(edit_page(project), typed(anna, edit_page(project)) | {"notes": "Soon."})
    page = anna.get(reverse("delivery", args=[office.last().pk])).content.decode()
    held = page[page.index('id="delivery"') :]
    assert "Waiting to be sent" in held
    assert 'hx-trigger="every 5s"' in held
    office.work()
    page = anna.get(reverse("delivery", args=[office.last().pk])).content.decode()
    assert "every 5s" not in page


def test_two_editors_meet_and_the_second_chooses_side_by_side(office: Office) -> None:
    anna, ben, project = office.browser("anna"), office.browser("ben"), office.project()
    annas, bens = typed(anna, edit_page(project)), typed(ben, edit_page(project))
    anna.post(edit_page(project), annas | {"notes": "Anna was here."})
    ben.post(edit_page(project), bens | {"notes": "Ben was here.", "lead_source": "Ben"})
    office.work()
    met = office.last()
    assert met.state == DeliveryState.CONFLICT
    page = ben.get(reverse("delivery", args=[met.pk])).content.decode()
    assert "Anna was here." in page
    assert "Ben was here." in page
    choose = reverse("delivery_choose", args=[met.pk])
    ben.post(choose, {})
    assert office.last().state == DeliveryState.CONFLICT
    ben.post(choose, {"choice-notes": "mine"})
    office.work()
    there = office.vendor("projects", project.opensolar_id)
    assert (there["notes"], there["lead_source"]) == ("Ben was here.", "Ben")


def test_customers_are_replaced_and_new_ones_made(office: Office) -> None:
    anna, project = office.browser(), office.project()
    with scopes_disabled():
        theirs = ProjectContact.objects.filter(project_ref=project.opensolar_id).values("contact_ref")
        other = Contact.objects.exclude(opensolar_id__in=theirs).exclude(display="").order_by("pk")[0]
    address = reverse("project_customers", args=[project.pk])
    page = anna.get(address, {"q": other.display}).content.decode()
    assert f'name="put" value="{other.opensolar_id}"' in page
    form = {**hidden(page), "put": [str(other.opensolar_id)], "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
    form |= {"form-0-first_name": "Hans", "form-0-email": "hans@example.com", "form-0-gender": "0"}
    assert anna.post(address, form).status_code == 302
    office.work()
    there = office.vendor("projects", project.opensolar_id)["contacts_data"]
    assert [there[0]["id"], there[1]["email"]] == [other.opensolar_id, "hans@example.com"]
    page = page_of(anna, project)
    assert "Hans" in page
    assert other.display in page


def test_a_customers_data_is_edited_and_shown_at_once(office: Office) -> None:
    anna, project = office.browser(), office.project()
    contact = office.contact(project)
    address = reverse("contact_edit", args=[contact.pk])
    form = typed(anna, address) | {"phone": "0491 570 999"}
    assert anna.post(address, form)["Location"] == reverse("project", args=[project.pk])
    assert office.last().body == {"phone": "0491 570 999"}
    assert "0491 570 999" in page_of(anna, project)
    office.work()
    assert office.vendor("contacts", contact.opensolar_id)["phone"] == "0491 570 999"


@pytest.mark.parametrize("kind", ["project", "contact"])
def test_deleting_takes_the_typed_name(office: Office, kind: str) -> None:
    anna, project = office.browser(), office.project()
    record: Any = project if kind == "project" else office.contact(project)
    resource = f"{kind}s"
    address = reverse(f"{kind}_delete", args=[record.pk])
    page = anna.get(address)
    form = hidden(page.content.decode())
    assert "Type the name exactly" in anna.post(address, {**form, "typed": "no"}).content.decode()
    assert office.all() == []
    assert anna.post(address, {**form, "typed": page.context["name"].upper()}).status_code == 302
    office.work()
    assert not office.is_at_vendor(resource, record.opensolar_id)


def test_a_stage_goes_forward_at_once_and_back_only_when_it_is_meant(office: Office) -> None:
    anna, project = office.browser(), office.at_presale()
    address = reverse("project_stage", args=[project.pk])
    anna.post(address, {"stage": "stage:2"})
    office.work()
    assert office.vendor("projects", project.opensolar_id)["stage"] == 2
    page = anna.post(address, {"stage": "stage:1"}).content.decode()
    assert "Move back?" in page
    assert len(office.all()) == 1
    anna.post(address, hidden(page))
    office.work()
    assert office.vendor("projects", project.opensolar_id)["stage"] == 1


def test_with_a_workflow_its_own_stage_is_written(office: Office) -> None:
    with scopes_disabled():
        project = Project.objects.filter(active_stage_id__isnull=False, stage__lt=2).order_by("pk")[0]
    anna = office.browser()
    anna.post(reverse("project_stage", args=[project.pk]), {"stage": "workflow:105"})
    office.work()
    there = office.vendor("projects", project.opensolar_id)
    assert (office.last().state, there["workflow"]["active_stage_id"], there["stage"]) == (DeliveryState.SENT, 105, 2)


def test_a_project_that_was_made_nobody_knows_where_waits_for_a_person(office: Office) -> None:
    office.world.fault("status", path=PROJECTS, method="POST", status=504)
    anna, address = office.browser(), reverse("project_new")
    anna.post(address, typed(anna, address) | {"address": "9 Wharf Rd"})
    for _ in range(4):
        office.later()
    lost = office.last()
    page = anna.get(reverse("delivery", args=[lost.pk])).content.decode()
    assert "Nobody knows" in page
    assert "send it once more" in page
    anna.post(reverse("delivery_anew", args=[lost.pk]))
    office.work()
    assert (office.last().state, office.sent("POST")) == (DeliveryState.SENT, 2)


def test_edits_of_a_removed_project_are_not_offered(office: Office) -> None:
    project = office.project()
    with scopes_disabled():
        Project.objects.filter(pk=project.pk).update(removed_at=project.synced_at)
    anna = office.browser()
    assert anna.get(edit_page(project)).status_code == 404
    assert edit_page(project) not in page_of(anna, project)


def test_the_page_of_an_edit_asks_as_often_for_many_values_as_for_few(office: Office) -> None:
    anna = office.browser()

    def asked(place: int, **values: str) -> int:
        project = office.project(place)
        anna.post(edit_page(project), typed(anna, edit_page(project)) | values)
        address = reverse("delivery", args=[office.last().pk])
        assert anna.get(address).status_code == 200
        with CaptureQueriesContext(database) as questions:
            anna.get(address)
        return len(questions)

    few = asked(0, notes="Dog.", assigned_role="52")
    more = {"assigned_site_inspector_role": "56", "assigned_installer_role": "59", "lead_source": "Fair", "zip": "2250"}
    assert asked(1, notes="Dog.", assigned_role="52", **more) == few
