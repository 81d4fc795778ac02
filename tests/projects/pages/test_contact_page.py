"""A customer's own page: how to reach them, their projects, what happened; for who may see them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from portal.models import Change, Delivery, Payload
from projects.models import Contact, ProjectContact
from tests.conftest import Company, signed_in
from tests.factories import NOON, make_contact, make_event, make_project
from tests.projects.pages.reading import link_named, text_of


@pytest.fixture
def curie(sunny: Company) -> Contact:
    return make_contact(
        sunny.connection, opensolar_id=77, display="Marie Curie", phone="+61 400 111 222", email="marie@example.com"
    )


def page_of(client: Client, contact: Contact, query: str = "") -> Any:
    response = client.get(f"/contacts/{contact.pk}/{query}")
    assert response.status_code == 200
    return response


def changed(contact: Contact, field: str, before: Any, after: Any, **columns: Any) -> None:
    about = {"connection": contact.connection, "resource": "contacts", "vendor_id": str(contact.opensolar_id)}
    given = {"organisation_id": contact.organisation_id, "at": NOON - timedelta(hours=3), **about, **columns}
    with scopes_disabled():
        Change.objects.create(field=field, before=json.dumps(before), after=json.dumps(after), **given)


def test_a_contact_without_a_project_has_a_page(sunny: Company, grace: Client, curie: Contact) -> None:
    page = page_of(grace, curie)
    said = text_of(page)
    assert link_named(page, "Call") == "tel:+61400111222"
    assert link_named(page, "E-mail") == "mailto:marie@example.com"
    assert "Marie Curie Customer" in said
    assert "This customer is on no project." in said
    assert "OpenSolar number 77" in said
    assert f'href="/contacts/{curie.pk}/edit/?back=contact"' in page.content.decode()


def test_its_projects_companies_and_what_was_noted(sunny: Company, grace: Client, curie: Contact) -> None:
    project = make_project(sunny.connection, (curie,), business_name="Radium Ltd", address="9 Polonium Lane")
    make_event(project, title="Rang her", event_type_id=20, contact_ref=77, start=NOON - timedelta(hours=2))
    make_event(project, title="Rang someone else", event_type_id=20, contact_ref=78)
    changed(curie, "phone", "1", "+61 400 111 222")
    page = page_of(grace, curie)
    said = text_of(page)
    assert "Customer · Radium Ltd" in said
    assert link_named(page, "Radium Ltd") == f"/projects/{project.pk}/"
    assert "9 Polonium Lane" in said
    assert "Rang her" in said
    assert "Rang someone else" not in said
    assert "Phone 1 became → +61 400 111 222" in said


def test_earlier_history_by_pages(grace: Client, curie: Contact) -> None:
    for number in range(35):
        changed(curie, "phone", f"old {number}", f"new {number}", at=NOON - timedelta(hours=number))
    first = page_of(grace, curie)
    assert "old 29 " in text_of(first)
    assert "old 30 " not in text_of(first)
    address = link_named(first, "Show earlier")
    assert "old 30 " in text_of(grace.get(address))
    assert "was left out" in text_of(page_of(grace, curie, "?before=yesterday"))


def test_what_else_opensolar_tells_is_for_who_sees_all(sunny: Company, grace: Client, curie: Contact) -> None:
    make_project(sunny.connection, (curie,), assigned_installer_role_ref=14)
    body = {"id": 77, "custom_contact_info_1": "Ring twice", "custom_contact_info_2": None, "passport_number": "X1"}
    with scopes_disabled():
        Payload.objects.create(
            connection=curie.connection,
            resource="contacts",
            vendor_id="77",
            shape="list",
            digest=b"x" * 16,
            requested_at=NOON,
            body=json.dumps(body),
        )
    assert "Custom info 1 Ring twice" in text_of(page_of(grace, curie))
    assert "X1" not in text_of(page_of(grace, curie))
    installer = text_of(page_of(signed_in(sunny.people["installer"]), curie))
    assert "Marie Curie" in installer
    assert "Ring twice" not in installer


def test_inspectors_and_installers_see_contacts_of_their_projects_alone(sunny: Company, curie: Contact) -> None:
    installer, inspector = signed_in(sunny.people["installer"]), signed_in(sunny.people["inspector"])
    mine = make_project(sunny.connection, (curie,), title="Mine", assigned_installer_role_ref=14)
    other = make_project(sunny.connection, title="Secret roof")
    with scopes_disabled():
        ProjectContact.objects.create(
            organisation_id=mine.organisation_id,
            connection=mine.connection,
            project_ref=other.opensolar_id,
            contact_ref=77,
        )
    page = page_of(installer, curie)
    assert "Secret roof" not in text_of(page)
    assert "/edit/" not in page.content.decode()
    assert inspector.get(f"/contacts/{curie.pk}/").status_code == 404
    assert signed_in(sunny.people["unassigned"]).get(f"/contacts/{curie.pk}/").status_code == 404


def test_of_another_organisation_it_is_not_there(kestrel: Company, curie: Contact) -> None:
    client = signed_in(kestrel.people["administrator"])
    for path in ("", "edits/"):
        assert client.get(f"/contacts/{curie.pk}/{path}").status_code == 404


def test_who_was_removed_there_is_kept_and_said_so(grace: Client, curie: Contact) -> None:
    changed(curie, "phone", "1", "2")
    changed(curie, "", "present", "removed")
    Contact._base_manager.filter(pk=curie.pk).update(removed_at=NOON)
    page = page_of(grace, curie)
    assert "Removed at OpenSolar" in text_of(page)
    assert "Customer removed" in text_of(page)
    assert "became" not in text_of(page)
    assert "tel:" not in page.content.decode().split('<aside class="stack"')[0].split("<h1>")[1]
    assert f"/contacts/{curie.pk}/edit/" not in page.content.decode()


def test_an_edit_comes_back_here_and_stands_over_the_old_value(grace: Client, curie: Contact) -> None:
    form = grace.get(f"/contacts/{curie.pk}/edit/?back=contact")
    seen, once = (form.context[name] for name in ("seen", "once"))
    values = {"first_name": "", "family_name": "", "email": "marie@example.com", "phone": "5550 1", "gender": "0"}
    answer = grace.post(f"/contacts/{curie.pk}/edit/?back=contact", {**values, "seen": seen, "once": once})
    assert answer.url == f"/contacts/{curie.pk}/"  # type: ignore[attr-defined]
    page = page_of(grace, curie)
    assert "Phone 5550 1" in text_of(page)
    assert "Edits under way" in text_of(page)
    was = page.context["edits_were"]
    assert "HX-Trigger" not in grace.get(f"/contacts/{curie.pk}/edits/?was={was}")
    delivery = Delivery.objects.with_scopes_disabled().get()
    assert link_named(grace.get(f"/deliveries/{delivery.pk}/"), "Open") == f"/contacts/{curie.pk}/"
    grace.post(f"/deliveries/{delivery.pk}/cancel/")
    assert grace.get(f"/contacts/{curie.pk}/edits/?was={was}")["HX-Trigger"] == "project-came"


def test_no_name_is_no_obstacle(sunny: Company, grace: Client) -> None:
    nameless = make_contact(sunny.connection, opensolar_id=78, display="", phone="", email="1@os.code")
    page = page_of(grace, nameless)
    assert "Contact 78" in text_of(page)
    assert "os.code" not in page.content.decode().split("<h1>")[1].split("</h1>")[1][:200]


def test_queries_do_not_grow(sunny: Company, grace: Client, curie: Contact) -> None:
    counts = []
    page_of(grace, curie)
    for _turn in range(2):
        for number in range(6):
            project = make_project(sunny.connection, (curie,))
            make_event(project, contact_ref=77)
            changed(curie, "phone", f"{number}", f"{number + 1}", at=NOON - timedelta(minutes=number))
        with CaptureQueriesContext(database) as asked:
            page_of(grace, curie)
        counts.append(len(asked))
    assert counts[0] == counts[1]
