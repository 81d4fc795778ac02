"""Writing the organisation, its prices and its components: administrators only, field by field checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from portal.sandbox.opensolar.calls import Call, Handler, denied, not_found
from portal.sandbox.opensolar.components import PUBLIC, told_by_public
from portal.sandbox.opensolar.draw import stamp
from portal.sandbox.opensolar.narrowing import FORMULAS, OTHER_FORMULA, PAYMENT_TYPES
from portal.sandbox.opensolar.shelf import Sight
from portal.sandbox.wire import JsonObject, Refusal, Response, json_response

PRICES = ("pricing_schemes", "payment_options", "costings")
WRITABLE = (
    *PRICES,
    *(f"component_{kind}_activations" for kind in ("module", "inverter", "battery", "other")),
)
_READ_ONLY = frozenset({"id", "url", "org", "created_date", "modified_date", "roles", "org_configs", "projects"})


def _text(value: Any) -> str:
    return "" if isinstance(value, str) else "Not a valid string."


def _switch(value: Any) -> str:
    return "" if isinstance(value, bool) else "Must be a valid boolean."


def _number(value: Any) -> str:
    is_one = isinstance(value, int | float) and not isinstance(value, bool)
    return "" if is_one or (isinstance(value, str) and _is_numeral(value)) else "A valid number is required."


def _is_numeral(text: str) -> bool:
    return text.strip().removeprefix("-").replace(".", "", 1).isdecimal()


def _among(*choices: str) -> Callable[[Any], str]:
    return lambda value: "" if value in choices else f'"{value}" is not a valid choice.'


_FIELDS: Mapping[str, Callable[[Any], str]] = {
    "name": _text,
    "title": _text,
    "description": _text,
    "configuration_json": _text,
    "data": _text,
    "code": _text,
    "is_archived": _switch,
    "auto_apply_enabled": _switch,
    "cost": _number,
    "price_adjustment": _number,
    "pricing_formula": _among(*FORMULAS, OTHER_FORMULA),
    "payment_type": _among(*PAYMENT_TYPES),
}
_REQUIRED = {
    "pricing_schemes": ("title", "pricing_formula"),
    "payment_options": ("title", "payment_type"),
    "costings": ("title",),
    "component_other_activations": ("code",),
    **{f"component_{kind}_activations": (kind,) for kind in PUBLIC},
}
_EMPTY = {"cost": 0.0, "price_adjustment": 0.0, "quantity": 0, "_sku": "", "product_warranty": None}


def post_org(call: Call) -> Response:
    """The document's form."""
    _require_document_form(call, "GET, PUT")
    return put_org(call)


def put_org(call: Call) -> Response:
    """Changes what is sent and leaves the rest."""
    values = _values(call)
    with call.world.lock:
        call.world.org_changes |= values
        return json_response(call.world.org_record(call.request.base))


def create(resource: str) -> Handler:
    """POST on the list."""

    def answer(call: Call) -> Response:
        values = _values(call)
        missing = {name: ["This field is required."] for name in _REQUIRED.get(resource, ()) if not values.get(name)}
        if missing:
            raise Refusal(400, missing)
        values = _activated(call, resource, values)
        with call.world.lock:
            shelf = call.world.shelves[resource]
            key, here = shelf.next_key(), f"{call.request.base}/api/orgs/{call.world.org.id}"
            now = stamp(datetime.now(UTC))
            dates = {"created_date": now, "modified_date": now} if resource in PRICES else {}
            own = {"id": key, "url": f"{here}/{resource}/{key}/", "org": f"{here}/", "is_archived": False}
            shelf.add(key, {**own, **dates, **values}, "last")
            return json_response(shelf.record(key, call.request.base), 201)

    return answer


def _activated(call: Call, resource: str, values: JsonObject) -> JsonObject:
    """A new component with what the public one says of itself; 400 where that does not exist."""
    if resource in PRICES:
        return values
    kind = resource.removeprefix("component_").removesuffix("_activations")
    if kind not in PUBLIC:
        return {kind: None, f"{kind}_id": None, "manufacturer_name": "", **_EMPTY, **values}
    told = told_by_public(kind, values[kind], call.world.seed, call.world.org)
    if told is None:
        raise Refusal(400, {kind: ["Invalid hyperlink - Object does not exist."]})
    return {**_EMPTY, **values, **told}


def update(resource: str) -> Handler:
    """PUT or PATCH of a record; both leave alone what is not sent."""

    def answer(call: Call) -> Response:
        values, key = _values(call), call.numbers["id"]
        with call.world.lock:
            shelf = _present(call, resource)
            dates = {"modified_date": stamp(datetime.now(UTC))} if resource in PRICES else {}
            shelf.patch(key, {**values, **dates})
            return json_response(shelf.record(key, call.request.base))

    return answer


def post_on_record(resource: str) -> Handler:
    """The document's form of the same."""
    change = update(resource)

    def answer(call: Call) -> Response:
        _require_document_form(call, "GET, PUT, PATCH, DELETE")
        return change(call)

    return answer


def delete(resource: str) -> Handler:
    """204, and 404 from then on."""

    def answer(call: Call) -> Response:
        _require_administrator(call)
        with call.world.lock:
            _present(call, resource).withdraw(call.numbers["id"], Sight.MISSING)
        return Response(204, b"")

    return answer


def _present(call: Call, resource: str) -> Any:
    shelf = call.world.shelves[resource]
    sight = shelf.sight(call.numbers["id"])
    if sight is Sight.MISSING:
        raise not_found()
    if sight is Sight.FORBIDDEN:
        raise denied()
    return shelf


def _values(call: Call) -> JsonObject:
    """What may be written of the body; 400 with the fields that make no sense."""
    _require_administrator(call)
    sent = call.request.json_object()
    values = {name: value for name, value in sent.items() if name not in _READ_ONLY}
    wrong = {name: [said] for name, value in values.items() if name in _FIELDS and (said := _FIELDS[name](value))}
    if wrong:
        raise Refusal(400, wrong)
    return values


def _require_document_form(call: Call, allowed: str) -> None:
    if not call.settings.document_posts:
        raise Refusal(405, {"detail": 'Method "POST" not allowed.'}, {"Allow": allowed})


def _require_administrator(call: Call) -> None:
    role = call.world.org.role_of(call.token.user)
    if role is None or not role.is_admin:
        raise denied()
