"""Writing over the API: what is created, changed and deleted, what is refused, and answers that lie."""

from __future__ import annotations

from typing import Any

import pytest

ORG = "/api/orgs/1"
NEW = {
    "identifier": "7001",
    "is_residential": "1",
    "lat": "-33.5",
    "lon": "151.25",
    "address": "9 Wharf Rd",
    "number_of_phases": "3",
    "roof_type": "https://api.opensolar.com/api/roof_types/20/",
    "assigned_role": "https://api.opensolar.com/api/orgs/1/roles/52/",
    "contacts_new": [{"first_name": "Maria", "family_name": "Goeppert", "gender": "1", "date_of_birth": "1906-06-28"}],
}


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_created_project_is_whole_typed_and_listed(admin: Any, newest_first: bool) -> None:
    admin.set(newest_first=newest_first)
    answer = admin.post(f"{ORG}/projects/", json=NEW)
    assert answer.status_code == 201
    made = answer.json()
    typed = {"identifier": "7001", "lat": -33.5, "is_residential": True, "number_of_phases": 3}
    assert {name: made[name] for name in typed} == typed
    assert made["assigned_role_name"] == "Nikola Tesla"
    assert made["roof_type"].endswith("/opensolar/api/roof_types/20/")
    [contact] = made["contacts_data"]
    assert (contact["display"], contact["gender"], contact["url"]) == ("Maria Goeppert", 1, made["contacts"][0])
    assert admin.get(f"{ORG}/projects/{made['id']}/").json() == made
    rows = admin.rows("projects")
    assert rows[0 if newest_first else -1]["id"] == made["id"]


def test_a_patch_answers_short_and_moves_the_stamp(admin: Any) -> None:
    before = admin.rows("projects")[0]
    path = f"{ORG}/projects/{before['id']}/"
    answer = admin.request("PATCH", path, json={"notes": "Gate code 7.", "contacts_new": [{"email": "a@example.com"}]})
    assert answer.status_code == 200
    assert "notes" not in answer.json()
    assert answer.json().keys() >= {"id", "url", "workflow", "simulate_first_year_only"}
    after = admin.get(path).json()
    assert after["notes"] == "Gate code 7."
    assert after["modified_date"] > before["modified_date"]
    assert after["contacts"][:-1] == before["contacts"]
    assert after["contacts_data"][-1]["email"] == "a@example.com"


def test_contacts_are_replaced_whole_and_deleted(admin: Any) -> None:
    made = admin.post(f"{ORG}/contacts/", json={"first_name": "Maria", "phone": "1", "gender": "1"})
    assert made.status_code == 201
    path = f"{ORG}/contacts/{made.json()['id']}/"
    put = admin.request("PUT", path, json={"first_name": "Mary", "email": "m@example.com"}).json()
    assert (put["display"], put["phone"], put["gender"], put["email"]) == ("Mary", "", 0, "m@example.com")
    assert admin.request("DELETE", path).status_code == 204
    assert admin.get(path).status_code == admin.request("PUT", path, json={}).status_code == 404


def test_a_deleted_project_takes_its_systems_along(admin: Any) -> None:
    project = next(row for row in admin.rows("projects") if row["systems"])
    assert admin.request("DELETE", f"{ORG}/projects/{project['id']}/").status_code == 204
    assert admin.get(f"{ORG}/projects/{project['id']}/").status_code == 404
    assert admin.rows("systems", fieldset="list", project=project["id"]) == []


def test_wrong_values_are_refused_by_field_and_nothing_is_kept(admin: Any) -> None:
    before = len(admin.rows("projects")), len(admin.rows("contacts"))
    wrong = {
        "lat": "north",
        "is_residential": "perhaps",
        "number_of_phases": "3.5",
        "stage": 9,
        "country_iso2": "Australia",
        "roof_type": "https://api.opensolar.com/api/roof_types/99/",
        "assigned_role": 52,
        "contacts": [f"{ORG}/contacts/1/"],
        "contacts_new": [{}, {"email": "nobody", "gender": "3", "date_of_birth": "28/06/1906"}],
    }
    answer = admin.post(f"{ORG}/projects/", json=wrong)
    assert answer.status_code == 400
    assert answer.json().keys() == wrong.keys()
    assert answer.json()["contacts"] == ["Invalid hyperlink - Object does not exist."]
    assert answer.json()["contacts_new"][0] == {}
    assert answer.json()["contacts_new"][1].keys() == {"email", "gender", "date_of_birth"}
    assert (len(admin.rows("projects")), len(admin.rows("contacts"))) == before


def test_a_stage_moves_with_its_workflow(admin: Any) -> None:
    project = next(row for row in admin.rows("projects") if row.get("workflow"))
    path = f"{ORG}/projects/{project['id']}/"
    right = {"workflow": {"workflow_id": 11, "active_stage_id": 105}, "active_stage_id": 105}
    assert admin.request("PATCH", path, json=right).status_code == 200
    after = admin.get(path).json()
    assert (after["workflow"]["active_stage_id"], after["stage"]) == (105, 2)
    wrong = {"workflow": {"workflow_id": 12, "active_stage_id": 105}}
    assert admin.request("PATCH", path, json=wrong).status_code == 400


def test_done_although_it_says_504(admin: Any) -> None:
    admin.spoil(f"{ORG}/projects/", "done", method="POST", status=504)
    assert admin.post(f"{ORG}/projects/", json=NEW).status_code == 504
    assert admin.rows("projects")[-1]["identifier"] == "7001"


def test_writing_is_throttled_by_the_published_limits(admin: Any) -> None:
    admin.set(throttle=True)
    answers = [admin.post(f"{ORG}/projects/", json={}).status_code for _ in range(11)]
    assert answers == [201] * 10 + [429]
    path = f"{ORG}/projects/{admin.rows('projects')[0]['id']}/"
    answers = [admin.request("PATCH", path, json={}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_the_neighbours_projects_cannot_be_written(admin: Any) -> None:
    for method, path in (("POST", "projects/"), ("PATCH", "projects/2000001/"), ("DELETE", "contacts/5000001/")):
        assert admin.request(method, f"/api/orgs/2/{path}", json={}).status_code == 403
