"""Which changes fire a webhook, and how much of a record it carries: `trigger_fields` and `payload_fields`.

Names are dotted: `project.stage`, `project.systems.kw_stc`, `contact.*`. A part of a name that meets a list goes on in
each of its items.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from portal.sandbox.wire import JsonObject

_PLACE = "address zip state lat lon"
_SYSTEM = "price_including_tax output_annual_kwh modules inverters others batteries kw_stc"
_SALE = "system_sold payment_option_sold sold_date installation_date system_installed"
_ROLES = ("assigned_installer_role", "assigned_role", "assigned_site_inspector_role")
_PERSON = "user_email id first_name family_name phone"


def _project(names: str, within: str = "") -> list[str]:
    return [f"project.{within}{name}" for name in names.split()]


DEFAULT_TRIGGERS = (
    *("contact.*", "event.*"),
    *_project(f"{_PLACE} country locality county contacts identifier notes"),
    *_project(_SYSTEM, "systems."),
    *_project(f"stage {_SALE} {' '.join(_ROLES)} events_data usage utility_tariff_or_guess utility_tariff_proposed"),
)
DEFAULT_PAYLOAD = (
    *("contact.*", "event.*"),
    *_project(f"{_PLACE} country_iso2 locality county"),
    *_project("email family_name first_name id phone", "contacts_data."),
    *_project(f"{_SYSTEM} url", "systems."),
    *_project(f"id identifier notes site_notes actions stage {_SALE} {' '.join(_ROLES)}"),
    *(name for role in _ROLES for name in _project(_PERSON, f"{role}_data.")),
    *_project("events_data usage utility_tariff_or_guess.data utility_tariff_proposed_or_guess.data"),
)


def fires(triggers: Sequence[str] | None, model: str, changed: Collection[str] | None) -> bool:
    """Whether a change of these fields fires; `changed` None: the record came or went. Null triggers: the defaults."""
    wanted = _of_model(DEFAULT_TRIGGERS if triggers is None else triggers, model)
    if changed is None:
        return bool(wanted)
    return any(_touches(path, name) for name in wanted for path in changed)


def _touches(path: str, name: str) -> bool:
    """Either names the other, or something inside it."""
    return name in ("*", path) or path.startswith(f"{name}.") or name.startswith(f"{path}.")


def carried(payload: Sequence[str] | None, model: str, record: JsonObject) -> JsonObject:
    """What of the record a delivery shows; a model that is not among the payload fields comes whole."""
    wanted = _of_model(DEFAULT_PAYLOAD if payload is None else payload, model)
    if not wanted or "*" in wanted:
        return record
    paths = [name.split(".") for name in wanted]
    return dict(_cut(record, paths))


def _of_model(names: Iterable[str], model: str) -> list[str]:
    start = f"{model.lower()}."
    return [name.removeprefix(start) for name in names if name.startswith(start)]


def _cut(value: Any, paths: list[list[str]]) -> Any:
    if isinstance(value, list):
        return [_cut(item, paths) for item in value]
    if not isinstance(value, dict):
        return value
    found: JsonObject = {}
    for key, inner in value.items():
        below = [path[1:] for path in paths if path[0] == key]
        if below:
            found[key] = inner if [] in below or ["*"] in below else _cut(inner, below)
    return found
