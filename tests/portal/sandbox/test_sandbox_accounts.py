"""Logins, tokens and their end, machine users, and the wall between the two organisations."""

from __future__ import annotations

from typing import Any

import pytest

from portal.sandbox.opensolar.people import BOTH_ORGS, KESTREL_ADMIN, SUNNY_ADMIN, SUNNY_SALES

PROJECTS = "/api/orgs/1/projects/"


def test_login_tells_token_user_and_organisation(stranger: Any) -> None:
    answer = stranger.post(
        "/api-token-auth/", json={"username": KESTREL_ADMIN.email, "password": KESTREL_ADMIN.password}
    )
    assert answer.status_code == 200
    body = answer.json()
    assert body["org_id"] == 2
    assert body["user"]["id"] == KESTREL_ADMIN.id
    assert body["user"]["email"] == KESTREL_ADMIN.email
    stranger.use(body["token"])
    assert stranger.get("/api/orgs/2/").json()["name"] == "Kestrel Solar"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"username": SUNNY_ADMIN.email, "password": "wrong"}, "non_field_errors"),
        ({"username": "charles.coulomb@example.com", "password": None}, "non_field_errors"),
        ({"username": SUNNY_ADMIN.email}, "password"),
    ],
)
def test_bad_credentials_are_refused(stranger: Any, sent: dict[str, Any], field: str) -> None:
    answer = stranger.post("/api-token-auth/", json=sent)
    assert answer.status_code == 400
    assert list(answer.json()) == [field]


def test_what_is_no_json_is_refused(stranger: Any) -> None:
    assert stranger.post("/api-token-auth/", data={"username": "a"}).status_code == 415
    broken = stranger.post("/api-token-auth/", data=b"{", headers={"Content-Type": "application/json"})
    assert broken.status_code == 400
    assert "JSON parse error" in broken.json()["detail"]


def test_without_or_with_a_wrong_token_everything_is_401(stranger: Any) -> None:
    assert stranger.get(PROJECTS).status_code == 401
    stranger.use("0" * 40)
    answer = stranger.get(PROJECTS)
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Invalid token."}
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends_after_its_time(admin: Any) -> None:
    assert admin.get(PROJECTS).status_code == 200
    admin.set(token_ttl=0)
    assert admin.get(PROJECTS).status_code == 401


def test_a_machine_users_token_never_ends_until_reverted(admin: Any) -> None:
    own = f"/auth/users/{SUNNY_ADMIN.id}/"
    answer = admin.request("PATCH", own, json={"is_machine_user": True})
    assert answer.status_code == 200
    assert answer.json() == {
        "url": f"{admin.sandbox.opensolar_url}{own}",
        "email": SUNNY_ADMIN.email,
        "is_machine_user": True,
    }
    admin.set(token_ttl=0)
    assert admin.get(PROJECTS).status_code == 200
    assert admin.request("PATCH", own, json={"is_machine_user": False}).json()["is_machine_user"] is False
    assert admin.get(PROJECTS).status_code == 401


def test_only_the_own_user_is_changed_and_only_sensibly(admin: Any) -> None:
    answers = [
        admin.request("PATCH", f"/auth/users/{user}/", json={"is_machine_user": True})
        for user in (KESTREL_ADMIN.id, 999_999)
    ]
    assert [answer.status_code for answer in answers] == [403, 404]
    bad = admin.request("PATCH", f"/auth/users/{SUNNY_ADMIN.id}/", json={"is_machine_user": "perhaps"})
    assert (bad.status_code, list(bad.json())) == (400, ["is_machine_user"])


def test_control_ends_all_tokens_at_once(admin: Any) -> None:
    admin.request("PATCH", f"/auth/users/{SUNNY_ADMIN.id}/", json={"is_machine_user": True})
    admin.control("POST", "/tokens/expire")
    assert admin.get(PROJECTS).status_code == 401
    admin.log_in()
    assert admin.get(PROJECTS).status_code == 200


def test_renewal_gives_a_second_token(admin: Any) -> None:
    answer = admin.get("/api/fetch_token/")
    fresh = answer.json()["token"]
    assert admin.session.headers["Authorization"] != f"Bearer {fresh}"
    assert admin.get(PROJECTS).status_code == 200
    admin.use(fresh)
    assert admin.get(PROJECTS).status_code == 200


def test_renewal_for_one_organisation_is_bound_to_it(start: Any) -> None:
    both = start()
    both.log_in(BOTH_ORGS)
    both.use(both.get("/api/fetch_token/", org_id=2).json()["token"])
    assert both.get("/api/orgs/2/").status_code == 200
    assert both.get("/api/orgs/1/").status_code == 403
    assert both.get("/api/fetch_token/", org_id=1).status_code == 403


def test_renewal_can_be_switched_off_and_needs_a_living_token(admin: Any) -> None:
    admin.set(fetch_token=False)
    assert admin.get("/api/fetch_token/").status_code == 404
    admin.set(fetch_token=True, token_ttl=0)
    assert admin.get("/api/fetch_token/").status_code == 401


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        (SUNNY_ADMIN, [200, 403, 404]),
        (SUNNY_SALES, [200, 403, 404]),
        (KESTREL_ADMIN, [403, 200, 404]),
        (BOTH_ORGS, [200, 200, 404]),
    ],
)
@pytest.mark.parametrize("rest", ["", "projects/", "contacts/", "roles/", "systems/?fieldset=list"])
def test_organisations_are_walls(stranger: Any, user: Any, expected: list[int], rest: str) -> None:
    stranger.log_in(user)
    assert [stranger.get(f"/api/orgs/{org}/{rest}").status_code for org in (1, 2, 77)] == expected


def test_another_organisations_record_is_not_found_under_ones_own(start: Any) -> None:
    both = start()
    both.log_in(BOTH_ORGS)
    theirs = both.get("/api/orgs/2/projects/").json()[0]["id"]
    assert both.get(f"/api/orgs/2/projects/{theirs}/").status_code == 200
    assert both.get(f"/api/orgs/1/projects/{theirs}/").status_code == 404


def test_without_a_plan_organisation_data_is_402(admin: Any) -> None:
    admin.set(plan="none")
    answer = admin.get(PROJECTS)
    assert answer.status_code == 402
    assert "detail" in answer.json()
    assert admin.get("/api/fetch_token/").status_code == 200
