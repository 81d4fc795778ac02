"""Logging in, renewing a token, and becoming a machine user."""

from portal.sandbox.opensolar.calls import Call, denied, not_a_number, not_found
from portal.sandbox.opensolar.people import USERS
from portal.sandbox.wire import Refusal, Response, json_response


def log_in(call: Call) -> Response:
    sent = call.request.json_object()
    missing = {name: ["This field is required."] for name in ("username", "password") if name not in sent}
    if missing:
        raise Refusal(400, missing)
    return json_response(call.gate.log_in(sent["username"], sent["password"]))


def fetch_token(call: Call) -> Response:
    if not call.settings.fetch_token:
        raise not_found()
    org = call.request.query.get("org_id")
    if org is not None and not org.isdecimal():
        raise not_a_number("org_id")
    return json_response(call.gate.renew(call.token, None if org is None else int(org)))


def change_user(call: Call) -> Response:
    """PATCH of one's own user; nobody changes another's."""
    user, gate = call.token.user, call.gate
    if call.numbers["user"] not in USERS:
        raise not_found()
    if call.numbers["user"] != user.id:
        raise denied()
    is_machine = call.request.json_object().get("is_machine_user", gate.is_machine(user))
    if not isinstance(is_machine, bool):
        raise Refusal(400, {"is_machine_user": ["Must be a valid boolean."]})
    gate.set_machine(user, is_machine)
    url = f"{call.request.base}/auth/users/{user.id}/"
    return json_response({"url": url, "email": user.email, "is_machine_user": is_machine})
