"""Reads OpenSolar's records into columns of our models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from pydantic import ValidationError

from portal.models import MirroredRecord
from portal.sync.source import Parsed, Record, RecordProblem
from portal.vendors.opensolar import project_parts, records
from portal.vendors.opensolar.values import id_of
from projects.models import Contact, Event, PrivateFile, Project, Role, System

CONTACT_LISTS = {"contact_refs": "contacts"}
PART_LISTS = {name: name for name in ("modules", "inverters", "batteries", "others")}
DETAIL_LISTS = {name: name for name in ("adders", "module_groups", "incentives")}
# Tags (reference, section 6.7) of files that tell what a customer pays begin so.
PRICED = (
    "accepted",
    "bill calculations",
    "change order",
    "financials",
    "sales proposal",
    "sent to lender",
    "system contract",
)
SEARCHED = ("title", "business_name", "address", "locality", "state", "zip", "identifier")


def key_of(record: Any) -> int:
    """The number of a contact, project or system: its `id`, else the one in its `url`."""
    if not isinstance(record, dict):
        raise RecordProblem("It is not a JSON object.")
    key = id_of(record.get("id"))
    key = id_of(record.get("url")) if key is None else key
    if key is None:
        raise RecordProblem("It has no id, so it cannot be told from others.")
    return key


def role_key_of(record: Any) -> int:
    """The number in a role's `url`, by which projects refer to it (its `id` can differ)."""
    if not isinstance(record, dict):
        raise RecordProblem("It is not a JSON object.")
    key = id_of(record.get("url"))
    if key is None:
        raise RecordProblem("It has no url with a number in it, by which projects refer to it.")
    return key


def parse_role(record: Record, shape: str) -> Parsed:
    """A member of the team."""
    read = read_as(records.Role, record)
    columns = read.columns()
    if "vendor_object_id" in columns:
        columns["opensolar_object_id"] = columns.pop("vendor_object_id")
    return Parsed(fitted(Role, columns))


def parse_contact(record: Record, shape: str) -> Parsed:
    """A customer."""
    return Parsed(fitted(Contact, read_as(records.Contact, record).columns()))


def parse_project(record: Record, shape: str) -> Parsed:
    """A project, short or whole; `links` are the numbers of its contacts, None where the row does not say."""
    read = read_as(records.ProjectRow, record)
    columns = _said(read.columns(), record, CONTACT_LISTS)
    contacts = columns.pop("contact_refs", None)
    columns["search_text"] = search_text(columns, columns.pop("contacts_search", ""))
    columns.pop("project_sold", None)
    return Parsed(fitted(Project, columns), read.modified_date, contacts)


def parse_system(record: Record, shape: str) -> Parsed:
    """A system from its list (`list`) or from its project's `systems/details` (`details`)."""
    if shape == "list":
        columns = _said(read_as(records.System, record).columns(), record, PART_LISTS)
        return Parsed(fitted(System, columns))
    read = read_as(records.SystemDetails, record)
    columns = _said({name: getattr(read, name) for name in DETAIL_LISTS}, record, DETAIL_LISTS)
    return Parsed({**columns, **_project_of(record), "details_at": timezone.now()})


def parse_event(record: Record, shape: str) -> Parsed:
    """An event; a row of its project names references as `project_id`, `action_id`."""
    row = {name.removesuffix("_id"): record[name] for name in ("project_id", "action_id") if record.get(name)}
    read = read_as(project_parts.Event, {**row, **record})
    return Parsed(fitted(Event, read.columns()), read.modified_date)


def parse_file(record: Record, shape: str) -> Parsed:
    """A private file, and whether by its tags it tells prices."""
    read = read_as(project_parts.PrivateFile, record)
    columns = read.columns()
    if "tags" in columns:
        columns["tells_prices"] = any(tag.lower().startswith(PRICED) for tag in columns["tags"])
    return Parsed(fitted(PrivateFile, columns), read.modified_date)


def search_text(columns: dict[str, Any], contact_words: str) -> str:
    """What a project is found by, in lower case."""
    own = (columns.get(name) for name in SEARCHED)
    return " ".join([*(value.lower() for value in own if value), contact_words]).strip()


def shape_of_project(record: Record) -> str:
    """Rows of a list that are as full as the project at its own address count as `detail`."""
    return "detail" if records.is_whole(record) else "list"


def _said(columns: dict[str, Any], record: Record, lists: Mapping[str, str]) -> dict[str, Any]:
    """The columns without those of documented lists in whose place the record holds null: that says nothing."""
    unsaid = {column for column, key in lists.items() if key in record and record[key] is None}
    return {name: value for name, value in columns.items() if name not in unsaid} if unsaid else columns


def read_as(kind: Any, record: Record) -> Any:
    """The record as this kind of pydantic model; RecordProblem with a sentence if it cannot be read."""
    try:
        return kind.model_validate(record)
    except ValidationError as error:
        raise RecordProblem(records.problem_sentence(error)) from error


def _project_of(record: Record) -> dict[str, Any]:
    """`systems/details` rows name no project; the part that fetches them adds whose they are."""
    ref = record.get("project")
    return {"project_ref": id_of(ref)} if ref else {}


_DEFAULTS: dict[type[MirroredRecord], dict[str, Any]] = {}


def fitted(model: type[MirroredRecord], columns: dict[str, Any]) -> dict[str, Any]:
    """The columns without the key, null replaced where our column holds none (blank text, no)."""
    defaults = _DEFAULTS.get(model)
    if defaults is None:
        fields = (f for f in model._meta.concrete_fields if not f.null and f.has_default())
        defaults = _DEFAULTS[model] = {f.attname: f.get_default for f in fields}
    columns.pop(model.VENDOR_KEY, None)
    for name, value in columns.items():
        if value is None and name in defaults:
            columns[name] = defaults[name]()
    return columns
