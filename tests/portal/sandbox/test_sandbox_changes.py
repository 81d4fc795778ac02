"""Changing the world by hand: patched, broken, added, removed, hidden and restored records."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.portal.sandbox.conftest import lasting

ORG = "/api/orgs/1"
WORLD = "/opensolar/orgs/1"


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


def test_a_patch_shows_on_list_and_detail_and_moves_the_stamp(admin: Any) -> None:
    before = admin.rows("projects")[2]
    admin.control("PATCH", f"{WORLD}/projects/{before['id']}", {"title": "Ohm's Law Library", "notes": "new"})
    short = admin.rows("projects", fieldset="list")[2]
    whole = admin.get(f"{ORG}/projects/{before['id']}/").json()
    assert short["title"] == whole["title"] == "Ohm's Law Library"
    assert whole["notes"] == "new"
    assert "notes" not in short
    assert short["modified_date"] == whole["modified_date"] > before["modified_date"]
    assert {key: value for key, value in whole.items() if key not in ("title", "notes", "modified_date")} == {
        key: value for key, value in before.items() if key not in ("title", "notes", "modified_date")
    }


def test_stamps_of_changes_rise_and_can_be_given(admin: Any) -> None:
    first, second = (row["id"] for row in admin.rows("projects")[:2])
    for key in (first, second):
        admin.control("PATCH", f"{WORLD}/projects/{key}", {"priority": 2})
    one, two = (row["modified_date"] for row in admin.rows("projects")[:2])
    assert one < two
    admin.control("PATCH", f"{WORLD}/projects/{first}", {"modified_date": "2020-01-01T00:00:00.000000Z"})
    assert admin.rows("projects")[0]["modified_date"] == "2020-01-01T00:00:00.000000Z"


def test_a_changed_contact_and_role_show_in_their_projects(admin: Any) -> None:
    project = next(row for row in admin.rows("projects") if row["assigned_role"])
    contact = project["contacts_data"][0]["id"]
    role = int(project["assigned_role"].split("/")[-2])
    admin.control("PATCH", f"{WORLD}/contacts/{contact}", {"first_name": "Wu"})
    admin.control("PATCH", f"{WORLD}/roles/{role}", {"display": "Somebody else"})
    after = admin.get(f"{ORG}/projects/{project['id']}/").json()
    assert after["contacts_data"][0]["first_name"] == "Wu"
    assert after["assigned_role_data"]["display"] == after["assigned_role_name"] == "Somebody else"
    assert after["modified_date"] == project["modified_date"]
    assert "modified_date" not in admin.get(f"{ORG}/contacts/{contact}/").json()


def test_patched_references_are_followed(admin: Any) -> None:
    project = admin.rows("projects")[0]
    other = admin.rows("contacts")[-1]
    role = next(row for row in admin.rows("roles") if row["id"] == 99)
    admin.control(
        "PATCH", f"{WORLD}/projects/{project['id']}", {"contacts": [other["url"]], "assigned_role": role["url"]}
    )
    after = admin.get(f"{ORG}/projects/{project['id']}/").json()
    assert after["contacts_data"] == [other]
    assert after["assigned_role_data"] == role
    assert admin.rows("projects", fieldset="list")[0]["contacts_data"][0]["id"] == other["id"]


@pytest.mark.parametrize("broken", [{"title": "no id"}, {"id": "12", "stage": []}, "text", None, [1]])
def test_a_record_can_be_replaced_by_anything(admin: Any, broken: Any) -> None:
    key = admin.rows("projects")[1]["id"]
    admin.control("PUT", f"{WORLD}/projects/{key}", broken)
    assert admin.get(f"{ORG}/projects/{key}/").json() == broken
    assert admin.rows("projects")[1] == broken
    assert admin.rows("projects", fieldset="list")[1] == broken


def test_a_removed_project_takes_its_systems_along(admin: Any) -> None:
    before = admin.rows("projects")
    gone = next(row for row in before if row["systems"])
    admin.control("DELETE", f"{WORLD}/projects/{gone['id']}")
    assert ids(admin.rows("projects")) == [key for key in ids(before) if key != gone["id"]]
    assert admin.get(f"{ORG}/projects/{gone['id']}/").status_code == 404
    assert admin.get(f"{ORG}/projects/{gone['id']}/systems/details/").status_code == 404
    system = gone["systems"][0]["id"]
    assert admin.get(f"{ORG}/systems/{system}/", fieldset="list").status_code == 404
    assert system not in ids(admin.rows("systems", fieldset="list"))
    assert admin.get(f"{ORG}/contacts/{gone['contacts_data'][0]['id']}/").status_code == 200


def test_a_hidden_project_answers_403_and_leaves_the_list(admin: Any) -> None:
    first = admin.rows("projects")[0]
    admin.control("POST", f"{WORLD}/projects/{first['id']}/forbid")
    answer = admin.get(f"{ORG}/projects/{first['id']}/")
    assert answer.status_code == 403
    assert answer.json() == {"detail": "You do not have permission to perform this action."}
    assert first["id"] not in ids(admin.rows("projects"))


def test_restored_is_as_before(admin: Any) -> None:
    before = admin.rows("projects")
    gone = next(row for row in before if row["systems"])
    admin.control("PATCH", f"{WORLD}/projects/{gone['id']}", {"title": "x"})
    admin.control("DELETE", f"{WORLD}/projects/{gone['id']}")
    admin.control("POST", f"{WORLD}/projects/{gone['id']}/restore")
    assert lasting(admin.rows("projects")) == lasting(before)


def test_a_removed_contact_leaves_its_projects(admin: Any) -> None:
    project = admin.rows("projects")[0]
    contact = project["contacts_data"][0]
    admin.control("DELETE", f"{WORLD}/contacts/{contact['id']}")
    after = admin.get(f"{ORG}/projects/{project['id']}/").json()
    assert contact["url"] in project["contacts"]
    assert contact["url"] not in after["contacts"]
    assert contact["id"] not in ids(after["contacts_data"])
    assert admin.get(f"{ORG}/contacts/{contact['id']}/").status_code == 404


def test_an_added_project_has_all_keys_and_stands_where_told(admin: Any) -> None:
    before = admin.rows("projects")
    made = admin.control("POST", f"{WORLD}/projects", {"title": "First light"}, position="first")
    admin.control("POST", f"{WORLD}/projects", {"id": 777, "title": "Last light"})
    rows = admin.rows("projects")
    assert ids(rows) == [made["id"], *ids(before), 777]
    assert set(before[0]) - {"workflow"} <= set(rows[0])
    whole = admin.get(f"{ORG}/projects/777/").json()
    assert whole["title"] == "Last light"
    assert whole["url"] == f"{admin.sandbox.opensolar_url}{ORG}/projects/777/"
    assert whole["modified_date"] > before[0]["modified_date"]


def test_rows_shift_over_the_pages_when_one_is_put_first(admin: Any) -> None:
    page = admin.rows("projects", page=1, limit=10)
    admin.control("POST", f"{WORLD}/projects", {}, position="first")
    assert admin.rows("projects", page=2, limit=10)[0] == page[-1]


def test_an_added_system_joins_its_project(admin: Any) -> None:
    project = admin.rows("projects")[0]
    made = admin.control("POST", f"{WORLD}/systems", {"project": project["url"], "kw_stc": 5.0})
    after = admin.get(f"{ORG}/projects/{project['id']}/").json()
    assert ids(after["systems"]) == [*ids(project["systems"]), made["id"]]
    assert admin.rows("systems", fieldset="list", project=project["id"])[-1]["kw_stc"] == 5.0
    details = admin.get(f"{ORG}/projects/{project['id']}/systems/details/").json()["systems"]
    assert details[-1]["kw_stc"] == 5.0


def test_many_removals_leave_a_list_without_holes(admin: Any) -> None:
    keys = ids(admin.rows("projects"))
    gone = [*keys[3:9], keys[0], keys[39], keys[20]]
    for key in gone:
        admin.control("DELETE", f"{WORLD}/projects/{key}")
    left = [key for key in keys if key not in gone]
    paged = [key for page in (1, 2, 3, 4) for key in ids(admin.rows("projects", page=page, limit=8))]
    assert paged == left[:32]
    assert ids(admin.rows("projects")) == left
    assert admin.control("GET", WORLD)["projects"] == len(left)


def test_the_neighbour_is_untouched(admin: Any) -> None:
    admin.control("DELETE", f"{WORLD}/projects/400001")
    assert admin.control("GET", "/opensolar/orgs/2")["projects"] == 3


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PATCH", "/opensolar/orgs/9/projects/400001", 404),
        ("PATCH", f"{WORLD}/kittens/1", 404),
        ("PATCH", f"{WORLD}/projects/1", 404),
        ("GET", f"{WORLD}/projects/400001", 405),
        ("DELETE", f"{WORLD}/projects", 405),
        ("POST", f"{WORLD}/projects/1/forbid", 404),
    ],
)
def test_senseless_changes_are_refused(admin: Any, method: str, path: str, status: int) -> None:
    answer = requests.request(method, f"{admin.sandbox.control_url}{path}", json={}, timeout=5)
    assert answer.status_code == status


def test_an_id_is_given_once(admin: Any) -> None:
    url = f"{admin.sandbox.control_url}{WORLD}/projects"
    assert requests.post(url, json={"id": 400_001}, timeout=5).status_code == 400
    assert requests.post(url, json={"id": "x"}, timeout=5).status_code == 400
    assert requests.post(url, json={}, params={"position": "middle"}, timeout=5).status_code == 400


def test_a_patch_has_the_last_word_over_what_is_joined(admin: Any) -> None:
    key = admin.rows("projects")[0]["id"]
    admin.control("PATCH", f"{WORLD}/projects/{key}", {"contacts_data": [{"id": "?"}], "systems": None})
    whole = admin.get(f"{ORG}/projects/{key}/").json()
    assert (whole["contacts_data"], whole["systems"]) == ([{"id": "?"}], None)
    assert admin.rows("projects", fieldset="list")[0]["contacts_data"] == [{"id": "?"}]
