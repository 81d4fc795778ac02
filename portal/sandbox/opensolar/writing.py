"""Creating, changing and deleting projects and contacts over the API, as documents 000 and its newer page have it."""

import uuid
from typing import Any

from portal.sandbox.opensolar.calls import Call, Handler, denied, not_found
from portal.sandbox.opensolar.draw import stamp
from portal.sandbox.opensolar.project_defaults import blank_project
from portal.sandbox.opensolar.projects import WORKFLOW_STAGES
from portal.sandbox.opensolar.shelf import Sight
from portal.sandbox.opensolar.validation import contact_values, project_values
from portal.sandbox.opensolar.world import World
from portal.sandbox.wire import JsonObject, Refusal, Response, json_response

SHORT_ANSWER = ("id", "identifier", "org", "org_id", "url", "customer_proposal_data", "workflow", "custom_data")
"""What a PATCH of a project answers, beside `simulate_first_year_only`."""
_BLANK_CONTACT: JsonObject = {
    **dict.fromkeys(("first_name", "family_name", "display", "email", "phone"), ""),
    **dict.fromkeys(("passport_number", "licence_number", "custom_contact_info_1", "custom_contact_info_2"), ""),
    **dict.fromkeys(("date_of_birth", "identifier", "user", "user_id")),
    "gender": 0,
    "type": 0,
}


def create_project(call: Call) -> Response:
    """POST on the list: the whole project, 201."""
    world, base = call.world, call.request.base
    with world.lock:
        values = project_values(call.request.json_object(), world, base)
        shelf = world.shelves["projects"]
        key, here, now = shelf.next_key(), f"{base}/api/orgs/{world.org.id}", stamp(world.now())
        contacts = [*values.pop("contacts", []), *_new_contacts(world, values.pop("contacts_new", []), base)]
        record = blank_project() | {
            "id": key,
            "url": f"{here}/projects/{key}/",
            "org": f"{here}/",
            "org_id": world.org.id,
            "org_name": world.org.name,
            "created_date": now,
            "modified_date": now,
            "identifier": str(uuid.uuid4()),
            "title": values.get("address") or "",
            **values,
            "contacts": contacts,
        }
        shelf.add(key, record, "first" if call.settings.newest_first else "last")
        return json_response(world.project(key, base), 201)


def change_project(call: Call) -> Response:
    """PATCH: only what was sent changes; answers a short object."""
    world, base, key = call.world, call.request.base, call.numbers["id"]
    with world.lock:
        _require(world, "projects", key)
        values = project_values(call.request.json_object(), world, base)
        before = world.project(key, base)
        if fresh := _new_contacts(world, values.pop("contacts_new", []), base):
            values["contacts"] = [*values.get("contacts", before.get("contacts") or []), *fresh]
        if "workflow" in values:
            values |= _moved(before, values["workflow"])
        world.shelves["projects"].patch(key, {**values, "modified_date": stamp(world.now())})
        after = world.project(key, base)
        short = {name: after.get(name) for name in SHORT_ANSWER}
        return json_response({**short, "simulate_first_year_only": False})


def create_contact(call: Call) -> Response:
    """POST on the list: the whole contact, 201."""
    world, base = call.world, call.request.base
    with world.lock:
        [url] = _new_contacts(world, [contact_values(call.request.json_object())], base)
        return json_response(world.record("contacts", int(url.rstrip("/").rpartition("/")[2]), base), 201)


def replace_contact(call: Call) -> Response:
    """PUT: the contact is what was sent; a key that was left out is blank from now on."""
    world, key = call.world, call.numbers["id"]
    with world.lock:
        _require(world, "contacts", key)
        values = contact_values(call.request.json_object())
        writable = ("first_name", "family_name", "email", "phone", "date_of_birth", "gender")
        blank = {name: _BLANK_CONTACT[name] for name in (*writable, "custom_contact_info_1", "custom_contact_info_2")}
        values = blank | values
        world.shelves["contacts"].patch(key, values | {"display": _display(values)})
        return json_response(world.record("contacts", key, call.request.base))


def delete(resource: str) -> Handler:
    """DELETE of a project (with its systems) or a contact (projects forget it): 204 without a body."""

    def answer(call: Call) -> Response:
        world, key = call.world, call.numbers["id"]
        with world.lock:
            _require(world, resource, key)
            for system in world.systems_of(key) if resource == "projects" else ():
                world.shelves["systems"].withdraw(system, Sight.MISSING)
            world.shelves[resource].withdraw(key, Sight.MISSING)
        return Response(204, b"")

    return answer


def _require(world: World, resource: str, key: int) -> None:
    sight = world.shelves[resource].sight(key)
    if sight is Sight.MISSING:
        raise not_found()
    if sight is Sight.FORBIDDEN:
        raise denied()


def _new_contacts(world: World, contacts: list[JsonObject], base: str) -> list[str]:
    shelf = world.shelves["contacts"]
    here = f"{base}/api/orgs/{world.org.id}"
    urls: list[str] = []
    for values in contacts:
        key = shelf.next_key()
        url = f"{here}/contacts/{key}/"
        own = {"id": key, "url": url, "org": f"{here}/", "org_id": world.org.id}
        shelf.add(key, _BLANK_CONTACT | own | values | {"display": _display(values)}, "last")
        urls.append(url)
    return urls


def _display(values: JsonObject) -> str:
    return " ".join(filter(None, (values.get("first_name"), values.get("family_name"))))


def _moved(before: Any, workflow: JsonObject) -> JsonObject:
    """The workflow at its new stage, and the milestone that goes with it; 400 for another workflow's."""
    ours = before.get("workflow")
    milestone = next((m for m, stages in WORKFLOW_STAGES.items() if workflow["active_stage_id"] in stages), None)
    if not isinstance(ours, dict) or ours.get("workflow_id") != workflow["workflow_id"] or milestone is None:
        raise Refusal(400, {"workflow": ["Invalid stage for this workflow."]})
    return {"workflow": {**ours, "active_stage_id": workflow["active_stage_id"]}, "stage": milestone}
