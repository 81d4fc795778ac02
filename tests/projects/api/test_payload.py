"""`payload=1`: the vendor's object in its fullest shape, for administrators who may see all of it."""

from __future__ import annotations

import pytest
from django_scopes import scopes_disabled

from portal.models import Connection, Payload
from projects.models import Project
from tests.conftest import Company, api
from tests.factories import NOON, make_contact, make_project, make_system


def make_payload(connection: Connection, resource: str, vendor_id: int, shape: str, body: str) -> None:
    with scopes_disabled():
        Payload.objects.create(
            connection=connection,
            resource=resource,
            vendor_id=str(vendor_id),
            shape=shape,
            digest=shape.encode(),
            requested_at=NOON,
            body=body,
        )


def test_the_detail_goes_before_the_list(sunny: Company) -> None:
    project = make_project(sunny.connection)
    make_payload(sunny.connection, "projects", project.opensolar_id, "list", '{"short": true}')
    client = api(sunny.token("administrator"))
    detail = {"id": project.opensolar_id}
    assert client.get("/api/v1/projects/?payload=1").json()["results"][0]["payload"] == detail
    assert client.get(f"/api/v1/projects/{project.pk}/?payload=1").json()["payload"] == detail
    assert "payload" not in client.get(f"/api/v1/projects/{project.pk}/?payload=0").json()
    assert "payload" not in client.get("/api/v1/projects/").json()["results"][0]


def test_a_systems_listing_tells_more_than_its_details(sunny: Company) -> None:
    system = make_system(make_project(sunny.connection))
    make_payload(sunny.connection, "systems", system.opensolar_id, "details", '{"kw_stc": 8.4}')
    client = api(sunny.token("administrator"))
    assert client.get(f"/api/v1/systems/{system.pk}/?payload=1").json()["payload"] == {"kw_stc": 8.4}
    make_payload(sunny.connection, "systems", system.opensolar_id, "list", '{"kw_stc": 8.4, "net_profit": 1}')
    told = client.get(f"/api/v1/systems/{system.pk}/?payload=1").json()["payload"]
    assert told == {"kw_stc": 8.4, "net_profit": 1}


def test_the_stored_text_goes_out_untouched(sunny: Company) -> None:
    contact = make_contact(sunny.connection)
    body = '{"b": 1.10,  "a": "Ångström \\u0000", "big": 123456789012345678901234567890}'
    make_payload(sunny.connection, "contacts", contact.opensolar_id, "list", body)
    answer = api(sunny.token("administrator")).get("/api/v1/contacts/?payload=1")
    assert f'"payload":{body}' in answer.text


def test_without_a_body_it_is_null(sunny: Company) -> None:
    answer = api(sunny.token("administrator")).get("/api/v1/roles/?payload=1").json()
    assert [row["payload"] for row in answer["results"]] == [None] * 5


def test_equal_numbers_of_two_connections_keep_their_own(sunny: Company) -> None:
    with scopes_disabled():
        other = Connection.objects.create(organisation=sunny.organisation, vendor="opensolar", account_id="9")
    for connection, body in ((sunny.connection, '{"of": 1}'), (other, '{"of": 9}')):
        make_contact(connection, opensolar_id=5)
        make_payload(connection, "contacts", 5, "list", body)
        make_payload(connection, "roles", 5, "detail", '{"of": "a role"}')
    answer = api(sunny.token("administrator")).get("/api/v1/contacts/?payload=1").json()
    assert [row["payload"] for row in answer["results"]] == [{"of": 1}, {"of": 9}]


@pytest.mark.parametrize("who", ["sales", "inspector", "installer", "unassigned"])
@pytest.mark.parametrize("route", ["projects", "contacts", "roles", "systems", "costings", "component-activations"])
def test_payloads_are_for_administrators(sunny: Company, who: str, route: str) -> None:
    make_project(sunny.connection)
    answer = api(sunny.token(who)).get(f"/api/v1/{route}/?payload=1")
    assert (answer.status_code, answer.json()) == (
        403,
        {"detail": "Payloads are for administrators: leave out payload=1."},
    )


@pytest.mark.parametrize("right", ["prices", "costs"])
def test_an_administrator_kept_from_money_is_kept_from_payloads(sunny: Company, right: str) -> None:
    membership = sunny.membership("administrator")
    setattr(membership, right, False)
    membership.save()
    answer = api(sunny.token("administrator")).get("/api/v1/systems/?payload=1")
    assert answer.status_code == 403
    assert "prices and costs" in answer.json()["detail"]


def test_another_organisations_payload_is_not_there(sunny: Company, kestrel: Company) -> None:
    project = make_project(sunny.connection)
    answer = api(kestrel.token("administrator")).get(f"/api/v1/projects/{project.pk}/?payload=1")
    assert answer.status_code == 404
    assert Project.objects.with_scopes_disabled().filter(pk=project.pk).exists()
