"""Events, files with links that die, kinds of roof and pictures of systems, as the sandbox gives them out."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.portal.sandbox.conftest import Caller

ORG = "/api/orgs/1"


def holder(admin: Caller, field: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first project that carries such an entry, and the entry."""
    project = next(project for project in admin.rows("projects") if project[field])
    return project, project[field][0]


def image_of(admin: Caller, **query: Any) -> requests.Response:
    system = admin.rows("systems", fieldset="list")[0]
    project = system["project"].rstrip("/").rpartition("/")[2]
    path = f"{ORG}/projects/{project}/systems/{system['uuid']}/image/"
    return admin.request("GET", path, params=query or {"width": 64, "height": 48}, allow_redirects=False)


def test_an_event_has_an_address_of_its_own(admin: Caller) -> None:
    project, event = holder(admin, "events_data")
    found = admin.get(f"{ORG}/events/{event['id']}/").json()
    assert found["url"] == project["events"][0]
    assert found["project"] == project["url"]
    assert "project_id" not in found
    assert {name: found[name] for name in ("id", "event_type_id", "title", "start")} == {
        name: event[name] for name in ("id", "event_type_id", "title", "start")
    }
    assert admin.get(f"{ORG}/events/7/").status_code == 404


def test_an_event_that_was_added_by_hand_is_found_too(admin: Caller) -> None:
    number = admin.rows("projects")[0]["id"]
    admin.control("PATCH", f"/opensolar/orgs/1/projects/{number}", {"events_data": [{"id": 5, "title": "By hand"}]})
    assert admin.get(f"{ORG}/events/5/").json()["title"] == "By hand"
    admin.control("DELETE", f"/opensolar/orgs/1/projects/{number}")
    assert admin.get(f"{ORG}/events/5/").status_code == 404


def test_a_files_link_opens_without_a_login_and_dies(admin: Caller) -> None:
    _project, file = holder(admin, "private_files_data")
    link = admin.get(f"{ORG}/private_files/{file['id']}/").json()["file_contents"]
    opened = requests.get(link, timeout=5)
    assert opened.status_code == 200
    assert opened.headers["Content-Type"] in ("image/jpeg", "application/pdf")
    assert requests.get(link.replace("Signature=", "Signature=0"), timeout=5).status_code == 403
    assert requests.get(link.replace("Expires=1", "Expires=2"), timeout=5).status_code == 403
    assert requests.get(link.partition("?")[0], timeout=5).status_code == 403
    admin.set(file_link_ttl=0)
    assert "expired" in requests.get(link, timeout=5).text


def test_files_at_their_own_address_can_be_missing(admin: Caller) -> None:
    _project, file = holder(admin, "private_files_data")
    admin.set(single_files=False)
    assert admin.get(f"{ORG}/private_files/{file['id']}/").status_code == 405


def test_kinds_of_roof(admin: Caller) -> None:
    assert admin.get("/api/roof_types/6/").json()["name"] == "Composition / Asphalt Shingle"
    assert admin.get("/api/roof_types/5/").status_code == 404


def test_an_image_is_a_redirect_away(admin: Caller) -> None:
    moved = image_of(admin)
    assert moved.status_code == 302
    picture = requests.get(moved.headers["Location"], timeout=5)
    assert picture.content.startswith(b"\xff\xd8\xff")
    assert requests.get(moved.headers["Location"].replace("width=64", "width=65"), timeout=5).status_code == 403


def test_the_store_of_another_host_refuses_a_login(admin: Caller) -> None:
    admin.set(image="elsewhere")
    link = image_of(admin).headers["Location"]
    assert "//localhost:" in link
    assert requests.get(link, timeout=5).status_code == 200
    assert requests.get(link, timeout=5, headers={"Authorization": "Bearer x"}).status_code == 400


@pytest.mark.parametrize(
    ("how", "kind", "first"),
    [("here", "image/jpeg", b"\xff\xd8\xff"), ("page", "image/jpeg", b"<!doctype"), ("bomb", "image/png", b"\x89PNG")],
)
def test_an_image_can_come_otherwise(admin: Caller, how: str, kind: str, first: bytes) -> None:
    admin.set(image=how)
    answer = image_of(admin)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.content.startswith(first)
    assert len(answer.content) < 200_000


@pytest.mark.parametrize("query", [{"width": 5}, {"height": 5}, {"width": "a", "height": 5}, {"width": 0, "height": 5}])
def test_width_and_height_are_required(admin: Caller, query: dict[str, Any]) -> None:
    assert image_of(admin, **query).status_code == 400


def test_images_are_ten_a_minute(admin: Caller) -> None:
    admin.set(throttle=True, image="here")
    assert [image_of(admin).status_code for _ in range(11)] == [200] * 10 + [429]


def test_an_image_of_no_system_is_not_there(admin: Caller) -> None:
    system = admin.rows("systems", fieldset="list")[0]
    path = f"{ORG}/projects/400001/systems/{system['uuid'][:-1]}0/image/?width=5&height=5"
    assert admin.get(path).status_code == 404
    assert admin.get(f"{ORG}/projects/400001/systems/nonsense/image/?width=5&height=5").status_code == 404
