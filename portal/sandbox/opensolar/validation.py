"""What a body for a project or a contact may hold, checked as Django REST Framework does: 400 with a list a field.

Keys that the document does not name, and the read-only `…_data`, are passed over without a word.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from portal.sandbox.opensolar.shelf import Sight
from portal.sandbox.opensolar.world import World
from portal.sandbox.wire import JsonObject, Refusal

ROOF_TYPES = frozenset(range(6, 25))
ROLE_FIELDS = ("assigned_role", "assigned_installer_role", "assigned_site_inspector_role")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_YES, _NO = ("1", "true", "True", 1, True), ("0", "false", "False", 0, False)
_GENDERS = ("0", "1", "2", 0, 1, 2)
Check = Callable[[Any], Any]


class Wrong(Exception):
    """One value is refused; the text is the vendor's sentence, or what stands below a list of objects."""

    def __init__(self, complaint: Any) -> None:
        super().__init__(complaint)
        self.complaint = complaint


def project_values(body: Mapping[str, Any], world: World, base: str) -> JsonObject:
    """The project's keys of a body as they are stored; `contacts_new` stays a list of checked contacts."""
    checks: dict[str, Check] = {
        **dict.fromkeys(("identifier", "lead_source", "notes"), _text),
        **dict.fromkeys(("address", "locality", "state", "zip"), _text),
        "country_iso2": _country,
        "is_residential": _boolean,
        **dict.fromkeys(("lat", "lon"), _number),
        "number_of_phases": _whole,
        "stage": _stage,
        "roof_type": lambda value: _reference(value, "/api/roof_types/", ROOF_TYPES.__contains__, base),
        **dict.fromkeys(ROLE_FIELDS, lambda value: _of_shelf(value, world, "roles", base)),
        "contacts": lambda value: _list(value, lambda item: _of_shelf(item, world, "contacts", base, blank=False)),
        "contacts_new": lambda value: _list(value, _contact),
        "workflow": _workflow,
    }
    return _checked(body, checks)


def contact_values(body: Mapping[str, Any]) -> JsonObject:
    """The contact's keys of a body as they are stored."""
    return _checked(body, CONTACT)


def _checked(body: Mapping[str, Any], checks: Mapping[str, Check]) -> JsonObject:
    values: JsonObject = {}
    wrong: JsonObject = {}
    for name, check in checks.items():
        if name in body:
            try:
                values[name] = check(body[name])
            except Wrong as refused:
                wrong[name] = refused.complaint
    if wrong:
        raise Refusal(400, wrong)
    return values


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise Wrong(["Not a valid string."])
    return str(value)


def _country(value: Any) -> str | None:
    text = _text(value)
    if text and len(text) > 2:
        raise Wrong(["Ensure this field has no more than 2 characters."])
    return text


def _boolean(value: Any) -> bool | None:
    if value is None:
        return None
    if isinstance(value, list | dict) or value not in (*_YES, *_NO):
        raise Wrong(["Must be a valid boolean."])
    return value in _YES


def _number(value: Any) -> float | None:
    if value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise Wrong(["A valid number is required."]) from error


def _whole(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,9}", str(value)):
        raise Wrong(["A valid integer is required."])
    return int(value)


def _stage(value: Any) -> int | None:
    number = _whole(value)
    if number not in range(5):
        raise Wrong([f'"{value}" is not a valid choice.'])
    return number


def _gender(value: Any) -> int:
    if isinstance(value, bool | list | dict) or value not in _GENDERS:
        raise Wrong([f'"{value}" is not a valid choice.'])
    return int(value)


def _email(value: Any) -> str | None:
    text = _text(value)
    if text and not _EMAIL.fullmatch(text):
        raise Wrong(["Enter a valid email address."])
    return text


def _day(value: Any) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise Wrong(["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]) from error


CONTACT: Mapping[str, Check] = {
    **dict.fromkeys(("first_name", "family_name", "phone"), _text),
    "email": _email,
    "date_of_birth": _day,
    "gender": _gender,
    **dict.fromkeys(("passport_number", "licence_number", "custom_contact_info_1", "custom_contact_info_2"), _text),
}


def _contact(value: Any) -> JsonObject:
    if not isinstance(value, dict):
        raise Wrong({"non_field_errors": ["Invalid data. Expected a dictionary."]})
    try:
        return contact_values(value)
    except Refusal as refused:
        raise Wrong(refused.body) from refused


def _list(value: Any, check: Check) -> list[Any]:
    """Every item checked; complaints about objects stand at their places, those about references in one list."""
    if not isinstance(value, list):
        raise Wrong([f'Expected a list of items but got type "{type(value).__name__}".'])
    found: list[Any] = []
    wrong: list[Any] = []
    for item in value:
        try:
            found.append(check(item))
            wrong.append({})
        except Wrong as refused:
            wrong.append(refused.complaint)
    if any(wrong):
        raise Wrong(wrong if any(isinstance(each, dict) and each for each in wrong) else next(filter(None, wrong)))
    return found


def _of_shelf(value: Any, world: World, resource: str, base: str, *, blank: bool = True) -> str | None:
    shelf = world.shelves[resource]
    path = f"/api/orgs/{world.org.id}/{resource}/"
    return _reference(value, path, lambda key: shelf.sight(key) is Sight.HERE, base, blank=blank)


def _reference(value: Any, path: str, exists: Callable[[int], bool], base: str, *, blank: bool = True) -> str | None:
    """A hyperlink as it is stored; a relative one and one of another host count by their path."""
    if value is None and blank:
        return None
    if not isinstance(value, str):
        raise Wrong([f"Incorrect type. Expected URL string, received {type(value).__name__}."])
    match = re.fullmatch(rf".*?{re.escape(path)}(\d{{1,18}})/", value)
    if match is None:
        raise Wrong(["Invalid hyperlink - No URL match."])
    if not exists(int(match[1])):
        raise Wrong(["Invalid hyperlink - Object does not exist."])
    return f"{base}{path}{match[1]}/"


def _workflow(value: Any) -> JsonObject:
    if not isinstance(value, dict) or not all(
        isinstance(value.get(key), int) for key in ("workflow_id", "active_stage_id")
    ):
        raise Wrong(["workflow_id and active_stage_id are required."])
    return {key: value[key] for key in ("workflow_id", "active_stage_id")}
