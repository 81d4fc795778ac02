"""Which requests document 000 allows for each list, and what their answers must look like."""

from typing import Any, Literal, get_args
from urllib.parse import quote

from portal.lib.answer import Answer
from portal.lib.call import Params
from portal.lib.errors import MalformedAnswer, PermanentError
from portal.vendors.opensolar.pages import PAGED, Rules

Resource = Literal["roles", "contacts", "projects", "systems"]
RESOURCES: tuple[Resource, ...] = get_args(Resource)

# The list of roles has no documented parameters. A second page is asked for only where the first might not be all,
# and a refusal of that request means that there are no pages.
ROLES = Rules(short_ends=frozenset({404, 500}), sure_ends=frozenset({400, 404, 405, 422}), whole_below=10)


def rules_of(resource: Resource) -> Rules:
    return ROLES if resource == "roles" else PAGED


def org_path(org_id: str) -> str:
    """`/api/orgs/{org_id}/`; PermanentError if the id cannot stand in a path."""
    if not org_id or not org_id.replace("-", "").replace("_", "").isalnum():
        raise PermanentError("The OpenSolar organisation id is the number in its address, for example 1234.")
    return f"/api/orgs/{quote(org_id)}/"


def page_params(resource: Resource, number: int, limit: int) -> Params:
    if resource == "roles":
        return {} if number == 1 else {"page": number}
    fieldset: Params = {"fieldset": "list"} if resource == "systems" else {}
    return {**fieldset, "page": number, "limit": limit}


def record_params(resource: Resource) -> Params:
    return {"fieldset": "list"} if resource == "systems" else {}


def rows_of(answer: Answer) -> list[Any]:
    """The rows of a list: a bare array, or one inside `results` or `projects`; null is an empty list."""
    value = answer.json()
    if isinstance(value, dict):
        value = next((value[key] for key in ("results", "projects") if key in value), value)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _other_shape(answer, "a list")
    return value


def object_of(answer: Answer) -> dict[str, Any]:
    """The object in an answer; MalformedAnswer if it holds something else."""
    value = answer.json()
    if not isinstance(value, dict):
        raise _other_shape(answer, "a record")
    return value


def _other_shape(answer: Answer, expected: str) -> MalformedAnswer:
    sentence = f"OpenSolar sent something else where {expected} was expected. Try again later."
    return MalformedAnswer(sentence, status=answer.status, sent=True)
