"""Changed fields in a salesperson's words: names, units, dates, stages and people instead of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any

import orjson
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.templatetags.numbers import figure, kw, kwh, money, percent
from portal.templatetags.times import exact
from projects.models import Project
from projects.services import parts
from projects.services.roofs import roof_name
from projects.services.stages import stage_label
from projects.services.story.carried import moment
from projects.services.story.system_options import COSTS, PRICES
from projects.services.timeline.fields import LINK_FIELDS, MODELS

LONGEST = 160
GENDERS = {0: gettext_lazy("not set"), 1: gettext_lazy("female"), 2: gettext_lazy("male")}
AROUND = {
    "new": {
        "projects": gettext_lazy("Project came to the portal"),
        "systems": gettext_lazy("System added"),
        "contacts": gettext_lazy("Customer added"),
    },
    "removed": {
        "projects": gettext_lazy("Project removed at OpenSolar"),
        "systems": gettext_lazy("System removed"),
        "contacts": gettext_lazy("Customer removed"),
    },
    "withheld": {
        "projects": gettext_lazy("OpenSolar no longer shows this project"),
        "systems": gettext_lazy("OpenSolar no longer shows this system"),
        "contacts": gettext_lazy("OpenSolar no longer shows this customer"),
    },
    "back": {
        "projects": gettext_lazy("Project is back"),
        "systems": gettext_lazy("System is back"),
        "contacts": gettext_lazy("Customer is back"),
    },
}


@dataclass(frozen=True, slots=True)
class Names:
    """What numbers stand for on this project, its country (for its money) and its clock."""

    country: str
    zone: tzinfo
    roles: Mapping[int, str] = field(default_factory=dict)
    systems: Mapping[int, str] = field(default_factory=dict)
    contacts: Mapping[int, str] = field(default_factory=dict)


def around(resource: str, after: str) -> str:
    """A record that is new, gone or back; a word that we do not know is shown as it is."""
    word = decoded(after)
    known = AROUND.get(word) if isinstance(word, str) else None
    return str(known.get(resource, word)) if known else str(word)


def label_of(resource: str, name: str) -> str:
    """A field as the model calls it; of one that the model does not have, its own name."""
    if name in LINK_FIELDS:
        return _("Customers")
    column = _column(resource, name)
    label = str(column.verbose_name) if column is not None else name.replace("_", " ")
    return label[:1].upper() + label[1:]


def value_of(resource: str, name: str, text: str, names: Names) -> str:
    """A JSON text as a person reads it; empty for nothing."""
    value, column = decoded(text), _column(resource, name)
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, dict) and value.keys() == {"cut"}:
        # Longer than what a change keeps: the beginning of a text, or of a list's JSON, which is nothing to read.
        return _short(f"{value['cut']}…") if isinstance(column, models.TextField) else _("a long list")
    if name in _SPECIAL:
        return _SPECIAL[name](value, names)
    if name in LINK_FIELDS:
        found = value if isinstance(value, list) else [value]
        return ", ".join(_named(number, names.contacts, _("customer %(number)s")) for number in found)
    return _plain(value, column, names)


def _plain(value: Any, column: models.Field[Any, Any] | None, names: Names) -> str:
    """By the kind of its column."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(column, models.DateTimeField):
        at = moment(value)
        return exact(at, names.zone) if at else _short(value)
    if isinstance(column, models.DateField):
        return _day(value)
    if isinstance(value, int | float) and not isinstance(column, models.TextField):
        return str(figure(value, 0 if isinstance(value, int) or value.is_integer() else 2))
    return _short(value)


def decoded(text: str) -> Any:
    """What a JSON text holds; the text itself where it holds none."""
    try:
        return orjson.loads(text)
    except ValueError:
        return text


def number_in(text: str) -> list[int]:
    """The numbers of records that a value names."""
    value = decoded(text)
    found = value if isinstance(value, list) else [value]
    return [number for number in found if isinstance(number, int) and not isinstance(number, bool)]


def _column(resource: str, name: str) -> models.Field[Any, Any] | None:
    model = MODELS.get(resource)
    try:
        found = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


def _named(value: Any, names: Mapping[int, str], unknown: str) -> str:
    if isinstance(value, int) and value in names:
        return names[value]
    return unknown % {"number": _short(value)}


def _day(value: Any) -> str:
    try:
        found = parse_date(str(value)[:10])
    except ValueError:
        found = None
    return date_format(found, "j M Y", use_l10n=False) if isinstance(found, date) else _short(value)


def _short(value: Any) -> str:
    """Free text in one line, not too long; a list or object is only counted."""
    if isinstance(value, dict | list):
        return _("%(count)s entries") % {"count": len(value)}
    return Truncator(" ".join(str(value).split())).chars(LONGEST)


def _parts(value: Any, _names: Names) -> str:
    found = parts.components(value)
    return ", ".join(part.line for part in found if part.line) or _short(value)


def _adders(value: Any, _names: Names) -> str:
    """Labels alone: their values and costs are money."""
    found = parts.adders(value, prices=False, costs=False)
    return ", ".join(" ".join(filter(None, (_times(a.quantity), a.label))) for a in found) or _short(value)


def _incentives(value: Any, _names: Names) -> str:
    return ", ".join(i.title for i in parts.incentives(value, prices=False) if i.title) or _short(value)


def _groups(value: Any, _names: Names) -> str:
    return "; ".join(parts.group_line(group) for group in parts.panel_groups(value)) or _short(value)


def _times(quantity: Any) -> str:
    return "" if quantity is None else f"{quantity} ×"


def _money(value: Any, names: Names) -> str:
    return str(money(value, names.country))


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _role(value: Any, names: Names) -> str:
    return _named(value, names.roles, _("OpenSolar role %(number)s"))


_SPECIAL: dict[str, Callable[[Any, Names], str]] = {
    **dict.fromkeys(Project.ROLE_REFS, _role),
    **dict.fromkeys((*PRICES, *COSTS), _money),
    **dict.fromkeys(("modules", "inverters", "batteries", "others"), _parts),
    "adders": _adders,
    "incentives": _incentives,
    "module_groups": _groups,
    "kw_stc": lambda value, _names: str(kw(value, 2)),
    "battery_total_kwh": lambda value, _names: f"{figure(value, 1)} kWh",
    "output_annual_kwh": lambda value, _names: str(kwh(value)),
    "usage_annual_or_guess": lambda value, _names: str(kwh(value)),
    "consumption_offset_percentage": lambda value, _names: str(percent(value)),
    "co2_tons_lifetime": lambda value, _names: f"{figure(value, 1)} t",
    "lat": lambda value, _names: f"{figure(value, 6)}°",
    "lon": lambda value, _names: f"{figure(value, 6)}°",
    "timezone_offset": lambda value, _names: _("%(hours)s h from UTC") % {"hours": figure(value, 1)},
    "stage": lambda value, _names: stage_label(number) if (number := _whole(value)) is not None else _short(value),
    "active_stage_id": lambda value, _names: _("workflow stage %(number)s") % {"number": _short(value)},
    "roof_type_id": lambda value, _names: roof_name(_whole(value)) or _short(value),
    "system_sold_ref": lambda value, names: _named(value, names.systems, _("system %(number)s")),
    "pricing_scheme_ref": lambda value, _names: _("pricing scheme %(number)s") % {"number": _short(value)},
    "is_residential": lambda value, _names: _("home") if value is True else _("business"),
    "gender": lambda value, _names: str(
        GENDERS.get(value, _short(value)) if _whole(value) is not None else _short(value)
    ),
}
