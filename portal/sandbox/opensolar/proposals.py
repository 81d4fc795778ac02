"""Proposal data: `/api/user_logins/` and the same below an organisation (document 001)."""

from base64 import b64encode
from gzip import compress
from typing import Any

import orjson

from portal.sandbox.opensolar.calls import Call, denied
from portal.sandbox.opensolar.proposal_project import proposal_project
from portal.sandbox.opensolar.shelf import Sight
from portal.sandbox.opensolar.world import World
from portal.sandbox.wire import JsonObject, Refusal, Response, json_response

_YES = ("1", "true", "y", "yes")
_MOST_PROJECTS = 10


def show_proposals(call: Call) -> Response:
    """The projects asked for, an object for each of their organisations; one that may not be seen refuses all."""
    query = call.request.query
    if call.settings.plan != "raw":
        raise Refusal(402, {"detail": "Enable Raw Data API Access to use this endpoint."})
    found: dict[int, list[JsonObject]] = {}
    for key in _project_ids(query.get("project_ids", "")):
        world = _home_of(call, key)
        with world.lock:
            project = world.project(key, call.request.base)
            systems = world.rows("systems", world.systems_of(key), call.request.base, short=False)
        if not isinstance(project, dict):
            raise denied()
        wanted = _shown_systems(project, systems, query.get("include_unsold") == "1")
        body = proposal_project(world, project, wanted, query.get("language", ""), call.request.base)
        if query.get("compress_data", "").lower() in _YES:
            _pack_all(body)
        elif call.settings.design_always_packed:
            body["proposal_data"]["design"] = pack(body["proposal_data"]["design"])
        found.setdefault(world.org.id, []).append(body)
    return json_response([_org(call, call.worlds[number], projects) for number, projects in found.items()])


def pack(value: Any) -> str:
    """Base64 of gzip of JSON."""
    return b64encode(compress(orjson.dumps(value), mtime=0)).decode()


def _org(call: Call, world: World, projects: list[JsonObject]) -> JsonObject:
    record = world.org_record(call.request.base)
    kept = ("id", "url", "country_iso2", "name", "logo_public_url", "sales_phone_number", "company_website")
    reader = call.token.user
    user = {
        "id": reader.id,
        "email": reader.email,
        "terms_accepted_date": "2025-03-01T00:00:00.000000Z",
        "is_anonymous_share_user": False,
    }
    org = {key: record[key] for key in kept if key in record}
    return {**org, "user": user, "color_highlight": "#c77700", "projects": projects}


def _project_ids(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or len(parts) > _MOST_PROJECTS or not all(part.isdecimal() for part in parts):
        raise Refusal(400, {"project_ids": ["This parameter is required: the ids of projects."]})
    return [int(part) for part in parts]


def _home_of(call: Call, key: int) -> World:
    """The world that holds the project, if this login may see it; 403 else, as documented, also for what is gone."""
    worlds = [call.known_world] if call.known_world else list(call.worlds.values())
    for world in worlds:
        if call.token.opens(world.org) and world.shelves["projects"].sight(key) is Sight.HERE:
            return world
    raise denied()


def _shown_systems(project: JsonObject, systems: list[Any], unsold: bool) -> list[JsonObject]:
    rows = [row for row in systems if isinstance(row, dict)]
    return rows if unsold else [row for row in rows if row.get("url") == project.get("system_sold")]


def _pack_all(body: JsonObject) -> None:
    proposal = body["proposal_data"]
    proposal["design"] = pack(proposal["design"])
    for system in proposal["systems"]:
        data = system["data"]
        data.update({name: pack(data[name]) for name in ("bills", "output", "contract_template")})
