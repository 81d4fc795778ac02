"""The addresses of webhooks: list, create, change, and the log of deliveries as JSON and CSV."""

import csv
import io
from typing import Any

from portal.sandbox.opensolar.calls import Call
from portal.sandbox.opensolar.world import World
from portal.sandbox.wire import JsonObject, Refusal, Request, Response, json_response

LOG_PAGE, MOST = 50, 100
SEARCHED = ("model_name", "event_name", "notes", "model_pk")


def list_webhooks(call: Call) -> Response:
    with call.world.lock:
        return json_response(call.world.webhooks.as_json())


def add_webhook(call: Call) -> Response:
    with call.world.lock:
        return json_response(call.world.webhooks.add(call.request.json_object(), call.request.base), 201)


def change_webhook(call: Call) -> Response:
    with call.world.lock:
        return json_response(call.world.webhooks.change(call.numbers["id"], call.request.json_object()))


def show_log(call: Call) -> Response:
    """The delivery log; an empty page is a 500, as its page says, in CSV only a first line."""
    query = call.request.query
    size, number = min(_positive(query, "limit", LOG_PAGE), MOST), _positive(query, "page", 1)
    rows = [row for row in call.world.webhooks.courier.log() if _is_found(row, query.get("search", ""))]
    if query.get("format") == "csv":
        return _as_csv(rows)
    page = rows[(number - 1) * size : number * size]
    if not page:
        raise Refusal(500, {"detail": "Internal server error."})
    return json_response(page)


def control_webhooks(request: Request, world: World, rest: str) -> Response:
    """By hand: `POST …/webhooks/send` an envelope, `GET …/webhooks/idle` waits for the deliveries to end, `POST
    …/webhooks/log` writes a row into the log, `PATCH …/webhooks/{id}` and `DELETE …/webhooks/{id}` as OpenSolar's own
    settings page would."""
    act, webhooks = f"{request.method} {rest}", world.webhooks
    if act == "GET idle":
        return json_response({"waiting": webhooks.courier.wait(10.0)})
    with world.lock:
        if act == "POST send":
            return json_response({"sent": webhooks.send(request.json_object())}, 201)
        if act == "POST log":
            webhooks.courier.write(request.json_object())
            return json_response({}, 201)
        if act == "GET ":
            return json_response(webhooks.as_json())
        if rest.isdecimal() and request.method == "PATCH":
            return json_response(webhooks.change(int(rest), request.json_object()))
        if rest.isdecimal() and request.method == "DELETE":
            webhooks.all.pop(int(rest), None)
            return json_response({})
    raise Refusal(404, {"detail": "No such act on webhooks."})


def _is_found(row: JsonObject, words: str) -> bool:
    return not words or any(words.lower() in str(row.get(name)).lower() for name in SEARCHED)


def _as_csv(rows: list[JsonObject]) -> Response:
    names = "id webhook successful model_name model_pk event_queue_name event_id event_name event_timestamp notes"
    columns = [*names.split(), "created_date", "modified_date"]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return Response(200, text.getvalue().encode(), "text/csv")


def _positive(query: dict[str, Any], name: str, default: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) < 10**9):
        raise Refusal(400, {"detail": f"Invalid {name}."})
    return int(text)
