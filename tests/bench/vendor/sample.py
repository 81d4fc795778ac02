"""Projects of 6.5 KB with the keys of document 000's samples: 1.25 contacts and 1.33 systems each, a role, secrets.

Rendered from templates by filling numbers in, so that a page costs less than sending it. No Django, no portal.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson

ORG = "https://api.opensolar.com/api/orgs/1"
ROLES = 20
PEOPLE = (
    "Edmond Becquerel", "Marie Skłodowska", "Émilie du Châtelet", "Lise Meitner", "Srinivasa Ramanujan",
    "Hedwig Kohn", "Ada Lovelace", "Niels Bohr", "Anders Ångström", "Caroline Herschel", "Emmy Noether",
    "Ludwig Boltzmann", "Mary Somerville", "Chien-Shiung Wu", "Hypatia", "Michael Faraday",
)  # fmt: skip
STREETS = ("Photon Street", "Prism Road", "Lens Lane", "Quantum Quay", "Spectrum Place", "Galvani Way", "Zenith Drive")
TOWNS = (("Newcastle", "NSW", "2300"), ("Ballarat", "VIC", "3350"), ("Toowoomba", "QLD", "4350"))
PER_UNIT = ("panel", "system", "watt")
COSTS = (
    "lead_gen", "salary", "bos", "commission", "design_drawings", "warehousing", "labor", "other_costs", "permit_costs",
    "presale_design", "project_management", "racking", "roof_adder_1", "roof_adder_2", "roof_adder_3", "split_array",
    "steep_pitch_1", "steep_pitch_2", "storeys_two", "storeys_three", "supplier_shipping", "tilt_rack",
)  # fmt: skip
PRODUCTS = ("Heliotrope", "Solstice", "Meridian")


def page(first: int, last: int, total: int, version: int) -> bytes:
    """A JSON array of the projects from `first` to before `last` (indexes from 0); each version above 1 changes 1 %."""
    return b"[" + b",".join(project(index, version) for index in range(first, min(last, total))) + b"]"


def project(index: int, version: int) -> bytes:
    """One project as JSON."""
    # Spread as changes are: some pages hold none, some several. Each version changes another 1 %, dated later.
    changes = index * 2_654_435_761 % 2**32 % 100
    change = changes if 2 <= changes <= version else 0
    person, town = PEOPLE[index % len(PEOPLE)], TOWNS[index % len(TOWNS)]
    first_name, _, family_name = person.partition(" ")
    words = {
        "street": STREETS[index % len(STREETS)],
        "person": person,
        "first": first_name,
        "family": family_name or first_name,
        "town": town[0],
        "state": town[1],
        "zip": town[2],
        "note": f"Changed in version {change}." if change else "Has a pool.",
    }
    numbers = {
        "n": 1_000_000 + index,
        "other": 5_000_000 + index,
        "house": 1 + index % 240,
        "role": 100 + index % ROLES,
        "stage": index % 5,
        "day": 1 + index % 28,
        "minute": index % 60,
        "second": index // 60 % 60,
        "change": change,
    }
    values: dict[bytes, Any] = {key.encode(): value for key, value in numbers.items()}
    values |= {key.encode(): value.encode() for key, value in words.items()}
    return _template(2 if index % 4 == 0 else 1, 2 if index % 3 == 0 else 1) % values


@cache
def _template(contacts: int, systems: int) -> bytes:
    """The record with places to fill; what has to be a number is written without its quotes."""
    text = orjson.dumps(_record(contacts, systems)).replace(b"%", b"%%")
    text = text.replace(b'"<<', b"%(").replace(b'>>"', b")d")
    return text.replace(b"<", b"%(").replace(b":d>", b")d").replace(b":02>", b")02d").replace(b">", b")s")


def _record(contacts: int, systems: int) -> dict[str, Any]:
    here = f"{ORG}/projects/<n:d>/"
    people = [_contact(key) for key in ("n", "other")[:contacts]]
    role = _role()
    return {
        "id": "<<n>>",
        "url": here,
        "identifier": "6ab6a60d-1a4d-4374-88af-<n:d>00000",
        "org": f"{ORG}/",
        "org_id": 1,
        "title": "<house:d> <street>",
        "address": "<house:d> <street>, <town> <state> <zip>",
        "locality": "<town>",
        "state": "<state>",
        "zip": "<zip>",
        "county": None,
        "country": "https://api.opensolar.com/api/countries/14/",
        "country_iso2": "AU",
        "country_name": "Australia",
        "lat": -33.868819,
        "lon": 151.209295,
        "timezone_offset": 11,
        "is_residential": True,
        "business_name": None,
        "business_identifier": "",
        "lead_source": "Door Knockers",
        "notes": "<note> Meter box on the north wall, needs a longer cable.",
        "number_of_phases": 1,
        "number_of_storeys": 2,
        "roof_type": "https://api.opensolar.com/api/roof_types/6/",
        "access": 0,
        "priority": 2,
        "stage": "<<stage>>",
        "workflow": {"id": 5, "workflow_id": 11, "active_stage_id": 101},
        "created_date": "2026-09-<day:02>T00:<minute:02>:<second:02>.023050Z",
        "modified_date": "2026-10-<day:02>T<change:02>:<minute:02>:<second:02>.023103Z",
        "sold_date": None,
        "installation_date": None,
        "contract_date": None,
        "valid_until_date": "2026-12-31",
        "project_sold": None,
        "system_sold": None,
        "usage_annual_or_guess": 10766,
        "assigned_role": role["url"],
        "assigned_role_data": role,
        "assigned_role_id": role["id"],
        "assigned_role_name": role["display"],
        "assigned_role_email": role["email"],
        "assigned_installer_role": None,
        "assigned_site_inspector_role": None,
        "assigned_designer_role": role["url"],
        "assigned_salesperson_role": role["url"],
        "contacts": [person["url"] for person in people],
        "contacts_data": people,
        "systems": [_system(key, here) for key in ("n", "other")[:systems]],
        "actions": [_action(8, "Design Systems", [_event()]), _action(9, "Contact Customer", [])],
        "configuration": {f"setbacks_{part}": 0.3 for part in ("ridge", "hip", "gutter", "rake", "dormer", "shared")},
        "costing": {f"{cost}_per_{unit}": 0 for cost in COSTS for unit in PER_UNIT},
        "customer_proposal_data": {"has_contacts_active": False, "has_customer_view": False, "ready": False},
        "share_link": f"{ORG}/share/<n:d>",
        "shared_with": [],
        "tags": [],
        "usage": '{"usage_data_source": "kwh_annual", "values": 10766}',
        **dict.fromkeys(("contract", "design", "payment_option_sold", "site_notes", "wind_region", "power_factor")),
    }


def _contact(key: str) -> dict[str, Any]:
    return {
        "id": f"<<{key}>>",
        "url": f"{ORG}/contacts/<{key}:d>/",
        "first_name": "<first>",
        "family_name": "<family>",
        "display": "<person>",
        "email": f"person<{key}:d>@example.com",
        "phone": f"+61 4<{key}:d>",
        "date_of_birth": "1820-03-24",
        "gender": 2,
        "type": 0,
    }


def _role() -> dict[str, Any]:
    return {
        "id": "<<role>>",
        "url": f"{ORG}/roles/<role:d>/",
        "email": "team<role:d>@example.com",
        "user": "https://api.opensolar.com/auth/users/10/",
        "user_email": "team<role:d>@example.com",
        "is_admin": False,
        "is_hidden": False,
        "first_name": "Nikola",
        "family_name": "Tesla",
        "display": "Nikola Tesla",
        "job_title": "Designs and sells",
        "accreditation": "",
        "phone": "94811111",
        "has_logged_in": True,
        "schedule_meeting_url": "https://meet.example.com/team<role:d>",
        "api_key_chat": "1233-333-11-9000",
        "org_name": "Sunny Roofs",
    }


def _system(key: str, project_url: str) -> dict[str, Any]:
    part = [{"manufacturer_name": name, "code": f"{name[:3].upper()}-345", "quantity": 18} for name in PRODUCTS]
    return {
        "id": f"<<{key}>>",
        "url": f"{ORG}/systems/<{key}:d>/",
        "project": project_url,
        "uuid": f"0f5c6f3a-77b1-4c3e-9d8e-<{key}:d>00000",
        "name": "Option",
        "is_current": key == "n",
        "kw_stc": 6.21,
        "battery_total_kwh": 10.0,
        "price_including_tax": 12345.6,
        "price_excluding_tax": 11223.27,
        "net_profit": 2345.1,
        "output_annual_kwh": 9021.7,
        "consumption_offset_percentage": 83.9,
        "co2_tons_lifetime": 120.4,
        "module_quantity": 18,
        "modules": part[:1],
        "inverters": part[1:2],
        "batteries": part[2:],
        "others": [],
    }


def _action(number: int, title: str, events: list[Any]) -> dict[str, Any]:
    return {
        "id": number,
        "url": f"{ORG}/actions/{number}/",
        "org": f"{ORG}/",
        "title": title,
        "stage": 1,
        "order": 10,
        "created_date": "2026-09-20T02:36:30.991737Z",
        "modified_date": "2026-09-20T02:36:30.991783Z",
        "events": events,
    }


def _event() -> dict[str, Any]:
    return {
        "id": 17,
        "action_id": 8,
        "title": "Design Systems",
        "project_id": "<<n>>",
        "project_name": "<house:d> <street>",
        "start": "2026-09-20 02:36:31.019831+00:00",
        "end": "2026-09-20T02:36:31.019842Z",
        "completion_date": None,
        "is_complete": True,
        "is_archived": False,
        "task_status": 0,
        "notes": None,
        "who": {"display": "Nikola Tesla", "email": "team<role:d>@example.com", "portrait_image_public_url": None},
    }
