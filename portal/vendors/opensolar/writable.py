"""Which fields of projects and contacts may be written, as plain values and in the form of document 000's create body.

A plain value is text, a number, true or false, the number of a role, roof type or contact, or a list of those. On the
wire the document writes yes as "1", numbers as strings, and references as addresses; answers come typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from portal.vendors.opensolar.values import id_of, ids_of

Plain = dict[str, Any]


class Form(Enum):
    """How a value is written and read."""

    TEXT = "text"
    YES_NO = "yes or no"
    NUMBER = "number"
    WHOLE = "whole number"
    INTEGER = "integer on the wire"
    REFERENCE = "reference"
    REFERENCES = "references"


@dataclass(frozen=True, slots=True)
class Field:
    """`path` is where a reference's address leads, below what the vendor calls itself; `{org}` is the organisation."""

    form: Form = Form.TEXT
    path: str = ""


_ROLE = Field(Form.REFERENCE, "/api/orgs/{org}/roles/{number}/")

CONTACT: Mapping[str, Field] = {
    "first_name": Field(),
    "family_name": Field(),
    "email": Field(),
    "phone": Field(),
    "date_of_birth": Field(),
    "gender": Field(Form.WHOLE),
}
PROJECT: Mapping[str, Field] = {
    "identifier": Field(),
    "is_residential": Field(Form.YES_NO),
    "lead_source": Field(),
    "notes": Field(),
    "lat": Field(Form.NUMBER),
    "lon": Field(Form.NUMBER),
    "address": Field(),
    "locality": Field(),
    "state": Field(),
    "country_iso2": Field(),
    "zip": Field(),
    "number_of_phases": Field(Form.WHOLE),
    "roof_type": Field(Form.REFERENCE, "/api/roof_types/{number}/"),
    "assigned_role": _ROLE,
    "assigned_installer_role": _ROLE,
    "assigned_site_inspector_role": _ROLE,
    "contacts": Field(Form.REFERENCES, "/api/orgs/{org}/contacts/{number}/"),
    "stage": Field(Form.INTEGER),
}
NEW_CONTACTS = "contacts_new"
WORKFLOW_STAGE = "active_stage_id"
WORKFLOW = "workflow_id"


@dataclass(frozen=True, slots=True)
class Place:
    """Where references lead: what stands before `/api/` at the vendor, and the organisation's number."""

    begin: Callable[[], str]
    org_id: str

    def address(self, field: Field, number: int) -> str:
        """The address of a role, roof type or contact."""
        return self.begin() + field.path.format(org=self.org_id, number=int(number))


def project_body(values: Mapping[str, Any], place: Place) -> Plain:
    """Plain values as a body for POST or PATCH of a project; KeyError for a field that may not be written.

    A workflow's stage is written with its workflow, as a newer page has it.
    """
    body = _body({name: value for name, value in values.items() if name in PROJECT}, PROJECT, place)
    for name in values.keys() - PROJECT.keys():
        if name == NEW_CONTACTS:
            body[name] = [contact_body(contact) for contact in values[name]]
        elif name not in (WORKFLOW_STAGE, WORKFLOW):
            raise KeyError(name)
    if WORKFLOW_STAGE in values:
        stage = values[WORKFLOW_STAGE]
        body["workflow"] = {"workflow_id": values.get(WORKFLOW), "active_stage_id": stage}
        body["active_stage_id"] = stage
    return body


def contact_body(values: Mapping[str, Any]) -> Plain:
    """Plain values as a new contact; what has no value is left out."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    return _body(given, CONTACT, Place(str, ""))


def changed_contact(record: Mapping[str, Any], values: Mapping[str, Any]) -> Plain:
    """A contact as it was just read, with these values in place of its own: what PUT sends.

    `gender` goes as the integer that answers carry, beside the other values of the answer.
    """
    changed = {name: None if value == "" and name == "date_of_birth" else value for name, value in values.items()}
    return {**record, **changed}


def plain_project(record: Mapping[str, Any]) -> Plain:
    """The writable fields that a project's record holds, as plain values; its workflow's too."""
    found = _plain(record, PROJECT)
    workflow = record.get("workflow")
    if isinstance(workflow, dict):
        found[WORKFLOW_STAGE], found[WORKFLOW] = id_of(workflow.get("active_stage_id")), id_of(workflow.get(WORKFLOW))
    return found


def plain_contact(record: Mapping[str, Any]) -> Plain:
    """The writable fields that a contact's record holds, as plain values."""
    return _plain(record, CONTACT)


def _plain(record: Mapping[str, Any], fields: Mapping[str, Field]) -> Plain:
    return {name: _read(record[name], field.form) for name, field in fields.items() if name in record}


def _read(value: Any, form: Form) -> Any:
    if form is Form.REFERENCE:
        return id_of(value)
    if form is Form.REFERENCES:
        found = ids_of(value)
        return found if isinstance(found, list) else []
    if form is Form.TEXT:
        return "" if value is None else str(value)
    return None if value is None or str(value).strip() == "" else _read_number(value, form)


def _read_number(value: Any, form: Form) -> Any:
    """What cannot be read stays as it is: it differs from everything, and a person sees it."""
    if form is Form.YES_NO:
        return value not in (False, 0, "0", "false", "False")
    try:
        number = float(value)
    except (TypeError, ValueError):
        return value
    return number if form is Form.NUMBER else int(number)


def _body(values: Mapping[str, Any], fields: Mapping[str, Field], place: Place) -> Plain:
    return {name: _written(value, fields[name], place) for name, value in values.items()}


def _written(value: Any, field: Field, place: Place) -> Any:
    if field.form is Form.REFERENCES:
        return [place.address(field, number) for number in value]
    if value is None:
        return None
    if field.form is Form.REFERENCE:
        return place.address(field, value)
    if field.form is Form.YES_NO:
        return "1" if value else "0"
    return value if field.form is Form.INTEGER else str(value)
