"""A project as a proposal shows it: what the project says of itself, and `proposal_data` with its systems."""

from typing import Any

import orjson

from portal.sandbox.opensolar import proposal_figures as money
from portal.sandbox.opensolar.draw import Kind, draw
from portal.sandbox.opensolar.systems import system_details
from portal.sandbox.opensolar.world import World
from portal.sandbox.wire import JsonObject

_KEPT = (
    *("id", "url", "identifier", "business_name", "address", "zip", "state", "locality", "country", "county", "stage"),
    *("country_iso2", "lat", "lon", "created_date", "modified_date", "usage", "usage_annual_or_guess"),
    *("system_sold", "payment_option_sold", "project_sold", "valid_until_date", "contract_date", "priority"),
    *("utility_tariff_or_guess", "assigned_role", "custom_data"),
)
_MESSAGES = {"fr": "Merci de votre confiance.", "de": "Danke für Ihr Vertrauen.", "es": "Gracias por su confianza."}
_HOURS = 8760


def proposal_project(world: World, project: JsonObject, systems: list[JsonObject], language: str, base: str) -> Any:
    """One item of `projects`, nothing in it packed yet."""
    key = int(project.get("id") or 0)
    chance = draw(0, world.org.id, Kind.PROPOSAL, key)
    share = f"{chance.getrandbits(64):016x}"
    link = f"https://share.example.com/p/{share}"
    here = f"{base}/api/orgs/{world.org.id}"
    actions = [
        {"action_type": "checkout", "action_title": "Accept online", "system_uuid": s.get("uuid")} for s in systems
    ]
    role = project.get("assigned_role_data") or {}
    member = {"display": role.get("display"), "email": role.get("email"), "phone": role.get("phone")}
    tongue = language or "en"
    tax = "GST" if project.get("country_iso2") == "AU" else "Tax"
    is_sold = bool(project.get("system_sold"))
    changed = is_sold and key % 7 == 3
    return {
        **{name: project.get(name) for name in _KEPT},
        "language": tongue,
        "contacts": project.get("contacts_data") or [],
        "assigned_team_member": member,
        "statement": None,
        "simulate_first_year_only": False,
        "last_calculation_error": "The battery schedule could not be simulated." if key % 11 == 4 else None,
        "calculation_error_messages": ["A panel group has no string."] if key % 11 == 4 else [],
        "change_orders": [{"id": 900 + key, "title": "Move the inverter", "status": "accepted"}] if changed else [],
        "api_key_chat": f"chat-{share}",
        "share_link": link,
        "has_unsaved_data": False,
        "available_customer_actions": actions,
        "proposal_data": {
            "available_customer_actions": actions,
            "address_over_two_lines": [project.get("address"), project.get("locality")],
            "design": _design(project, systems),
            "current_system": _current_system(chance.random() < 0.15),
            "systems": [_system(project, system, here, tax) for system in systems],
            "has_battery": any(system.get("batteries") for system in systems),
            "country_iso2": project.get("country_iso2"),
            "tax_name": tax,
            "language": tongue,
            "proposal_message": f"<p>{_MESSAGES.get(tongue, 'Thank you for your trust.')}</p><p>See {link}</p>",
            "proposal_attachments": [{"id": key, "title": "Warranty terms.pdf"}] if chance.random() < 0.5 else [],
            "pdf_attachments": [],
            "system_image_urls": [],
            "system_image_html": '<div class="image"><script>alert("roof")</script><b>The roof from above</b></div>',
            "system_performance_html": "<table><tr><td>Performance</td><td>good</td></tr></table>",
            "online_proposal_auto_login_url": f"{link}?auto=1",
            "share_link_qrcode": "iVBORw0KGgoAAAANSUhEUg",
            "is_pdf_proposal": False,
            "is_lite_report": False,
            "is_retrofit_project": False,
            "initiated_change_order": None,
            "testimonials": [],
        },
    }


def _system(project: JsonObject, system: JsonObject, here: str, tax: str) -> JsonObject:
    figures = money.figures_of(project, system)
    chance = draw(0, 0, Kind.PROPOSAL, int(system.get("id") or 0))
    by_month = money.output_by_month(figures, project.get("lat"))
    use = money.use_by_day(figures, chance)
    groups = system_details(system)["module_groups"]
    name = system.get("name") or f"System {(system.get('order') or 0) + 1}"
    hourly = [round(figures.output / _HOURS, 3)] * _HOURS
    return {
        "id": system.get("id"),
        "uuid": system.get("uuid"),
        "title": f"{name} ({figures.kw_stc:.2f} kW)",
        "name": name,
        "has_battery": bool(system.get("batteries")),
        "battery_total_kwh": system.get("battery_total_kwh"),
        "systemKwStc": f"{figures.kw_stc:.3f}",
        "systemOutputAnnualkWh": f"{figures.output:,.0f}",
        "systemPaybackYear": "" if figures.payback is None else f"{figures.payback:.1f}",
        "systemNetPresentValue": f"{'-' if figures.npv < 0 else ''}${abs(figures.npv):,.0f}",
        "systemIrr": "N/A" if figures.irr is None else f"{figures.irr:.1f}%",
        "systemReturnOnInvestment": "N/A" if figures.roi is None else f"{figures.roi:,.1f}%",
        "panelOrientations": "; ".join(f"{g['module_quantity']} panels at {g['slope']}°" for g in groups),
        "systemPanelPlacement": f"{system.get('module_quantity')} panels",
        "moduleCodes": _codes(system, "modules"),
        "inverterCodes": _codes(system, "inverters"),
        "batteryCodes": _codes(system, "batteries"),
        "image_url": None,
        "output_monthly_json": orjson.dumps(by_month).decode(),
        "energy_consumption_daily_per_month_json": orjson.dumps(use).decode(),
        "data": {
            "pricing": money.pricing(figures),
            "line_items": money.line_items(figures, system),
            "payment_options": money.payment_options(figures, here),
            "inverters": system.get("inverters"),
            "batteries": system.get("batteries"),
            "output": {"monthly": by_month, "annual": figures.output, "hourly": hourly},
            "consumption": {"annual": figures.usage},
            "bills": money.bills(figures, use),
            "contract_template": {"body": "<p>Terms</p>"},
            "environmentals": {
                "co2_tons_lifetime": system.get("co2_tons_lifetime"),
                "trees_planted": round(figures.output / 60),
            },
            "shadingByPanelGroup": money.shading(groups, chance),
            "tax_name": tax,
        },
    }


def _codes(system: JsonObject, kind: str) -> str:
    parts = system.get(kind)
    return (
        ", ".join(str(part.get("code")) for part in parts if isinstance(part, dict)) if isinstance(parts, list) else ""
    )


def _design(project: JsonObject, systems: list[JsonObject]) -> JsonObject:
    """A sketch of a design: the scene's origin, and the systems by their uuid."""
    origin = [project.get("lon"), project.get("lat")]
    return {"scene": {"sceneOrigin4326": origin}, "systems": [{"uuid": system.get("uuid")} for system in systems]}


def _current_system(is_there: bool) -> JsonObject:
    if not is_there:
        return {"is_retrofit_system": False, "inverters": [], "batteries": [], "others": [], "output": {}, "kw_stc": 0}
    inverters = [{"code": "OLD-3000", "manufacturer_name": "Steinmetz Electric", "quantity": 1}]
    output = {"annual": 3100}
    return {
        "is_retrofit_system": True,
        "inverters": inverters,
        "batteries": [],
        "others": [],
        "output": output,
        "kw_stc": 2.4,
    }
