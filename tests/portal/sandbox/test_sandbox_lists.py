"""Lists: pages and their end, fieldsets, orderings, methods and slashes."""

from __future__ import annotations

from typing import Any

import pytest

from portal.sandbox.opensolar.people import SUNNY_ROOFS
from tests.portal.sandbox.conftest import lasting

ORG = "/api/orgs/1"
PROJECTS = f"{ORG}/projects/"


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


def test_a_list_is_a_bare_array_of_twenty(admin: Any) -> None:
    answer = admin.get(PROJECTS)
    assert answer.headers["Content-Type"] == "application/json"
    assert isinstance(answer.json(), list)
    assert len(answer.json()) == 20


@pytest.mark.parametrize("resource", ["projects", "contacts", "systems"])
def test_pages_join_without_gap_or_overlap(admin: Any, resource: str) -> None:
    total = admin.control("GET", "/opensolar/orgs/1")[resource]
    seen: list[int] = []
    for page in range(1, 20):
        rows = admin.rows(resource, page=page, limit=7, fieldset="list")
        seen += ids(rows)
        if len(rows) < 7:
            break
    assert len(seen) == total
    assert seen == sorted(set(seen))


def test_limit_is_cut_to_the_maximum(admin: Any) -> None:
    admin.set(max_limit=30, default_limit=9)
    assert len(admin.rows("projects", limit=500)) == 30
    assert len(admin.get(PROJECTS).json()) == 9


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page": "-1"},
        {"page": "two"},
        {"page": ""},
        {"limit": "0"},
        {"limit": "1.5"},
        {"range": "[3"},
        {"range": "[9,2]"},
        {"range": "7"},
        {"fieldset": "everything"},
    ],
)
def test_senseless_questions_are_400(admin: Any, query: dict[str, str]) -> None:
    assert admin.get(PROJECTS, **query).status_code == 400


def test_range_counts_from_zero_and_includes_its_end(admin: Any) -> None:
    assert ids(admin.get(PROJECTS, range="[5,9]").json()) == ids(admin.rows("projects"))[5:10]


@pytest.mark.parametrize(("past_end", "status"), [("empty", 200), ("404", 404), ("500", 500)])
def test_past_the_end(admin: Any, past_end: str, status: int) -> None:
    admin.set(past_end=past_end)
    assert len(admin.rows("projects", page=2, limit=20)) == 20
    answer = admin.get(PROJECTS, page=3, limit=20)
    assert answer.status_code == status
    assert answer.json() == ([] if status == 200 else answer.json())


def test_a_world_without_projects_has_an_empty_first_page(start: Any) -> None:
    nobody = start(projects=0)
    nobody.log_in()
    nobody.set(past_end="404")
    assert [nobody.rows(resource, fieldset="list") for resource in ("projects", "contacts", "systems")] == [[], [], []]


@pytest.mark.parametrize("fieldset", ["list", "studio"])
def test_a_fieldset_shortens_project_rows(admin: Any, fieldset: str) -> None:
    short, whole = admin.rows("projects", fieldset=fieldset)[0], admin.rows("projects")[0]
    assert "systems" in whole
    assert "systems" not in short
    assert {key: whole[key] for key in short if key != "contacts_data"} == {
        key: short[key] for key in short if key != "contacts_data"
    }
    assert ids(whole["contacts_data"]) == ids(short["contacts_data"])


def test_rows_without_fieldset_are_short_when_the_vendor_has_changed_its_mind(admin: Any) -> None:
    admin.set(whole_lists=False)
    assert admin.rows("projects") == admin.rows("projects", fieldset="list")


def test_a_row_without_fieldset_is_the_whole_record(admin: Any) -> None:
    row = admin.rows("projects")[4]
    assert lasting(row) == lasting(admin.get(f"{PROJECTS}{row['id']}/").json())


def test_systems_need_their_fieldset(admin: Any) -> None:
    first = admin.rows("systems", fieldset="list")[0]
    for path in (f"{ORG}/systems/", f"{ORG}/systems/{first['id']}/"):
        assert admin.get(path).status_code == 400
        assert admin.get(path, fieldset="studio").status_code == 400
    assert admin.get(f"{ORG}/systems/{first['id']}/", fieldset="list").json() == first


def test_systems_of_one_project(admin: Any) -> None:
    for project in admin.rows("projects")[:12]:
        rows = admin.rows("systems", fieldset="list", project=project["id"])
        assert rows == project["systems"]
    assert admin.get(f"{ORG}/systems/", fieldset="list", project="x").status_code == 400


def test_roles_come_all_at_once_unless_paged(admin: Any) -> None:
    assert len(admin.rows("roles", page=1, limit=5)) == len(SUNNY_ROOFS.roles)
    admin.set(paged_roles=True)
    assert len(admin.rows("roles", page=1, limit=5)) == 5
    assert len(admin.rows("roles", page=3, limit=5)) == len(SUNNY_ROOFS.roles) - 10


def test_a_leading_minus_orders_descending_and_unknown_fields_are_ignored(admin: Any) -> None:
    names = [row["family_name"] for row in admin.rows("contacts", ordering="-family_name")]
    assert names == sorted(names, reverse=True)
    assert ids(admin.rows("contacts", ordering="id")) == ids(admin.rows("contacts"))
    assert ids(admin.rows("roles", ordering="id"))[-1] == 99


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/roles/", "/roles/50/", "/systems/", "/projects/400001/systems/details/"])
def test_reading_is_all_there_is(admin: Any, method: str, path: str) -> None:
    answer = admin.request(method, f"{ORG}{path}", json={})
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET"
    assert answer.json() == {"detail": f'Method "{method}" not allowed.'}


def test_the_slash_is_enforced_on_every_method_except_get(admin: Any) -> None:
    assert admin.get(f"{ORG}/projects").status_code == 200
    assert admin.request("PATCH", f"{ORG}/projects/400001", json={}).status_code == 404
    assert admin.post("/api-token-auth", json={}).status_code == 404


@pytest.mark.parametrize("path", [f"{ORG}/kittens/", "/nowhere/", f"{PROJECTS}abc/"])
def test_an_unknown_address_is_a_page_of_html(admin: Any, path: str) -> None:
    answer = admin.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("resource", ["projects", "contacts", "roles", "systems"])
def test_an_unknown_record_is_404(admin: Any, resource: str) -> None:
    answer = admin.get(f"{ORG}/{resource}/123456789/", fieldset="list")
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Not found."}


def test_twenty_thousand_projects_are_served_without_being_made(start: Any) -> None:
    large = start(projects=20_000)
    large.log_in()
    assert len(large.rows("projects", page=200, fieldset="list")) == 100
    assert large.rows("projects", page=201, fieldset="list") == []
    sizes = large.control("GET", "/opensolar/orgs/1")
    last = -(-sizes["systems"] // 100)
    rest = large.rows("systems", page=last, fieldset="list")
    assert len(rest) == sizes["systems"] - 100 * (last - 1)
    assert large.rows("systems", page=last + 1, fieldset="list") == []
    assert large.control("GET", "/opensolar/orgs/2")["projects"] == 1000
    assert sizes["systems"] / sizes["projects"] == pytest.approx(1.33, abs=0.01)


def test_the_throttle_counts_a_minute_and_says_when_to_come_back(admin: Any) -> None:
    path = f"{PROJECTS}400001/systems/details/"
    assert admin.get(path).status_code == 200
    admin.set(throttle=True)
    assert {admin.get(path).status_code for _ in range(60)} == {200}
    answer = admin.get(path)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert admin.get(f"{PROJECTS}400001/").status_code == 200
    admin.set(throttle_retry_after=False)
    assert "Retry-After" not in admin.get(path).headers
