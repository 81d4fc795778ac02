"""Events and private files at their own addresses, what lies behind a file's link, and the kinds of roof."""

from typing import Any

from portal.sandbox.opensolar import links
from portal.sandbox.opensolar.calls import Call, not_found
from portal.sandbox.opensolar.drawing import roof_picture
from portal.sandbox.opensolar.shelf import Sight
from portal.sandbox.opensolar.world import World
from portal.sandbox.wire import JsonObject, Refusal, Response, json_response

ROOF_TYPES = {
    6: "Composition / Asphalt Shingle",
    7: "Flat Concrete",
    8: "Flat Foam",
    9: "Membrane EPDM",
    10: "Membrane PVC",
    11: "Membrane TPO",
    12: "Metal Decramastic",
    13: "Metal Shingle",
    14: "Metal Standing Seam",
    15: "Metal Stone Coated",
    16: "Metal Tin",
    17: "Tar and Gravel / Bitumen",
    18: "Thatched",
    19: "Tile Clay",
    20: "Tile Concrete",
    21: "Tile Slate",
    22: "Wood/Shake Shingle",
    23: "Other",
    24: "Kliplock",
}
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n"
)


def show_event(call: Call) -> Response:
    """One event: where its project's row holds numbers, this one holds addresses."""
    with call.world.lock:
        project, entry = _inside(call, "events_data")
    base = call.request.base
    here = f"{base}/api/orgs/{call.world.org.id}"
    named: JsonObject = {
        "url": f"{here}/events/{entry['id']}/",
        "org": f"{here}/",
        "project": project["url"],
        "project_name": project.get("title"),
        "action": None,
        "contact": next(iter(project.get("contacts") or ()), None),
        "user": None,
        "team_members": [],
        "repeat": 0,
        "archive_for": None,
        "location_override": "",
        "completion_date": entry.get("end") if entry.get("is_complete") else None,
    }
    return json_response(named | {name: value for name, value in entry.items() if name != "project_id"})


def show_file(call: Call) -> Response:
    """One private file with a fresh link; 405 where `single_files` is off."""
    if not call.settings.single_files:
        raise Refusal(405, {"detail": 'Method "GET" not allowed.'})
    with call.world.lock:
        return json_response(_inside(call, "private_files_data")[1])


def open_file(call: Call) -> Response:
    """What a file's link opens: a picture or a document, to whoever has the link."""
    links.require_signed(call.request, call.settings)
    if call.numbers["kind"]:
        return Response(200, _PDF, "application/pdf")
    return Response(200, roof_picture(call.numbers["id"], 800, 600, 12), "image/jpeg")


def show_roof_type(call: Call) -> Response:
    """A kind of roof; open to every login."""
    number = call.numbers["id"]
    if number not in ROOF_TYPES:
        raise not_found()
    url = f"{call.request.base}/api/roof_types/{number}/"
    return json_response({"id": number, "url": url, "name": ROOF_TYPES[number]})


def _inside(call: Call, field: str) -> tuple[JsonObject, JsonObject]:
    """The entry with the number asked for in `field` of whichever visible project holds it, and the project."""
    number = call.numbers["id"]
    for project in _holders(call.world, number, call.request.base):
        for entry in project.get(field) or ():
            if isinstance(entry, dict) and entry.get("id") == number:
                return project, entry
    raise not_found()


def _holders(world: World, number: int, base: str) -> Any:
    """The project whose number an entry's was drawn from, and those that were changed by hand."""
    shelf = world.shelves["projects"]
    for key in (*shelf.touched(), number - world.EVENTS, number - world.FILES):
        if shelf.sight(key) is Sight.HERE:
            project = world.project(key, base)
            if isinstance(project, dict):
                yield project
