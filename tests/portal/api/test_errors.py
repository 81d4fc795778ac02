"""What goes wrong is said in JSON, with the status that fits."""

import pytest
from django.test import Client

from tests.conftest import Company, api
from tests.factories import make_project


@pytest.mark.parametrize("path", ["xyz/", "xyz/1/", "projects/abc/", "projects", "", "projects/1/contacts/"])
def test_unknown_addresses_are_a_404_in_json(sunny: Company, path: str) -> None:
    for client in (Client(), api(sunny.token("sales"))):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/json"
        assert "slash" in answer.json()["detail"]


@pytest.mark.parametrize("pk", [0, 999_999, 10**30])
def test_unknown_ids_are_a_404(sunny: Company, pk: int) -> None:
    answer = api(sunny.token("administrator")).get(f"/api/v1/projects/{pk}/")
    assert (answer.status_code, list(answer.json())) == (404, ["detail"])


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["org/", "roles/", "systems/1/"])
def test_routes_are_read_only(sunny: Company, method: str, path: str) -> None:
    answer = getattr(api(sunny.token("administrator")), method)(f"/api/v1/{path}")
    assert answer.status_code == 405
    assert method.upper() in answer.json()["detail"]
    assert "POST" not in answer.headers["Allow"]


def test_a_change_that_changes_nothing_answers_null_as_documented(sunny: Company) -> None:
    project = make_project(sunny.connection)
    client = api(sunny.token("administrator"))
    answer = client.patch(f"/api/v1/projects/{project.pk}/", data={}, content_type="application/json")
    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, "application/json", b"null")
    described = client.get("/api/v1/schema/").json()["paths"]["/api/v1/projects/{id}/"]["patch"]["responses"]
    assert described["200"]["content"]["application/json"]["schema"]["nullable"]


def test_only_json_is_spoken(sunny: Company) -> None:
    answer = api(sunny.token("sales")).get("/api/v1/projects/", headers={"accept": "text/csv"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (406, "application/json")


def test_a_format_parameter_is_unknown_like_any_other(sunny: Company) -> None:
    answer = api(sunny.token("sales")).get("/api/v1/org/?format=json")
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "There is no parameter format here. Known are: none.",
    )


def test_answers_are_kept_by_no_cache(sunny: Company) -> None:
    make_project(sunny.connection)
    answer = api(sunny.token("sales")).get("/api/v1/projects/")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path", ["org/", "projects/", "projects/1/", "syncs/"])
def test_options_and_head_are_answered(sunny: Company, path: str) -> None:
    client = api(sunny.token("administrator"))
    assert client.options(f"/api/v1/{path}").json()["renders"] == ["application/json"]
    assert client.head(f"/api/v1/{path}").content == b""
