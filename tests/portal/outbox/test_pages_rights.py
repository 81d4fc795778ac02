"""Writing by page: who may, and whose records are never touched."""

from __future__ import annotations

from django.urls import reverse
from django_scopes import scopes_disabled

from portal.models import Delivery, DeliveryState
from projects.models import Project
from tests.portal.outbox.conftest import Office
from tests.portal.outbox.pages import NO_CONTACTS, edit_page, hidden, typed
from tests.world import API


def test_inspectors_find_none_of_it(office: Office) -> None:
    project = office.project()
    with scopes_disabled():
        Project.objects.filter(pk=project.pk).update(assigned_site_inspector_role_ref=56)
    ina = office.browser("ina")
    for name in ("project_edit", "project_delete", "project_customers"):
        assert ina.get(reverse(name, args=[project.pk])).status_code == 404
    assert ina.post(reverse("project_stage", args=[project.pk]), {"stage": "stage:2"}).status_code == 404
    contact = office.contact(project)
    assert ina.get(reverse("contact_edit", args=[contact.pk])).status_code == 404
    assert ina.get(reverse("project_new")).status_code == ina.get(reverse("deliveries")).status_code == 404
    assert office.all() == []


def test_people_see_their_own_edits_and_administrators_all(office: Office) -> None:
    project = office.project()
    anna = office.browser()
    anna.post(edit_page(project), typed(anna, edit_page(project)) | {"notes": "Anna's."})
    address = reverse("delivery", args=[office.last().pk])
    assert [office.browser(who).get(address).status_code for who in ("anna", "ada", "ben")] == [200, 200, 404]
    assert office.browser("ben").post(f"{address}cancel/").status_code == 404
    listed = [office.browser(who).get(reverse("deliveries")).context["page"].paginator.count for who in ("ada", "ben")]
    assert listed == [1, 0]
    assert office.browser("ada").post(f"{address}cancel/").status_code == 302
    assert office.last().state == DeliveryState.CANCELLED


def test_a_forged_view_of_what_was_seen_counts_for_nothing(office: Office) -> None:
    anna, project = office.browser(), office.project()
    form = typed(anna, edit_page(project)) | {"seen": "forged", "once": "no uuid", "notes": "New."}
    assert anna.post(edit_page(project), form).status_code == 302
    assert (office.last().body, office.last().base) == ({"notes": "New."}, {"notes": project.notes})


def test_writing_to_the_vendor_never_names_another_organisations_records(office: Office) -> None:
    """A role, contact or project of the neighbour is unknown here."""
    anna, project = office.browser(), office.project()
    form = typed(anna, edit_page(project)) | {"assigned_role": "70"}
    assert b"70 is not one of the available choices" in anna.post(edit_page(project), form).content
    address = reverse("project_customers", args=[project.pk])
    answer = anna.post(address, {**hidden(anna.get(address).content.decode()), "put": "5000001", **NO_CONTACTS})
    assert "does not exist any more" in answer.content.decode()
    assert Delivery._base_manager.count() == 0
    assert office.sent("PUT", API) == 0
