"""Writing over the API: 202 with the delivery, what is wrong by field, and deliveries to look at."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import ApiToken, Change, DeliveryState
from tests.conftest import api
from tests.portal.outbox.conftest import PROJECTS, Office

BASE = "/api/v1"


def caller(office: Office, who: str = "anna") -> Client:
    with scopes_disabled():
        _, token = ApiToken.objects.create(user=office.people[who], organisation=office.connection.organisation)
    return api(str(token))


def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return client.generic(
        method,
        f"{BASE}/{path}",
        data=b"" if body is None else orjson.dumps(body),
        content_type="application/json",
        headers=headers,
    )


def test_a_project_is_created_and_its_author_is_an_integrator(office: Office) -> None:
    anna, key = caller(office), str(uuid4())
    body = {
        "identifier": "7001",
        "is_residential": True,
        "lat": -33.4,
        "roof_type": "https://api.opensolar.com/api/roof_types/20/",
        "assigned_role": 52,
        "contacts_new": [{"first_name": "Maria", "email": "maria@example.com", "date_of_birth": "1906-06-28"}],
    }
    first = send(anna, "POST", "projects/", body, **{"Idempotency-Key": key})
    assert first.status_code == 202, first.content
    delivery = first.json()
    assert (delivery["state"], delivery["verb"], delivery["source"]) == ("pending", "create", "api")
    assert delivery["body"]["roof_type"] == 20
    assert "1906-06-28" not in first.content.decode()
    assert "1906" not in str(delivery["body"])
    assert send(anna, "POST", "projects/", body, **{"Idempotency-Key": key}).json()["id"] == delivery["id"]
    office.work()
    assert office.sent("POST") == 1
    after = anna.get(f"{BASE}/deliveries/{delivery['id']}/").json()
    assert (after["state"], after["actor"]) == ("sent", "anna@example.com")
    found = anna.get(f"{BASE}/projects/", {"identifier": "7001"}).json()["results"]
    assert [row["opensolar_id"] for row in found] == [int(after["vendor_id"])]
    with scopes_disabled():
        change = Change.objects.get(vendor_id=after["vendor_id"], resource="projects")
    assert (change.source, change.actor) == ("api", office.people["anna"])


def test_a_project_is_changed_and_deleted(office: Office) -> None:
    anna, project = caller(office), office.at_presale()
    path = f"projects/{project.pk}/"
    answer = send(anna, "PATCH", path, {"notes": "By API.", "stage": 2})
    assert answer.status_code == 202, answer.content
    assert answer.json()["base"] == {"notes": project.notes, "stage": 0}
    office.work()
    assert office.vendor("projects", project.opensolar_id)["stage"] == 2
    assert send(anna, "PATCH", path, {"notes": "By API."}).status_code == 200
    back = send(anna, "PATCH", path, {"stage": 0})
    assert (back.status_code, "confirm" in back.content.decode()) == (400, True)
    assert send(anna, "PATCH", path, {"stage": "0"}).content == back.content
    assert send(anna, "PATCH", path, {"stage": 0, "confirm_backwards": True}).status_code == 202
    office.work()
    stale = send(anna, "PATCH", path, {"zip": "1", "modified_date": "2020-01-01T00:00:00Z"})
    assert (stale.status_code, list(stale.json())) == (400, ["modified_date"])
    assert send(anna, "DELETE", path).status_code == 202
    office.work()
    assert anna.get(f"{BASE}/{path}").status_code == 404
    assert not office.is_at_vendor("projects", project.opensolar_id)


def test_contacts_are_written(office: Office) -> None:
    anna = caller(office)
    made = send(anna, "POST", "contacts/", {"first_name": "Maria", "email": "maria@example.com"})
    assert made.status_code == 202, made.content
    office.work()
    [row] = anna.get(f"{BASE}/contacts/", {"email": "maria@example.com"}).json()["results"]
    assert send(anna, "PATCH", f"contacts/{row['id']}/", {"phone": "12"}).status_code == 202
    office.work()
    assert office.vendor("contacts", row["opensolar_id"])["phone"] == "12"
    assert send(anna, "DELETE", f"contacts/{row['id']}/").status_code == 202
    office.work()
    assert not office.is_at_vendor("contacts", row["opensolar_id"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"lat": "north"}, "lat"),
        ({"roof_type": 99}, "roof_type"),
        ({"assigned_role": 70}, "assigned_role"),
        ({"contacts_new": [{"email": "no"}]}, "contacts_new.0.email"),
        ({"contacts_new": [{}]}, "contacts_new.0.first_name"),
        ({"contacts_new": "Maria"}, "contacts_new"),
        ({"title": "x"}, "title"),
        ({"notes": ["x"]}, "notes"),
        ({"active_stage_id": 77}, "active_stage_id"),
        ({"number_of_phases": "0000000003"}, "number_of_phases"),
        ({"is_residential": "perhaps"}, "is_residential"),
    ],
)
def test_what_is_wrong_is_named_by_field_and_nothing_is_kept(office: Office, body: Any, field: str) -> None:
    anna = caller(office)
    for method, path in (("POST", "projects/"), ("PATCH", f"projects/{office.project().pk}/")):
        answer = send(anna, method, path, body)
        assert (answer.status_code, list(answer.json())) == (400, [field])
    assert send(anna, "POST", "projects/", [1]).status_code == 400
    assert office.all() == []


def test_who_may_not_write_is_told_so(office: Office) -> None:
    ina = caller(office, "ina")
    assert send(ina, "POST", "projects/", {}).status_code == 403
    assert ina.get(f"{BASE}/deliveries/").status_code == 404


def test_deliveries_are_ones_own_and_filtered(office: Office) -> None:
    anna, ben, ada = (caller(office, who) for who in ("anna", "ben", "ada"))
    office.world.fault("status", path=f"{PROJECTS}.*", method="PATCH", status=400, body={"notes": ["Rude."]})
    send(anna, "PATCH", f"projects/{office.project(0).pk}/", {"notes": "x"})
    office.work()
    send(ben, "PATCH", f"projects/{office.project(1).pk}/", {"notes": "y"})

    def rows(client: Client, **query: str) -> list[Any]:
        answer = client.get(f"{BASE}/deliveries/", query)
        assert answer.status_code == 200, answer.content
        return [row["state"] for row in answer.json()["results"]]

    assert (rows(anna), rows(ben)) == (["refused"], ["pending"])
    assert sorted(rows(ada)) == ["pending", "refused"]
    assert rows(ada, state=DeliveryState.REFUSED) == ["refused"]
    assert anna.get(f"{BASE}/deliveries/").json()["results"][0]["errors"] == {"notes": ["Rude."]}
