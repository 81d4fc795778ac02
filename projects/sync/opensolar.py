"""OpenSolar as a source of the sync engine: what is listed, in which order, and what single requests bring."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.sync.gate import Gate
from portal.sync.source import Key, Limit, Part, Record, Resource, Source
from portal.vendors.opensolar import records
from portal.vendors.opensolar.client import OpenSolar
from portal.vendors.opensolar.project_parts import without_links
from projects.models import Contact, Project, Role, System
from projects.sync import embedded, opensolar_account, opensolar_login, opensolar_webhooks, proposals, reading
from projects.sync.linking import PROJECT_DETAILS, SYSTEM_DETAILS, after_projects, after_systems
from projects.sync.opensolar_pages import pages_of
from projects.sync.opensolar_price_writing import PRICE_WRITERS
from projects.sync.opensolar_prices import COMPONENTS, PRICES
from projects.sync.opensolar_writing import LIMITS as WRITE_LIMITS
from projects.sync.opensolar_writing import WRITERS, own_address
from projects.sync.sites import usual_zone

MINUTE, DAY = 60, 86_400

# The published throttles (reference, section 4). Lists are not among them: what they cost is unknown, a 429 is obeyed.
LIMITS = {
    "project": (Limit("user", 100, MINUTE), Limit("account", 10_000, DAY)),
    "system_details": (Limit("user", 60, MINUTE), Limit("account", 10_000, DAY)),
    **proposals.LIMITS,
    "system_image": (Limit("user", 10, MINUTE), Limit("account", 10_000, DAY)),
    **embedded.LIMITS,
    **WRITE_LIMITS,
}
# Documents 000 and 001 say that there are limits, and refer to this page for the figures.
LIMITS_FROM = _("OpenSolar's page “Throttle Limits”, to which its API documentation refers.")
LIMIT_NAMES = {
    "project": _("single projects"),
    "system_details": _("system details"),
    proposals.ACTION: _("proposals"),
    "system_image": _("pictures of systems"),
    embedded.PRIVATE_FILES: _("files"),
    "create_project": _("new projects"),
    "change_project": _("changes of projects"),
}


def open_client(gate: Gate) -> OpenSolar:
    """The client of one connection."""
    connection = gate.connection
    return OpenSolar(gate.transport, connection.account_id, gate.tokens, cache(partial(own_address, connection)))


def fetch_project(gate: Gate, key: Key) -> Record:
    """One project, whole."""
    gate.take("project")
    record: Record = without_links(gate.client.record("projects", int(key)))
    return record


def fetch_project_details(gate: Gate, vendor_id: str) -> list[Record]:
    """The same, as what a short row of the list asked for."""
    return [fetch_project(gate, int(vendor_id))]


def fetch_system_details(gate: Gate, vendor_id: str) -> list[Record]:
    """The design side of all systems of a project; each row is told whose it is."""
    gate.take("system_details")
    answer = gate.client.system_details(int(vendor_id))
    return [
        {"project": int(vendor_id), **row} if isinstance(row, dict) else row
        for row in records.SystemDetails.rows(answer)
    ]


def _fetch(resource: str) -> Any:
    def fetch(gate: Gate, key: Key) -> Record:
        record: Record = gate.client.record(resource, int(key))
        return record

    return fetch


SOURCE = Source(
    vendor="opensolar",
    setup=opensolar_login.SETUP,
    open_client=open_client,
    new_token=opensolar_login.new_token,
    prepare=opensolar_login.apply_machine_user,
    resources=(
        Resource(
            name="roles",
            model=Role,
            pages=pages_of("roles"),
            fetch=_fetch("roles"),
            key_of=reading.role_key_of,
            parse=reading.parse_role,
        ),
        Resource(
            name="contacts",
            model=Contact,
            pages=pages_of("contacts"),
            fetch=_fetch("contacts"),
            key_of=reading.key_of,
            parse=reading.parse_contact,
        ),
        Resource(
            name="projects",
            model=Project,
            pages=pages_of("projects"),
            fetch=fetch_project,
            key_of=reading.key_of,
            parse=reading.parse_project,
            shape_of=reading.shape_of_project,
            after=after_projects,
            mapping=2,
            no_news=frozenset({"search_text", "modified_date"}),
        ),
        Resource(
            name="systems",
            model=System,
            pages=pages_of("systems"),
            fetch=_fetch("systems"),
            key_of=reading.key_of,
            parse=reading.parse_system,
            after=after_systems,
            no_news=frozenset({"details_at"}),
        ),
        *PRICES,
        *COMPONENTS,
    ),
    parts=(
        Part(PROJECT_DETAILS, "projects", fetch_project_details, "detail", counts_as="projects", spends="project"),
        Part(SYSTEM_DETAILS, "systems", fetch_system_details, "details", counts_as="systems", spends="system_details"),
        proposals.PART,
        *opensolar_webhooks.parts(fetch_project),
        *embedded.PARTS,
    ),
    unlisted=(proposals.RESOURCE, opensolar_account.RESOURCE, *embedded.EMBEDDED),
    answers=lambda gate: gate.client.org(),
    hooks=opensolar_webhooks.HOOKS,
    limits=LIMITS,
    limit_names=LIMIT_NAMES,
    limits_from=LIMITS_FROM,
    zone=usual_zone,
    writers={**WRITERS, **PRICE_WRITERS, opensolar_account.ACCOUNT: opensolar_account.WRITER},
)
