"""What every project carries alike: the documented keys with their empty values, and the two price blocks."""

from portal.sandbox.opensolar.data import words
from portal.sandbox.wire import JsonObject

LIST_KEYS = words(
    "id title contacts_data business_name address url contacts priority stars stage org_id is_lite modified_date "
    "created_date shared_with org_name customer_proposal_data workflow custom_data"
)
"""Keys of a row under `fieldset=list`; everything else is on the detail only."""

ROLE_FIELDS = (
    "assigned_role",
    "assigned_installer_role",
    "assigned_site_inspector_role",
    "assigned_designer_role",
    "assigned_salesperson_role",
)
SPELT_OUT_ROLES = ("assigned_role", "assigned_designer_role", "assigned_salesperson_role")
"""Roles whose id, name, e-mail and phone stand beside them, too."""

_NULL = words(
    "county parcel_identifier wind_region business_name business_identifier roof_type number_of_phases "
    "number_of_wires number_of_storeys meter_identifier power_factor stage_warning system_sold payment_option_sold "
    "system_installed sold_date installation_date contract_date contract valid_until_date customer_proposal_data "
    "design usage usage_annual_or_guess utility_tariff_current utility_tariff_current_custom "
    "utility_tariff_current_data utility_tariff_current_guess utility_tariff_or_guess utility_tariff_proposed "
    "utility_tariff_proposed_custom utility_tariff_proposed_data utility_tariff_proposed_or_guess configuration "
    "configuration_override costing costing_override proposal_template proposal_template_settings custom_data "
    "temperature_min_override temperature_max_override docusign_contract_envelope_id greenlancer_project_id "
    "last_calculation_error premium_imagery_activations share_link address locality state zip country country_iso2 "
    "country_name lat lon timezone_offset"
)
_EMPTY_TEXT = words(
    "contract_terms notes site_notes lead_source proposal_message proposal_content custom_project_info_1 "
    "custom_project_info_2 custom_project_info_3 custom_project_info_4 custom_project_info_5 serial_numbers_panels "
    "serial_numbers_inverters serial_numbers_batteries assigned_role_accreditation title identifier"
)
_EMPTY_LIST = words(
    "shared_with contacts contacts_data workflows actions events events_data tags tags_data stars transactions_data "
    "available_customer_actions systems private_files private_files_data testimonials testimonials_data"
)


def blank_project() -> JsonObject:
    """A project of which nothing is known yet: all documented keys, fresh lists."""
    record: JsonObject = dict(_BLANK)
    for key in _EMPTY_LIST:
        record[key] = []
    return record


_BLANK: JsonObject = {
    **dict.fromkeys(_NULL),
    **dict.fromkeys(_EMPTY_TEXT, ""),
    **dict.fromkeys(ROLE_FIELDS),
    **{f"{field}_data": None for field in ROLE_FIELDS},
    **{f"{field}_{part}": None for field in SPELT_OUT_ROLES for part in ("id", "name", "email", "phone")},
    "access": 0,
    "is_lite": False,
    "is_residential": True,
    "has_cellular_coverage": 0,
    "priority": 1,
    "stage": 0,
    "project_sold": False,
    "project_installed": False,
    "is_pricing_locked": False,
    "years_to_simulate": 20,
    "language": "",
}

CONFIGURATION: JsonObject = {
    "id": None,
    "performance_adjustment": 100,
    "discount_rate": 6.75,
    "utility_inflation_annual": 3,
    "tilt_rack_default_tilt": 13,
    "setbacks_default": 0.3,
    "setbacks_ridge": 0.45,
}
_COSTED = ("bos", "labor")
COSTING: JsonObject = {
    "id": None,
    **{f"{item}_per_{unit}": 0 for item in _COSTED for unit in ("system", "panel")},
    "labor_per_panel": 95,
    "bos_per_system": 310,
    "steep_pitch_1_slope": 25,
    "steep_pitch_2_slope": 40,
}
