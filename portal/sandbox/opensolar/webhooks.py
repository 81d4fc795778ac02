"""Webhooks of one organisation: what is registered, and what is reported to whom when a record changes."""

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import orjson

from portal.sandbox.opensolar.courier import Courier, Parcel
from portal.sandbox.opensolar.draw import stamp
from portal.sandbox.opensolar.webhook_fields import carried, fires
from portal.sandbox.settings import Settings
from portal.sandbox.wire import JsonObject, Refusal

if TYPE_CHECKING:
    from portal.sandbox.opensolar.world import World

REQUIRED = ("endpoint", "enabled", "debug")
FIRST = 501
CONTACT_KEYS = ("display", "email", "family_name", "first_name", "id", "org", "phone", "projects", "url", "user")
MODELS = {"projects": "Project", "contacts": "Contact"}


@dataclass(slots=True)
class Webhook:
    """One registration; `base` is the address under which its owner calls the API."""

    id: int
    base: str
    values: JsonObject
    created: str = field(default_factory=lambda: stamp(datetime.now(UTC)))

    def as_json(self, org: int, *, with_headers: bool) -> JsonObject:
        here = f"{self.base}/api/orgs/{org}"
        shown = {name: value for name, value in self.values.items() if with_headers or name != "headers"}
        return {"id": self.id, "url": f"{here}/webhooks/{self.id}/", "org": f"{here}/", **shown}


class Webhooks:
    """The registrations of `world` and their deliveries. Call it with the world's lock held."""

    def __init__(self, world: "World", settings: Settings) -> None:
        self._world, self._settings = world, settings
        self.courier = Courier(settings)
        self.all: dict[int, Webhook] = {}
        self._numbers = count(FIRST)
        self._events = count(1)

    def as_json(self) -> list[JsonObject]:
        shown = self._settings.webhook_headers_shown
        return [one.as_json(self._world.org.id, with_headers=shown) for one in self.all.values()]

    def add(self, sent: JsonObject, base: str) -> JsonObject:
        """A new one; 400 with the fields that are missing or wrong."""
        missing = {name: ["This field is required."] for name in REQUIRED if name not in sent}
        values = {"headers": None, "trigger_fields": None, "payload_fields": None, **_checked(sent, missing)}
        made = Webhook(next(self._numbers), base, values)
        self.all[made.id] = made
        return made.as_json(self._world.org.id, with_headers=self._settings.webhook_headers_shown)

    def change(self, number: int, sent: JsonObject) -> JsonObject:
        """Takes over the fields given; 404 for a number that is not registered."""
        if number not in self.all:
            raise Refusal(404, {"detail": "Not found."})
        self.all[number].values.update(_checked(sent, {}))
        return self.all[number].as_json(self._world.org.id, with_headers=self._settings.webhook_headers_shown)

    def remove(self, number: int) -> None:
        """OpenSolar documents no such call; its own settings page can."""
        self.all.pop(number, None)

    def notice(self, resource: str, key: int, event: str, changed: Collection[str] | None) -> None:
        """A record was created, updated (`changed` names the fields) or deleted; a system's are its project's."""
        if not self.all:
            return
        if resource == "systems":
            project = self._world.project_of_system(key)
            if project is not None:
                names = ["systems"] if changed is None else [f"systems.{name}" for name in changed]
                self.report("Project", project, "UPDATE", names)
        elif resource in MODELS:
            self.report(MODELS[resource], key, event, changed)

    def report(self, model: str, key: int, event: str, changed: Collection[str] | None, **given: Any) -> None:
        """Delivers one event to every webhook that asks for it; `given` replaces parts of the envelope."""
        for one in self.all.values():
            triggers = one.values["trigger_fields"]
            if not one.values["enabled"] or not fires(triggers, model, changed if event == "UPDATE" else None):
                continue
            record = {} if event == "DELETE" else self._record(model, key, one.base)
            envelope: JsonObject = {
                "timestamp": str(int(time.time())),
                "model": model,
                "model_id": key,
                "identifier": str(record.get("identifier") or uuid4()),
                "event": event,
                "event_id": next(self._events),
            }
            if event != "DELETE":
                envelope["fields"] = carried(one.values["payload_fields"], model, record)
            self.courier.send(self._parcel(one, {**envelope, **given}))

    def send(self, envelope: JsonObject) -> int:
        """An envelope as it is given, to every webhook that is switched on; to how many."""
        reached = [one for one in self.all.values() if one.values["enabled"]]
        for one in reached:
            self.courier.send(self._parcel(one, envelope))
        return len(reached)

    def _parcel(self, one: Webhook, envelope: JsonObject) -> Parcel:
        headers = orjson.loads(one.values["headers"]) if one.values["headers"] else {}
        return Parcel(one.id, one.values["endpoint"], headers, envelope)

    def _record(self, model: str, key: int, base: str) -> JsonObject:
        """A project's addresses are absolute, those of a contact relative (document 000)."""
        if model == "Project":
            record = self._world.project(key, base)
            return record if isinstance(record, dict) else {}
        if model != "Contact":
            return {}
        record = self._world.shelves["contacts"].record(key, base)
        if not isinstance(record, dict):
            return {}
        projects = [f"{base}/api/orgs/{self._world.org.id}/projects/{n}/" for n in self._world.projects_of_contact(key)]
        whole = {"projects": projects, **record}
        return {name: _relative(whole.get(name), base) for name in CONTACT_KEYS}


def _relative(value: Any, base: str) -> Any:
    if isinstance(value, list):
        return [_relative(item, base) for item in value]
    return value.removeprefix(base) if isinstance(value, str) else value


def _checked(sent: JsonObject, wrong: JsonObject) -> JsonObject:
    """What of a registration is known, if all of it makes sense; adds to `wrong` what does not, and then refuses."""
    for name, is_right in _RULES.items():
        if name in sent and name not in wrong and not is_right(sent[name]):
            wrong[name] = ["Not a valid value."]
    if wrong:
        raise Refusal(400, wrong)
    return {name: sent[name] for name in _RULES if name in sent}


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).hostname)


def _is_names(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(name, str) and "." in name for name in value))


def _is_headers(value: Any) -> bool:
    """A text that holds a JSON object of texts, as document 000 writes it."""
    if value is None:
        return True
    try:
        found = orjson.loads(value) if isinstance(value, str) else None
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, dict) and all(isinstance(text, str) for text in found.values())


_RULES = {
    "endpoint": _is_address,
    "enabled": lambda value: isinstance(value, bool),
    "debug": lambda value: isinstance(value, bool),
    "headers": _is_headers,
    "trigger_fields": _is_names,
    "payload_fields": _is_names,
}
