"""Writing at the wire: the documented bodies, and errors that say what is known of a request that failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from portal.lib import errors
from portal.lib.http import Transport
from portal.vendors.opensolar.client import OpenSolar
from portal.vendors.opensolar.writable import plain_contact, plain_project

PROJECTS, CONTACTS = "/api/orgs/16/projects/", "/api/orgs/16/contacts/"
NEW = {
    "identifier": "7001",
    "is_residential": True,
    "lead_source": "Fair",
    "notes": "Dog in the yard.",
    "lat": -33.5,
    "lon": 151.25,
    "address": "9 Wharf Rd",
    "locality": "Gosford",
    "state": "NSW",
    "country_iso2": "AU",
    "zip": "2250",
    "number_of_phases": 3,
    "roof_type": 20,
    "assigned_role": 52,
    "assigned_installer_role": 59,
    "assigned_site_inspector_role": None,
    "contacts_new": [
        {
            "first_name": "Maria",
            "family_name": "Goeppert",
            "email": "maria@example.com",
            "phone": "0491 570 156",
            "date_of_birth": "1980-06-28",
            "gender": 1,
        },
        {"first_name": "Hans", "family_name": "", "email": None, "gender": 0},
    ],
}


class Tokens:
    """Always the same token, or the next after a renewal."""

    token = "one"

    def current(self) -> str:
        return self.token

    def renew(self, stale: str) -> str:
        self.token = "two"
        return self.token


@pytest.fixture
def client(httpserver: HTTPServer) -> Iterator[OpenSolar]:
    line = Transport(httpserver.url_for(""), name="OpenSolar", deadline=0.5, sleep=lambda _seconds: None)
    yield OpenSolar(line, "16", Tokens())
    line.close()


def sent(httpserver: HTTPServer) -> list[tuple[str, str, Any]]:
    return [
        (request.method, request.path, request.get_json() if request.get_data() else None)
        for request, _ in httpserver.log
    ]


def test_a_project_is_created_in_the_form_of_document_000(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_request(PROJECTS, method="POST").respond_with_json({"id": 6624}, 201)
    assert client.create_project(NEW) == {"id": 6624}
    base = httpserver.url_for("").rstrip("/")
    [(method, path, body)] = sent(httpserver)
    assert (method, path) == ("POST", PROJECTS)
    assert body == {
        "identifier": "7001",
        "is_residential": "1",
        "lead_source": "Fair",
        "notes": "Dog in the yard.",
        "lat": "-33.5",
        "lon": "151.25",
        "address": "9 Wharf Rd",
        "locality": "Gosford",
        "state": "NSW",
        "country_iso2": "AU",
        "zip": "2250",
        "number_of_phases": "3",
        "roof_type": f"{base}/api/roof_types/20/",
        "assigned_role": f"{base}/api/orgs/16/roles/52/",
        "assigned_installer_role": f"{base}/api/orgs/16/roles/59/",
        "assigned_site_inspector_role": None,
        "contacts_new": [
            {
                "first_name": "Maria",
                "family_name": "Goeppert",
                "email": "maria@example.com",
                "phone": "0491 570 156",
                "date_of_birth": "1980-06-28",
                "gender": "1",
            },
            {"first_name": "Hans", "gender": "0"},
        ],
    }


def test_a_change_sends_only_what_changed_and_takes_a_short_answer(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_request(f"{PROJECTS}7/", method="PATCH").respond_with_data(b"")
    client.change_project(7, {"contacts": [5, 6], "stage": 2})
    client.change_project(7, {"active_stage_id": 105, "workflow_id": 11})
    base = httpserver.url_for("").rstrip("/")
    contacts = [f"{base}/api/orgs/16/contacts/{number}/" for number in (5, 6)]
    workflow = {"workflow": {"workflow_id": 11, "active_stage_id": 105}, "active_stage_id": 105}
    assert [body for _, _, body in sent(httpserver)] == [{"contacts": contacts, "stage": 2}, workflow]


def test_a_contact_is_put_back_whole(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_request(f"{CONTACTS}5/", method="PUT").respond_with_json({"id": 5})
    read = {"id": 5, "first_name": "Maria", "date_of_birth": "1980-06-28", "custom_contact_info_1": "x", "odd": [1]}
    client.replace_contact(5, read, {"phone": "12", "first_name": "Mary"})
    assert sent(httpserver) == [("PUT", f"{CONTACTS}5/", {**read, "phone": "12", "first_name": "Mary"})]


def test_contacts_are_created_and_records_deleted(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_request(CONTACTS, method="POST").respond_with_json({"id": 60}, 201)
    httpserver.expect_request(f"{CONTACTS}60/", method="DELETE").respond_with_data(b"", 204)
    httpserver.expect_request(f"{PROJECTS}7/", method="DELETE").respond_with_data(b"", 204)
    assert client.create_contact({"first_name": "Maria", "email": "maria@example.com"}) == {"id": 60}
    client.delete("contacts", 60)
    client.delete("projects", 7)
    assert [(method, path) for method, path, _ in sent(httpserver)] == [
        ("POST", CONTACTS),
        ("DELETE", f"{CONTACTS}60/"),
        ("DELETE", f"{PROJECTS}7/"),
    ]


def test_a_refusal_names_the_fields(httpserver: HTTPServer, client: OpenSolar) -> None:
    wrong = {"zip": ["Too long."], "contacts_new": [{}, {"email": ["Enter a valid email address."]}]}
    httpserver.expect_request(PROJECTS, method="POST").respond_with_json(wrong, 400)
    with pytest.raises(errors.Refused) as caught:
        client.create_project(NEW)
    assert caught.value.fields == {"zip": ["Too long."], "contacts_new.1.email": ["Enter a valid email address."]}
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(
    ("status", "kind", "sent_flag"),
    [
        (402, errors.PlanError, None),
        (403, errors.Forbidden, None),
        (404, errors.NotFound, None),
        (409, errors.Conflict, None),
        (429, errors.ThrottledError, None),
        (500, errors.TransientError, True),
        (504, errors.TransientError, True),
    ],
)
def test_what_failed_is_sent_once_and_says_what_is_known(
    httpserver: HTTPServer, client: OpenSolar, status: int, kind: type[errors.VendorError], sent_flag: bool | None
) -> None:
    httpserver.expect_request(PROJECTS, method="POST").respond_with_json({"detail": "No."}, status)
    with pytest.raises(kind) as caught:
        client.create_project(NEW)
    assert getattr(caught.value, "sent", None) == sent_flag
    assert len(httpserver.log) == 1


def test_a_created_project_whose_answer_cannot_be_read_is_not_sent_again(
    httpserver: HTTPServer, client: OpenSolar
) -> None:
    httpserver.expect_request(PROJECTS, method="POST").respond_with_data(b'{"id": 66', 201)
    with pytest.raises(errors.MalformedAnswer) as caught:
        client.create_project(NEW)
    assert caught.value.sent
    assert len(httpserver.log) == 1


def test_nobody_there_means_that_nothing_was_done() -> None:
    line = Transport("http://127.0.0.1:9", name="OpenSolar", sleep=lambda _seconds: None)
    with pytest.raises(errors.TransientError) as caught:
        OpenSolar(line, "16", Tokens()).create_project(NEW)
    assert not caught.value.sent


def test_a_stale_token_is_renewed_before_the_one_post(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_ordered_request(PROJECTS, method="POST").respond_with_json({"detail": "Old."}, 401)
    httpserver.expect_ordered_request(PROJECTS, method="POST").respond_with_json({"id": 1}, 201)
    assert client.create_project(NEW) == {"id": 1}


def test_a_birthday_stands_in_no_error(httpserver: HTTPServer, client: OpenSolar) -> None:
    httpserver.expect_request(PROJECTS, method="POST").respond_with_data(b"saw 1980-06-28 there", 400)
    with pytest.raises(errors.Refused) as caught:
        client.create_project(NEW)
    assert "1980" not in caught.value.excerpt + str(caught.value)


def test_records_are_read_as_plain_values() -> None:
    record = {
        "notes": None,
        "is_residential": True,
        "lat": "-33.5",
        "number_of_phases": "3",
        "roof_type": "https://api.opensolar.com/api/roof_types/20/",
        "assigned_role": None,
        "contacts": ["/api/orgs/1/contacts/5/", "https://x/api/orgs/1/contacts/6/"],
        "stage": 2,
        "workflow": {"id": 1, "workflow_id": 11, "active_stage_id": 105},
    }
    assert plain_project(record) == {
        "notes": "",
        "is_residential": True,
        "lat": -33.5,
        "number_of_phases": 3,
        "roof_type": 20,
        "assigned_role": None,
        "contacts": [5, 6],
        "stage": 2,
        "active_stage_id": 105,
        "workflow_id": 11,
    }
    assert plain_contact({"phone": None, "gender": "2", "more": 1}) == {"phone": "", "gender": 2}
