"""What the records hold: the documented keys, relations that hold, the documented pitfalls, and repeatable chance."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from portal.sandbox.opensolar.people import SUNNY_ROOFS
from tests.portal.sandbox.conftest import SIGNED

ORG = "/api/orgs/1"
HOST = {"Host": "vendor.example.com"}
keys = str.split
LIST_ROW = keys("""id title contacts_data business_name address url contacts priority stars stage org_id is_lite
modified_date created_date shared_with org_name customer_proposal_data custom_data""")
CONTACT_ON_ROW = keys("""id email phone url first_name family_name display passport_number licence_number
custom_contact_info_1 custom_contact_info_2 user_id org_id identifier type""")
PEOPLE = keys("assigned_role assigned_installer_role assigned_site_inspector_role assigned_designer_role")
DETAIL = keys("""
identifier org access locality state zip county country country_iso2 country_name lat lon timezone_offset
parcel_identifier wind_region is_residential business_identifier roof_type number_of_phases number_of_wires
number_of_storeys meter_identifier has_cellular_coverage power_factor assigned_role_id assigned_role_name
assigned_role_email assigned_role_phone assigned_role_accreditation assigned_salesperson_role
assigned_salesperson_role_data assigned_salesperson_role_name stage_warning workflows actions events events_data tags
tags_data system_sold payment_option_sold system_installed sold_date project_sold project_installed installation_date
contract_date contract contract_terms valid_until_date transactions_data available_customer_actions share_link
is_pricing_locked systems usage usage_annual_or_guess utility_tariff_current utility_tariff_current_custom
utility_tariff_current_data utility_tariff_current_guess utility_tariff_or_guess utility_tariff_proposed
utility_tariff_proposed_custom utility_tariff_proposed_data utility_tariff_proposed_or_guess years_to_simulate
private_files private_files_data notes site_notes lead_source proposal_message proposal_content custom_project_info_1
custom_project_info_5 serial_numbers_panels serial_numbers_inverters serial_numbers_batteries configuration
configuration_override costing costing_override proposal_template language testimonials testimonials_data
docusign_contract_envelope_id greenlancer_project_id last_calculation_error premium_imagery_activations""")
SYSTEM = keys("""id url name uuid order system_lifetime inverter_range dc_optimizer_active dc_optimizer_efficiency
show_customer is_current auto_string discount adders_per_system adders_per_panel adders_per_watt kw_stc
battery_total_kwh price_including_tax price_excluding_tax net_profit module_quantity co2_tons_lifetime project org
pricing_scheme output_annual_kwh consumption_offset_percentage modules inverters batteries others""")
ROLE = keys("""
id url user user_email email first_name family_name display job_title accreditation phone user_phone is_admin
is_hidden user_is_staff has_logged_in allow_email_notifications portrait_image google_calendar_id schedule_meeting_url
schedule_meeting_label api_key_chat org org_name""")


@pytest.fixture
def many(start: Any) -> Any:
    """Organisation 1 with enough projects for every rarity."""
    caller = start(projects=400)
    caller.log_in()
    return caller


def whole_projects(caller: Any) -> list[dict[str, Any]]:
    return [row for page in range(1, 5) for row in caller.rows("projects", page=page)]


def test_documented_keys_are_there(many: Any) -> None:
    for row in many.rows("projects", fieldset="list"):
        assert set(LIST_ROW) <= set(row) <= {*LIST_ROW, "workflow"}
        assert all(set(contact) == set(CONTACT_ON_ROW) for contact in row["contacts_data"])
    projects = whole_projects(many)
    wanted = LIST_ROW + DETAIL + PEOPLE + [f"{field}_data" for field in PEOPLE]
    share = {key: sum(key in project for project in projects) / len(projects) for key in wanted}
    assert min(share.values()) > 0.9, {key: part for key, part in share.items() if part <= 0.9}
    assert {key for key, part in share.items() if part < 1}, "no optional key is ever missing"
    for row in many.rows("systems", fieldset="list"):
        assert set(row) == set(SYSTEM)
    for role in many.rows("roles"):
        assert set(role) == set(ROLE)


def test_a_whole_record_weighs_what_the_vendors_weigh(many: Any) -> None:
    pages = [many.get(f"{ORG}/projects/", page=page, limit=100).content for page in range(1, 5)]
    assert 6_000 < sum(map(len, pages)) / 400 < 8_000


def test_the_world_is_as_large_and_as_old_as_promised(many: Any) -> None:
    projects = whole_projects(many)
    assert {len(project["systems"]) for project in projects} == {0, 1, 2, 3}
    assert {len(project["contacts"]) for project in projects} == {1, 2}
    assert sum(len(project["contacts"]) for project in projects) / 400 == pytest.approx(1.25, abs=0.02)
    stages = Counter(project["stage"] for project in projects)
    assert set(stages) == {0, 1, 2, 3, 4}
    assert stages[0] == max(stages.values())
    assert len({project["timezone_offset"] for project in projects}) > 4
    assert {project["country_iso2"] for project in projects} == {"AU", "US"}
    end = datetime(2026, 6, 1, tzinfo=UTC)
    for project in projects:
        created, modified = (datetime.fromisoformat(project[key]) for key in ("created_date", "modified_date"))
        assert created <= modified <= end
        assert (end - created).days <= 548
        assert project["modified_date"].endswith("Z")
        assert len(project["modified_date"]) == len("2026-06-01T00:00:00.000000Z")


def test_relations_hold(many: Any) -> None:
    contacts = {row["url"]: row for page in range(1, 7) for row in many.rows("contacts", page=page)}
    roles = {row["url"]: row for row in many.rows("roles")}
    named: Counter[str] = Counter()
    for project in whole_projects(many):
        named.update(project["contacts"])
        assert project["contacts_data"] == [contacts[url] for url in project["contacts"]]
        for field in PEOPLE:
            assert project[f"{field}_data"] == (roles[project[field]] if project[field] else None)
        assert {system["project"] for system in project["systems"]} <= {project["url"]}
        systems = {system["url"] for system in project["systems"]}
        assert project["system_sold"] in (systems if project["stage"] in (2, 3) else {None})
        assert project["project_sold"] is (project["sold_date"] is not None) is (project["stage"] in (2, 3))
        assert (project["system_installed"] is not None) is (project["stage"] == 3)
    assert set(named.values()) == {1, 2}, "no contact stands in two projects"
    assert set(contacts) - set(named), "every contact stands in a project"


def test_a_roles_id_is_not_always_the_number_in_its_url(many: Any) -> None:
    role = next(row for row in many.rows("roles") if row["id"] == 99)
    assert role["url"].endswith("/roles/57/")
    assert many.get(f"{ORG}/roles/57/").json() == role
    assert many.get(f"{ORG}/roles/99/").status_code == 404
    theirs = [project for project in whole_projects(many) if project["assigned_role"] == role["url"]]
    assert theirs
    assert {project["assigned_role_id"] for project in theirs} == {99}
    assert {project["assigned_role_name"] for project in theirs} == {"Hertha Ayrton"}


def test_every_kind_of_colleague_is_there(many: Any) -> None:
    roles = many.rows("roles")
    used = {project[field] for project in whole_projects(many) for field in (*PEOPLE, "assigned_salesperson_role")}
    assert sum(role["is_admin"] for role in roles) == 2
    assert [role["is_hidden"] for role in roles].count(True) == 1
    assert any(role["url"] not in used for role in roles)
    assert next(role for role in roles if role["is_hidden"])["url"] in used
    assert all(role["api_key_chat"] for role in roles)
    assert len(roles) == len(SUNNY_ROOFS.roles)


def test_oddities_of_the_documents_occur(many: Any) -> None:
    projects = whole_projects(many)
    assert {type(project["usage"]) for project in projects} == {str, dict, type(None)}
    assert "null" in {project["utility_tariff_current_custom"] for project in projects}
    assert sum("<script>" in project["address"] for project in projects) == 1
    assert any("grid_export_limit" in project for project in projects)
    assert 0 < sum("workflow" in project for project in projects) < len(projects)
    assert any(project["private_files_data"] for project in projects)
    contacts = [contact for project in projects for contact in project["contacts_data"]]
    names = "".join(contact["display"] for contact in contacts)
    assert all(letters in names for letters in ("Ångström", "Œrsted", "Émilie", "李"))
    assert any(str(contact["email"]).endswith("@os.code") and contact["type"] == 1 for contact in contacts)
    assert any(contact["email"] is None for contact in contacts)
    systems = [system for project in projects for system in project["systems"]]
    assert any(system["module_quantity"] != system["modules"][0]["quantity"] for system in systems)
    assert len({system["uuid"] for system in systems}) == len(systems)


def test_system_details(many: Any) -> None:
    project = next(row for row in whole_projects(many) if len(row["systems"]) > 1 and row["project_sold"])
    path = f"{ORG}/projects/{project['id']}/systems/details/"
    systems = many.get(path).json()["systems"]
    assert [system["id"] for system in systems] == [system["id"] for system in project["systems"]]
    first = systems[0]
    assert first["total_module_quantity"] == sum(group["module_quantity"] for group in first["module_groups"])
    assert {"mcs", "wiring"} == set(first["data"])
    sold = many.get(path, limit_to_sold="1").json()["systems"]
    assert [system["id"] for system in sold] == [int(project["system_sold"].split("/")[-2])]
    assert set(many.get(path, include_parts="mcs").json()["systems"][0]["data"]) == {"mcs"}
    assert set(many.get(path, exclude_parts="mcs").json()["systems"][0]["data"]) == {"wiring"}
    assert many.get(path, include_parts="mcs", exclude_parts="x").status_code == 400
    assert many.get(f"{ORG}/projects/1/systems/details/").status_code == 404


def test_the_organisation_points_to_its_projects(admin: Any) -> None:
    org = admin.get(f"{ORG}/").json()
    assert (org["id"], org["name"]) == (1, "Sunny Roofs")
    assert org["projects"] == f"{admin.sandbox.opensolar_url}{ORG}/projects/"
    assert org["roles"][0]["integration_json"].startswith("{'provider'")
    assert org["org_configs"]["integration_key_calendar"]


def test_addresses_follow_the_host_that_was_called(admin: Any) -> None:
    row = admin.request("GET", f"{ORG}/projects/400001/", headers=HOST).json()
    assert row["url"] == f"http://vendor.example.com/opensolar{ORG}/projects/400001/"
    assert row["country"].startswith("http://vendor.example.com/opensolar/api/countries/")


def bodies(caller: Any) -> list[str]:
    paths = ("/", "/roles/", "/contacts/", "/systems/?fieldset=list", "/projects/", "/projects/?fieldset=list")
    paths += ("/projects/400003/", "/projects/400001/systems/details/")
    return [body(caller, path) for path in paths]


def body(caller: Any, path: str) -> str:
    """As it came, but for when links to files end."""
    return SIGNED.sub("", caller.request("GET", f"{ORG}{path}", headers=HOST).text)


def test_the_same_seed_makes_the_same_world_to_the_byte(start: Any) -> None:
    worlds = []
    for options in ({"seed": 7}, {"seed": 7}, {"seed": 8}):
        caller = start(**options)
        caller.log_in()
        worlds.append(bodies(caller))
    assert worlds[0] == worlds[1]
    assert all(first != other for first, other in zip(worlds[0], worlds[2], strict=True))


def test_a_larger_world_begins_like_the_smaller_one(start: Any) -> None:
    rows = []
    for projects in (30, 3000):
        caller = start(projects=projects)
        caller.log_in()
        rows.append(body(caller, "/projects/?limit=24"))
    assert rows[0] == rows[1]
