"""Changes to OpenSolar's world by hand, below `/control/opensolar/orgs/{org}/`.

    GET     (the organisation)         how many records each list has
    POST    {resource}                 add a record; `?position=first` puts it at the head of the list
    PATCH   {resource}/{id}            merge keys; a project's `modified_date` moves on unless it is given
    PUT     {resource}/{id}            replace the record by any JSON value, broken ones included
    DELETE  {resource}/{id}            gone: 404; a project takes its systems along
    POST    {resource}/{id}/forbid     hidden: 403, and off the list; a project takes its systems along
    POST    {resource}/{id}/restore    every change of this record undone,; of a project also those of its systems

    …       webhooks/…                see `webhook_calls.control_webhooks`

Resources are projects, contacts, systems and roles; `id` is the number in a record's URL.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from portal.sandbox.opensolar.draw import stamp
from portal.sandbox.opensolar.people import Org
from portal.sandbox.opensolar.project_defaults import blank_project
from portal.sandbox.opensolar.shelf import Shelf, Sight
from portal.sandbox.opensolar.webhook_calls import control_webhooks
from portal.sandbox.opensolar.world import World
from portal.sandbox.wire import JsonObject, Refusal, Request, Response, json_response

_WEBHOOKS = re.compile(r"/orgs/(\d{1,9})/webhooks(?:/(\w+))?/?")
_ADDRESS = re.compile(r"/orgs/(\d{1,9})(?:/(\w+)(?:/(\d{1,18})(?:/(forbid|restore))?)?)?/?")
MOMENT = timedelta(microseconds=1)


class Mutations:
    """Serves the addresses above over all organisations; stamps of changes rise strictly."""

    def __init__(self, worlds: Mapping[int, World], epoch: datetime) -> None:
        self._worlds = worlds
        self._last = epoch

    def handle(self, request: Request) -> Response:
        hooks = _WEBHOOKS.fullmatch(request.path)
        if hooks is not None and int(hooks[1]) in self._worlds:
            return control_webhooks(request, self._worlds[int(hooks[1])], hooks[2] or "")
        match = _ADDRESS.fullmatch(request.path)
        if match is None or int(match[1]) not in self._worlds:
            raise Refusal(404, {"detail": "No such organisation or address."})
        world = self._worlds[int(match[1])]
        resource, key, verb = match[2], match[3], match[4]
        if resource is not None and resource not in world.shelves:
            raise Refusal(404, {"detail": f"No such resource; there are {', '.join(world.shelves)}."})
        with world.lock:
            if resource is None:
                return json_response({name: len(shelf) for name, shelf in world.shelves.items()})
            if key is None:
                return self._add(request, world, resource)
            return self._change(request, world, resource, int(key), verb)

    def _add(self, request: Request, world: World, resource: str) -> Response:
        if request.method != "POST":
            raise Refusal(405, {"detail": "POST adds a record."})
        position = request.query.get("position", "last")
        if position not in ("first", "last"):
            raise Refusal(400, {"position": ["first or last."]})
        shelf = world.shelves[resource]
        given = request.json_object()
        key = given.get("id", shelf.next_key())
        if not isinstance(key, int) or shelf.sight(key) is not Sight.MISSING or key in shelf.added:
            raise Refusal(400, {"id": ["A whole number that no record has."]})
        record = self._identity(world.org, resource, key, request) | given
        shelf.add(key, record, "first" if position == "first" else "last")
        return json_response({"id": key, "url": record["url"]}, 201)

    def _identity(self, org: Org, resource: str, key: int, request: Request) -> JsonObject:
        """The keys a record cannot do without; for a project also all others, empty."""
        base = f"{request.base.removesuffix('/control')}/opensolar"
        here = f"{base}/api/orgs/{org.id}"
        own = {"id": key, "url": f"{here}/{resource}/{key}/", "org": f"{here}/"}
        if resource != "projects":
            return own
        now = stamp(self._now())
        return (
            blank_project() | own | {"org_id": org.id, "org_name": org.name, "created_date": now, "modified_date": now}
        )

    def _change(self, request: Request, world: World, resource: str, key: int, verb: str | None) -> Response:
        shelf = world.shelves[resource]
        act = f"{request.method} {verb}" if verb else request.method
        if shelf.sight(key) is Sight.MISSING and act != "POST restore":
            raise Refusal(404, {"detail": "No such record."})
        if act == "PATCH":
            self._patch(shelf, resource, key, request.json_object())
        elif act == "PUT":
            shelf.replace(key, request.json())
        elif act in ("DELETE", "POST forbid"):
            self._withdraw(world, resource, key, Sight.MISSING if act == "DELETE" else Sight.FORBIDDEN)
        elif act == "POST restore":
            self._restore(world, resource, key)
        else:
            raise Refusal(405, {"detail": f"{act} is not among the changes."})
        return json_response({"id": key})

    def _patch(self, shelf: Shelf, resource: str, key: int, values: JsonObject) -> None:
        if resource == "projects" and "modified_date" not in values:
            values = values | {"modified_date": stamp(self._now())}
        shelf.patch(key, values)

    @staticmethod
    def _withdraw(world: World, resource: str, key: int, sight: Sight) -> None:
        for system in world.systems_of(key) if resource == "projects" else ():
            world.shelves["systems"].withdraw(system, sight)
        world.shelves[resource].withdraw(key, sight)

    @staticmethod
    def _restore(world: World, resource: str, key: int) -> None:
        world.shelves[resource].restore(key)
        for system in world.all_systems_of(key) if resource == "projects" else ():
            world.shelves["systems"].restore(system)

    def _now(self) -> datetime:
        self._last = max(datetime.now(UTC), self._last + MOMENT)
        return self._last
