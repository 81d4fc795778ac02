"""Lists and single records of an organisation: which rows, in which order, how much of each."""

from collections.abc import Mapping
from typing import Any

from portal.sandbox.opensolar.calls import Call, Handler, denied, not_a_number, not_found
from portal.sandbox.opensolar.narrowing import narrowed_keys
from portal.sandbox.opensolar.paging import part_of
from portal.sandbox.opensolar.shelf import Sight
from portal.sandbox.opensolar.systems import system_details
from portal.sandbox.opensolar.world import World
from portal.sandbox.wire import JsonObject, Refusal, Response, json_response

PROJECT_FIELDSETS = ("list", "studio")
ORDERINGS: Mapping[str, tuple[str, ...]] = {
    "contacts": ("first_name", "family_name", "email"),
    "roles": ("id", "is_admin"),
}
"""Fields a list can be ordered by; all others are ignored without a word."""
_YES = ("1", "true", "y")


def show_org(call: Call) -> Response:
    return json_response(call.world.org_record(call.request.base))


def listing(resource: str) -> Handler:
    """GET of a list: a bare array."""

    def answer(call: Call) -> Response:
        short = _is_short(call, resource)
        with call.world.lock:
            keys = _listed_keys(call, resource)
            return json_response(call.world.rows(resource, keys, call.request.base, short))

    return answer


def detail(resource: str) -> Handler:
    """GET of one record."""

    def answer(call: Call) -> Response:
        _require_fieldset(call, resource)
        with call.world.lock:
            _require_visible(call.world, resource, call.numbers["id"])
            return json_response(call.world.record(resource, call.numbers["id"], call.request.base))

    return answer


def show_system_details(call: Call) -> Response:
    """What `systems/details/` tells of each system of a project, or of the sold one."""
    query = call.request.query
    if "include_parts" in query and "exclude_parts" in query:
        raise Refusal(400, {"non_field_errors": ["Use include_parts or exclude_parts, not both."]})
    base, key = call.request.base, call.numbers["id"]
    with call.world.lock:
        _require_visible(call.world, "projects", key)
        rows = call.world.rows("systems", call.world.systems_of(key), base, short=False)
        project = call.world.project(key, base)
    rows = [row for row in rows if isinstance(row, dict)]
    if query.get("limit_to_sold", "").lower() in _YES:
        sold = project.get("system_sold") if isinstance(project, dict) else None
        rows = [row for row in rows if row.get("url") == sold]
    details = [system_details(row) for row in rows]
    return json_response({"systems": [{**entry, "data": _chosen_parts(entry["data"], query)} for entry in details]})


def _chosen_parts(data: JsonObject, query: dict[str, str]) -> JsonObject:
    if "include_parts" in query:
        wanted = query["include_parts"].split(",")
        return {part: value for part, value in data.items() if part in wanted}
    unwanted = query.get("exclude_parts", "").split(",")
    return {part: value for part, value in data.items() if part not in unwanted}


def _is_short(call: Call, resource: str) -> bool:
    """Whether the projects list shows short rows; refuses fieldsets that do not exist, or are missing (systems)."""
    _require_fieldset(call, resource)
    fieldset = call.request.query.get("fieldset")
    if resource != "projects":
        return False
    if fieldset is None:
        return not call.settings.whole_lists
    if fieldset not in PROJECT_FIELDSETS:
        raise Refusal(400, {"fieldset": [f'"{fieldset}" is not a valid choice.']})
    return True


def _require_fieldset(call: Call, resource: str) -> None:
    if resource == "systems" and call.request.query.get("fieldset") != "list":
        raise Refusal(400, {"fieldset": ["This parameter is required and has to be list."]})


def _require_visible(world: World, resource: str, key: int) -> None:
    sight = world.shelves[resource].sight(key)
    if sight is Sight.MISSING:
        raise not_found()
    if sight is Sight.FORBIDDEN:
        raise denied()


def _listed_keys(call: Call, resource: str) -> list[int]:
    shelf, query = call.world.shelves[resource], call.request.query
    chosen = _chosen(call, resource)
    if resource == "roles" and not call.settings.paged_roles:
        return shelf.keys(0, len(shelf)) if chosen is None else chosen
    if chosen is None:
        return part_of(len(shelf), shelf.keys, query, call.settings)
    return part_of(len(chosen), lambda start, stop: chosen[start:stop], query, call.settings)


def _chosen(call: Call, resource: str) -> list[int] | None:
    """The keys that the question leaves, in its order; None when it leaves all of them as they stand."""
    if resource == "systems" and "project" in call.request.query:
        return _systems_of_project(call)
    narrowed = narrowed_keys(call, resource)
    return _ordered(call, resource) if narrowed is None else narrowed


def _systems_of_project(call: Call) -> list[int]:
    number = call.request.query["project"]
    if not number.isdecimal():
        raise not_a_number("project")
    return call.world.systems_of(int(number))


def _ordered(call: Call, resource: str) -> list[int] | None:
    """All keys in the order asked for, a leading `-` descending; None when the list keeps its own order."""
    wanted = call.request.query.get("ordering", "")
    field = wanted.removeprefix("-")
    if field not in ORDERINGS.get(resource, ()):
        return None
    shelf = call.world.shelves[resource]

    def rank(key: int) -> tuple[str, Any]:
        record = shelf.record(key, call.request.base)
        value = record.get(field) if isinstance(record, dict) else None
        return (type(value).__name__, value) if isinstance(value, str | int) else ("", 0)

    return sorted(shelf.keys(0, len(shelf)), key=rank, reverse=wanted.startswith("-"))
