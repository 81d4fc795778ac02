"""The same key is the same act: however often it comes, whatever waited before it, and after it was sent."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from portal.models import DeliveryState
from projects.models import Project
from tests.portal.outbox.acts import edit
from tests.portal.outbox.conftest import Office
from tests.portal.outbox.pages import edit_page, typed
from tests.portal.outbox.test_api import caller, send

TWICE = [{"first_name": "Dup", "email": "dup@example.com"}]


def emails(office: Office, project: Project) -> list[str]:
    """Of the project's customers at the vendor."""
    return [c["email"] for c in office.vendor("projects", project.opensolar_id)["contacts_data"]]


def patch(anna: Client, project: Project, key: str, **body: Any) -> Any:
    answer = send(anna, "PATCH", f"projects/{project.pk}/", body, **{"Idempotency-Key": key})
    assert answer.status_code == 202, answer.content
    return answer.json()["id"]


@pytest.mark.parametrize("waits", [True, False])
def test_a_new_customer_is_made_once_behind_an_edit_that_waits(office: Office, waits: bool) -> None:
    anna, project, key = caller(office), office.project(), str(uuid4())
    if waits:
        assert send(anna, "PATCH", f"projects/{project.pk}/", {"notes": "First."}).status_code == 202
    first = patch(anna, project, key, contacts_new=TWICE)
    assert patch(anna, project, key, contacts_new=TWICE) == first
    office.work()
    assert patch(anna, project, key, contacts_new=TWICE) == first
    office.work()
    assert emails(office, project).count("dup@example.com") == 1
    assert {d.state for d in office.all()} == {DeliveryState.SENT}
    assert len(office.all()) == 1 + waits
    if waits:
        assert office.vendor("projects", project.opensolar_id)["notes"] == "First."


def test_another_key_is_another_act(office: Office) -> None:
    anna, project = caller(office), office.project()
    assert patch(anna, project, str(uuid4()), contacts_new=TWICE) != patch(
        anna, project, str(uuid4()), contacts_new=TWICE
    )
    office.work()
    assert emails(office, project).count("dup@example.com") == 2


def test_a_second_click_makes_no_second_customer(office: Office) -> None:
    anna, project = office.browser(), office.project()
    edit(office, project, notes="First.")
    form = typed(anna, edit_page(project)) | {"form-TOTAL_FORMS": "1", "form-0-email": "dup@example.com"}
    for _ in range(2):
        assert anna.post(edit_page(project), form).status_code == 302
    office.work()
    assert anna.post(edit_page(project), form).status_code == 302
    office.work()
    assert emails(office, project).count("dup@example.com") == 1


def test_an_act_that_comes_late_once_more_undoes_nothing(office: Office) -> None:
    """Also where its `modified_date` is over by then."""
    anna, ben, project = caller(office), caller(office, "ben"), office.project()
    path, key = f"projects/{project.pk}/", str(uuid4())
    assert send(anna, "PATCH", path, {"zip": "2250"}).status_code == 202
    assert project.modified_date
    seen = {"notes": "Anna's.", "modified_date": project.modified_date.isoformat()}
    first = patch(anna, project, key, **seen)
    assert patch(anna, project, key, **seen) == first
    office.work()
    assert patch(anna, project, key, **seen) == first
    assert send(ben, "PATCH", path, {"notes": "Ben's."}).status_code == 202
    office.work()
    assert patch(anna, project, key, **seen) == first
    office.work()
    assert office.vendor("projects", project.opensolar_id)["notes"] == "Ben's."
    assert office.vendor("projects", project.opensolar_id)["zip"] == "2250"


def test_a_customers_data_is_written_once(office: Office) -> None:
    anna, contact, key = caller(office), office.contact(office.project()), str(uuid4())
    path = f"contacts/{contact.pk}/"
    send(anna, "PATCH", path, {"phone": "1"})
    answers = [send(anna, "PATCH", path, {"email": "new@example.com"}, **{"Idempotency-Key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    office.work()
    there = office.vendor("contacts", contact.opensolar_id)
    assert (there["phone"], there["email"]) == ("1", "new@example.com")


def test_edits_without_a_key_of_the_callers_still_merge(office: Office) -> None:
    """Of a form, too: its key is there against a second click, and it says what was seen."""
    anna, project = office.browser(), office.project()
    for notes in ("One.", "Two."):
        anna.post(edit_page(project), typed(anna, edit_page(project)) | {"notes": notes})
    assert [d.body for d in office.all()] == [{"notes": "Two."}]


def test_a_deletion_that_comes_once_more_is_the_same_act(office: Office) -> None:
    """Also where the record is gone by then, and so not found any more."""
    anna, project, key = caller(office), office.project(), {"Idempotency-Key": str(uuid4())}
    path = f"projects/{project.pk}/"
    first = send(anna, "DELETE", path, **key)
    office.work()
    again = send(anna, "DELETE", path, **key)
    assert (first.status_code, again.status_code, again.json()["id"]) == (202, 202, first.json()["id"])
    assert send(anna, "DELETE", path).status_code == 404


def test_a_key_is_good_for_one_act_alone(office: Office) -> None:
    """Else what was wanted the second time would be lost behind a 202."""
    anna, ben = caller(office), caller(office, "ben")
    one, other = office.project(), office.project(1)
    key = {"Idempotency-Key": str(uuid4())}
    assert send(anna, "PATCH", f"projects/{one.pk}/", {"notes": "First."}, **key).status_code == 202
    for who, verb, path, body in (
        (anna, "PATCH", f"projects/{other.pk}/", {"notes": "Second."}),
        (anna, "DELETE", f"projects/{one.pk}/", None),
        (anna, "POST", "contacts/", {"first_name": "Maria"}),
        (ben, "PATCH", f"projects/{one.pk}/", {"notes": "Ben's."}),
    ):
        refused = send(who, verb, path, body, **key)
        assert refused.status_code == 400, refused.content
        assert "Idempotency-Key" in refused.json()["detail"]
    assert len(office.all()) == 1
