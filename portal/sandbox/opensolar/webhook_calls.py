"""The addresses of webhooks: list, create, change, and the log of deliveries as JSON and CSV."""

import csv
import io
from collections.abc import Callable
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
    """By hand, below `…/webhooks/`: `POST send` an envelope, `GET idle` waits for the deliveries to end, `POST log`
    writes a row into the log, `POST add` registers, `PATCH {id}` and `DELETE {id}` as OpenSolar's settings page would.
    """
    act, webhooks = f"{request.method} {rest}".strip(), world.webhooks
    if act == "GET idle":
        return json_response({"waiting": webhooks.courier.wait(10.0)})
    base = f"{request.base.removesuffix('/control')}/opensolar"
    acts: dict[str, Callable[[], Any]] = {
        "GET": webhooks.as_json,
        "POST send": lambda: {"sent": webhooks.send(request.json_object())},
        "POST log": lambda: webhooks.courier.write(request.json_object()),
        "POST add": lambda: webhooks.add(request.json_object(), base),
        f"PATCH {rest}": lambda: webhooks.change(int(rest), request.json_object()),
        f"DELETE {rest}": lambda: webhooks.remove(int(rest)),
    }
    if act not in acts or (request.method in ("PATCH", "DELETE") and not rest.isdecimal()):
        raise Refusal(404, {"detail": "No such act on webhooks."})
    with world.lock:
        return json_response(acts[act](), 201 if request.method == "POST" else 200)


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
