"""What may be typed into a project or a contact: each value checked and made plain, from a form or from JSON alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import Connection
from portal.sync.writing import is_same
from portal.vendors.opensolar.values import id_of
from projects.models import Contact, Milestone, Project, Role
from projects.services.roofs import ROOFS

LONGEST_LINE, LONGEST_TEXT = 500, 20_000
GENDERS = (0, 1, 2)
REACHABLE = ("first_name", "family_name", "email", "phone")
ROLE_FIELDS = ("assigned_role", "assigned_installer_role", "assigned_site_inspector_role")
Check = Callable[[Any], Any]
Errors = dict[str, list[str]]


class Wrong(Exception):
    """What cannot be written, by field; `contacts_new.0.email` names a field of the first new contact."""

    def __init__(self, fields: Errors) -> None:
        super().__init__("; ".join(sentence for sentences in fields.values() for sentence in sentences))
        self.fields = fields


def project_values(connection: Connection, given: Mapping[str, Any], project: Project | None = None) -> dict[str, Any]:
    """The given fields of a project as plain values; `project` is the one that has them now. Raises Wrong."""
    checks: dict[str, Check] = {
        **dict.fromkeys(("lead_source", "address", "locality", "state", "zip"), line_of),
        "identifier": lambda value: _identifier(connection, value, project),
        "notes": lambda value: text_of(value, LONGEST_TEXT),
        "country_iso2": _country,
        "is_residential": yes_no_of,
        "lat": lambda value: _degrees(value, 90),
        "lon": lambda value: _degrees(value, 180),
        "number_of_phases": lambda value: _whole(value, range(100)),
        "roof_type": roof_of,
        **dict.fromkeys(ROLE_FIELDS, lambda value: _role(connection, value)),
        "contacts": lambda value: _contacts(connection, value),
        "stage": _stage,
        "active_stage_id": _number,
    }
    values, errors = checked(given, checks, also=("contacts_new",))
    if "contacts_new" in given:
        values["contacts_new"] = _new_contacts(given["contacts_new"], errors)
    if errors:
        raise Wrong(errors)
    return values


def contact_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields of a contact as plain values. Raises Wrong."""
    values, errors = checked(given, _CONTACT)
    if errors:
        raise Wrong(errors)
    return values


def says_the_same(name: str, before: Any, after: Any) -> bool:
    """Whether an edit changes nothing: in a line of a form, gaps and line breaks of the vendor's text get lost."""
    if name != "notes" and isinstance(before, str) and isinstance(after, str):
        return before.split() == after.split()
    return is_same(before, after)


def checked(
    given: Mapping[str, Any], checks: Mapping[str, Check], also: Iterable[str] = ()
) -> tuple[dict[str, Any], Errors]:
    """What the checks make of the given values, and what is wrong by field; what has no check is wrong."""
    values: dict[str, Any] = {}
    errors: Errors = {}
    for name, value in given.items():
        if name in checks:
            try:
                values[name] = checks[name](value)
            except ValueError as wrong:
                errors[name] = [str(wrong)]
        elif name not in also:
            errors[name] = [_("This cannot be written.")]
    return values, errors


def _new_contacts(given: Any, errors: Errors) -> list[dict[str, Any]]:
    if not isinstance(given, list):
        errors["contacts_new"] = [_("Give a list of contacts.")]
        return []
    found = []
    for place, contact in enumerate(given):
        if not isinstance(contact, Mapping):
            errors[f"contacts_new.{place}"] = [_("Give an object with names, e-mail and phone.")]
            continue
        values, wrong = checked(contact, _CONTACT)
        errors |= {f"contacts_new.{place}.{name}": sentences for name, sentences in wrong.items()}
        if not wrong and not any(values.get(name) for name in REACHABLE):
            errors[f"contacts_new.{place}.first_name"] = [_("Give at least a name, an e-mail address or a phone.")]
        found.append(values)
    return found


def text_of(value: Any, longest: int) -> str:
    """A text of several lines. Raises ValueError with a sentence, as all of these."""
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        raise ValueError(_("Give a text."))
    text = str(value).replace("\0", "").strip()
    if len(text) > longest:
        raise ValueError(_("That is too long: at most %(number)s characters.") % {"number": longest})
    return text


def line_of(value: Any) -> str:
    """A text of one line, without gaps."""
    return " ".join(text_of(value, LONGEST_LINE).split())


def _identifier(connection: Connection, value: Any, project: Project | None) -> str:
    """One's own number, which no other project has: by it a project is found again whose answer got lost."""
    text = line_of(value)
    others = Project.objects.filter(connection=connection, identifier=text, removed_at=None)
    if project:
        others = others.exclude(pk=project.pk)
    if text and others.exists():
        raise ValueError(_("Another project has this identifier."))
    if project and project.identifier and not text:
        raise ValueError(_("A project keeps an identifier."))
    return text


def _country(value: Any) -> str:
    text = line_of(value).upper()
    if text and not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise ValueError(_("Give the two letters of a country, such as AU or US."))
    return text


def yes_no_of(value: Any) -> bool | None:
    """Yes, no, or nothing said."""
    said = str(value).strip().lower()
    if value is None or said == "":
        return None
    if said in ("1", "true", "yes"):
        return True
    if said in ("0", "false", "no"):
        return False
    raise ValueError(_("Give yes or no."))


def _degrees(value: Any, most: int) -> float | None:
    if value is None or str(value).strip() == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise ValueError(_("Give degrees as a number, such as -33.4262.")) from error
    if not -most <= number <= most:
        raise ValueError(_("Give degrees between -%(most)s and %(most)s.") % {"most": most})
    return number


def _whole(value: Any, allowed: range) -> int | None:
    if value is None or str(value).strip() == "":
        return None
    text = str(value).strip()
    short = len(text) < 10 and text.isdecimal() and text.isascii() and not isinstance(value, bool)
    if not short or int(text) not in allowed:
        raise ValueError(_("Give a whole number."))
    return int(text)


def _number(value: Any) -> int | None:
    return None if value is None or str(value).strip() == "" else reference_of(value)


def reference_of(value: Any) -> int:
    """The number of a record, given as such or by its address."""
    text = value.strip() if isinstance(value, str) else value
    number = int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 18 else id_of(text)
    if number is None:
        raise ValueError(_("Give OpenSolar's number, or the address that ends in it."))
    return number


def roof_of(value: Any) -> int | None:
    """The number of one of OpenSolar's roof types."""
    number = _number(value)
    if number is not None and number not in ROOFS:
        raise ValueError(_("OpenSolar knows no such roof."))
    return number


def _role(connection: Connection, value: Any) -> int | None:
    number = _number(value)
    team = Role.objects.filter(connection=connection, removed_at=None, withheld_at=None)
    if number is not None and not team.filter(opensolar_id=number).exists():
        raise ValueError(_("Nobody in the team has this number."))
    return number


def _contacts(connection: Connection, value: Any) -> list[int]:
    if not isinstance(value, list):
        raise ValueError(_("Give a list of contacts."))
    numbers = list(dict.fromkeys(reference_of(item) for item in value))
    there = Contact.objects.filter(connection=connection, opensolar_id__in=numbers, removed_at=None)
    if there.count() < len(numbers):
        raise ValueError(_("One of these contacts does not exist any more."))
    return numbers


def _stage(value: Any) -> int:
    number = _whole(value, range(len(Milestone.values)))
    if number is None:
        raise ValueError(_("Give a stage."))
    return number


def _email(value: Any) -> str:
    text = line_of(value)
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValueError(_("Give an e-mail address, such as name@example.com.")) from error
    return text


def _birthday(value: Any) -> str:
    text = value.isoformat() if isinstance(value, date) else line_of(value)
    if not text:
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_("Give a date as year-month-day, such as 1980-06-28.")) from error
    if day > timezone.now().date():
        raise ValueError(_("That day has not come yet."))
    return day.isoformat()


def _gender(value: Any) -> int:
    number = _whole(value, range(len(GENDERS)))
    return 0 if number is None else number


_CONTACT: dict[str, Check] = {
    **dict.fromkeys(("first_name", "family_name", "phone"), line_of),
    "email": _email,
    "date_of_birth": _birthday,
    "gender": _gender,
}
