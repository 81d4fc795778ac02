"""Which requests document 000 allows for each list, and what their answers must look like."""

from collections.abc import Mapping
from typing import Any, Literal, get_args
from urllib.parse import quote

from portal.lib.answer import Answer
from portal.lib.call import Params
from portal.lib.errors import MalformedAnswer, PermanentError
from portal.vendors.opensolar.pages import PAGED, Rules

Resource = Literal[
    "roles",
    "contacts",
    "projects",
    "systems",
    "pricing_schemes",
    "payment_options",
    "costings",
    "component_module_activations",
    "component_inverter_activations",
    "component_battery_activations",
    "component_other_activations",
]
RESOURCES: tuple[Resource, ...] = get_args(Resource)

# What the price book and the catalogue are made of: lists of a handful of rows, which document 000 lets us change.
PRICES: tuple[Resource, ...] = ("pricing_schemes", "payment_options", "costings")
COMPONENTS: tuple[Resource, ...] = (
    "component_module_activations",
    "component_inverter_activations",
    "component_battery_activations",
    "component_other_activations",
)
WRITABLE = frozenset((*PRICES, *COMPONENTS))

# The query parameters of each list beside `page` and `limit`.
FILTERS: Mapping[Resource, frozenset[str]] = {
    "roles": frozenset({"fieldset", "range", "ordering"}),
    "pricing_schemes": frozenset({"priority", "auto_apply_enabled", "pricing_formula"}),
    "payment_options": frozenset({"priority", "auto_apply_enabled", "payment_type"}),
    "costings": frozenset({"priority"}),
}

# The list of roles has no documented parameters. A second page is asked for only where the first might not be all,
# and a refusal of that request means that there are no pages.
ROLES = Rules(short_ends=frozenset({404, 500}), sure_ends=frozenset({400, 404, 405, 422}), whole_below=10)


def rules_of(resource: Resource) -> Rules:
    """How a list ends."""
    return ROLES if resource == "roles" else PAGED


def org_path(org_id: str) -> str:
    """`/api/orgs/{org_id}/`; PermanentError if the id cannot stand in a path."""
    if not org_id or not org_id.replace("-", "").replace("_", "").isalnum():
        raise PermanentError("The OpenSolar organisation id is the number in its address, for example 1234.")
    return f"/api/orgs/{quote(org_id)}/"


def page_params(resource: Resource, number: int, limit: int, filters: Params | None = None) -> Params:
    """The parameters of one page. ValueError for a filter that the list does not have: it would be ignored."""
    chosen = filters or {}
    unknown = chosen.keys() - FILTERS.get(resource, frozenset())
    if unknown:
        raise ValueError(f"OpenSolar's {resource} cannot be narrowed by {', '.join(sorted(unknown))}.")
    if resource == "roles":
        return {**chosen} if number == 1 else {**chosen, "page": number}
    fieldset: Params = {"fieldset": "list"} if resource == "systems" else {}
    return {**fieldset, **chosen, "page": number, "limit": limit}


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
