"""The whole record of a project: what stands on its own page beyond the row of the list."""

from datetime import datetime, timedelta
from random import Random

import orjson

from portal.sandbox.opensolar import data
from portal.sandbox.opensolar.draw import Kind, draw, moment_between, one_of, stamp, uuid_of
from portal.sandbox.opensolar.layout import Layout
from portal.sandbox.opensolar.people import Duty, Org
from portal.sandbox.opensolar.project_defaults import CONFIGURATION, COSTING, blank_project
from portal.sandbox.opensolar.projects import INSTALLED, PRESALE, Facts, project_row
from portal.sandbox.wire import JsonObject

_MONTHS = (120, 112, 104, 92, 88, 96, 104, 100, 88, 86, 98, 112)
"""The share of each month in a year's consumption, in hundredths of an average month."""
EVENTS, FILES = 60_000, 80_000
"""What is added to a project's number to make its event's and its file's."""
# Each with the tag that says what kind of file it is.
_TITLES = (("roof.jpg", "Site - Photo"), ("Proposal.pdf", "Sales Proposal"), ("Single line diagram.pdf", None))


def project_detail(facts: Facts, layout: Layout, org: Org, epoch: datetime, base: str) -> JsonObject:
    """All documented keys; the joined ones (`contacts_data`, `systems`, `…_role_data` and kin) still empty."""
    chance = draw(layout.seed, org.id, Kind.DETAIL, facts.index)
    here = f"{base}/api/orgs/{org.id}"
    record = blank_project()
    record.update(project_row(facts, layout, org, base))
    record.update(_identity_and_place(chance, facts, here, base))
    record.update(_roles(chance, facts, org, here))
    record.update(_sale(chance, facts, org, epoch, here))
    record.update(_energy(chance, base))
    record.update(_story(chance, facts, here))
    record.update(configuration=CONFIGURATION, costing=COSTING)
    _roughen(facts.index, record)
    return record


def _identity_and_place(chance: Random, facts: Facts, here: str, base: str) -> JsonObject:
    town = facts.town
    country, country_name = data.COUNTRIES[town.country]
    identifier = uuid_of(chance)
    return {
        "identifier": f"CRM-{facts.number}" if chance.random() < 0.3 else identifier,
        "org": f"{here}/",
        "locality": town.locality,
        "state": town.state,
        "zip": town.zip,
        "country": f"{base}/api/countries/{country}/",
        "country_iso2": town.country,
        "country_name": country_name,
        "lat": round(town.lat + 0.08 * (chance.random() - 0.5), 6),
        "lon": round(town.lon + 0.08 * (chance.random() - 0.5), 6),
        "timezone_offset": town.offset,
        "is_residential": facts.business is None,
        "business_identifier": f"{chance.randrange(10**11):011d}" if facts.business else None,
        "roof_type": f"{base}/api/roof_types/{one_of(chance, (6, 14, 16, 19, 20, 24))}/",
        "number_of_phases": 3 if chance.random() < 0.2 else 1,
        "number_of_storeys": 1 + int(chance.random() * 2),
        "meter_identifier": f"{chance.randrange(10**11):011d}" if chance.random() < 0.4 else None,
    }


def _roles(chance: Random, facts: Facts, org: Org, here: str) -> JsonObject:
    """References to roles, by the number in their URL; later stages have more people on them."""

    def someone(duty: Duty, share: float) -> str | None:
        role = one_of(chance, org.with_duty(duty))
        return f"{here}/roles/{role.number}/" if chance.random() < share else None

    seller = someone("sales", 0.94)
    surveyed = 0.05 if facts.stage == PRESALE else 0.25
    return {
        "assigned_role": seller,
        "assigned_salesperson_role": seller if chance.random() < 0.06 else None,
        "assigned_designer_role": someone("design", 0.06),
        "assigned_site_inspector_role": someone("inspect", surveyed),
        "assigned_installer_role": someone("install", 0.5) if facts.sold else None,
    }


def _sale(chance: Random, facts: Facts, org: Org, epoch: datetime, here: str) -> JsonObject:
    values: JsonObject = {
        "valid_until_date": (facts.created + timedelta(days=60)).date().isoformat(),
        "share_link": f"https://share.example.com/p/{chance.getrandbits(64):016x}" if facts.stage else None,
        "is_pricing_locked": facts.stage > PRESALE,
    }
    if facts.sold is None or facts.sold_system is None:
        return values
    system = f"{here}/systems/{org.first_system + facts.sold_system}/"
    values.update(
        system_sold=system,
        payment_option_sold=f"{here}/payment_options/{one_of(chance, data.PAYMENT_OPTIONS)}/",
        sold_date=stamp(facts.sold),
        contract_date=stamp(facts.sold),
        project_sold=True,
    )
    if facts.stage == INSTALLED:
        done = moment_between(chance, facts.sold, min(epoch, facts.sold + timedelta(days=90)))
        values.update(system_installed=system, project_installed=True, installation_date=stamp(done))
    return values


def _energy(chance: Random, base: str) -> JsonObject:
    """Yearly consumption in kWh; `usage` is an object, a JSON string or null, as the vendor's documents show it."""
    annual = 3000 + int(chance.random() * 14_000)
    number, utility, name, rate = one_of(chance, data.TARIFFS)
    tariff = {
        "id": number,
        "url": f"{base}/api/utility_tariffs/{number}/",
        "utility_name": utility,
        "name": name,
        "energy_rate": rate,
    }
    usage: JsonObject = {"usage_data_source": "kwh_annual", "values": annual}
    shape = chance.random()
    if annual % 2:
        usage = {"usage_data_source": "kwh_monthly", "values": [round(annual * part / 1200) for part in _MONTHS]}
    known = chance.random() < 0.35
    return {
        "usage": None if shape < 0.3 else orjson.dumps(usage).decode() if shape < 0.6 else usage,
        "usage_annual_or_guess": annual,
        "utility_tariff_current": tariff["url"] if known else None,
        "utility_tariff_current_custom": "null" if chance.random() < 0.2 else None,
        "utility_tariff_current_data": tariff if known else None,
        "utility_tariff_current_guess": None if known else tariff["url"],
        "utility_tariff_or_guess": tariff["url"],
    }


def _story(chance: Random, facts: Facts, here: str) -> JsonObject:
    """Notes, tags, the next action and what happened last."""
    number = facts.number
    story: JsonObject = {
        "lead_source": one_of(chance, data.LEAD_SOURCES),
        "notes": one_of(chance, data.NOTES),
        "site_notes": one_of(chance, data.SITE_NOTES),
        "actions": [_action(facts, here)] if chance.random() < 0.3 else [],
    }
    if chance.random() < 0.3:
        tag = int(chance.random() * len(data.TAGS))
        story.update(tags=[f"{here}/tags/{tag + 1}/"], tags_data=[{"id": tag + 1, "title": data.TAGS[tag]}])
    if chance.random() < 0.05:
        file = _file(chance, facts, here)
        story.update(private_files=[file["url"]], private_files_data=[file])
    if chance.random() < 0.25:
        event = EVENTS + number
        story.update(events=[f"{here}/events/{event}/"], events_data=[_event(chance, facts, event)])
    return story


def _action(facts: Facts, here: str) -> JsonObject:
    number = 30_000 + facts.number
    return {
        "id": number,
        "title": "Design systems" if facts.stage == PRESALE else "Call the customer",
        "stage": facts.stage,
        "order": 10,
        "url": f"{here}/actions/{number}/",
        "org": f"{here}/",
        "events": [],
        "created_date": stamp(facts.created),
        "modified_date": stamp(facts.modified),
    }


def _file(chance: Random, facts: Facts, here: str) -> JsonObject:
    """A private file; the link to its contents is made anew each time the record is shown."""
    number = FILES + facts.number
    title, tag = _TITLES[facts.index % len(_TITLES)]
    tags = [{"id": 1 + facts.index % len(_TITLES), "title": tag, "type": 0}] if tag else []
    return {
        "id": number,
        "url": f"{here}/private_files/{number}/",
        "org": f"{here}/",
        "project": f"{here}/projects/{facts.number}/",
        "title": title,
        "file_hash": f"{chance.getrandbits(64):016x}",
        "filesize": 40_000 + chance.randrange(400_000),
        "file_tags": [f"{here}/private_file_tags/{entry['id']}/" for entry in tags],
        "file_tags_data": tags,
        "system_uuid": None,
        "status": "created",
        "show_customer": False,
        "temporary": False,
        "created_date": stamp(facts.created),
        "modified_date": stamp(facts.modified),
    }


def _event(chance: Random, facts: Facts, number: int) -> JsonObject:
    kind, title = one_of(chance, ((21, "Call out no answer"), (28, "Appointment"), (31, "Note"), (99, "New kind")))
    when = stamp(moment_between(chance, facts.created, facts.modified))
    return {
        "id": number,
        "event_type_id": kind,
        "title": title,
        "notes": None,
        "start": when,
        "end": when,
        "duration": 0,
        "is_complete": True,
        "is_archived": False,
        "task_status": 0,
        "project_id": facts.number,
        "who": {"display": "Unknown User", "email": None, "portrait_image_public_url": None},
        "created_date": when,
        "modified_date": when,
    }


def _roughen(index: int, record: JsonObject) -> None:
    """The vendor's document leaves optional keys out and grows new ones; so does one project in some."""
    if index % 17 == 5:
        for key in ("parcel_identifier", "custom_project_info_5", "wind_region", "tags_data"):
            del record[key]
    if index % 13 == 2:
        record["natron"] = None
        record["grid_export_limit"] = {"kw": 5, "reason": "réseau"}
    if index % 19 == 4:
        record["lat"] = record["lon"] = None
