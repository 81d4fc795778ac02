"""Which fields of a record belong to which part of the timeline, and who may see them."""

from __future__ import annotations

from django.db.models import Q

from portal.access import Access
from projects.models import Contact, Project, System
from projects.services.story.system_options import COSTS, PRICES
from projects.services.timeline.entries import NOTES, OTHER, PEOPLE, SALE, SYNC, SYSTEMS

MODELS: dict[str, type[Project] | type[System] | type[Contact]] = {
    "projects": Project,
    "systems": System,
    "contacts": Contact,
}
SALE_FIELDS = (
    *("stage", "active_stage_id", "is_sold", "system_sold_ref", "sold_date", "contract_date"),
    *("installation_date", "valid_until_date"),
)
# The project's customers, by whichever name a change of its links comes.
LINK_FIELDS = ("contacts", "contact_refs", "contact_links")
PEOPLE_FIELDS = (*Project.ROLE_REFS, *LINK_FIELDS)
NOTE_FIELDS = ("notes", "site_notes")
# What the portal notes for itself, or shows in another line.
UNTOLD = (
    *("search_text", "synced_at", "changed_at", "requested_at", "removed_at", "withheld_at", "details_at"),
    *("modified_date", "created_date", "uuid", "opensolar_id", "project_ref"),
)
PRICED = (*PRICES, "pricing_scheme_ref")
GONE_OR_BACK = ""
_FIELDS_OF = {SALE: SALE_FIELDS, PEOPLE: PEOPLE_FIELDS, NOTES: NOTE_FIELDS, SYNC: (GONE_OR_BACK,)}
_FREE = {
    "projects": frozenset({field.name for field in Project._meta.concrete_fields} | set(LINK_FIELDS)),
    "systems": frozenset(field.name for field in System._meta.concrete_fields) - {*PRICED, *COSTS},
    "contacts": frozenset(field.name for field in Contact._meta.concrete_fields),
}


def kind_of(resource: str, field: str) -> str:
    """The part of the timeline in which a change stands."""
    if resource == "systems":
        return SYSTEMS
    if resource == "contacts" or field in PEOPLE_FIELDS:
        return PEOPLE
    if field in NOTE_FIELDS:
        return NOTES
    if field == GONE_OR_BACK:
        return SYNC
    return SALE if field in SALE_FIELDS else OTHER


def of_kind(kind: str) -> Q:
    """The changes of one part, for the database."""
    if not kind:
        return Q()
    if kind == SYSTEMS:
        return Q(resource="systems")
    fields = _FIELDS_OF[kind] if kind in _FIELDS_OF else tuple(name for names in _FIELDS_OF.values() for name in names)
    project = Q(resource="projects", field__in=fields)
    if kind == OTHER:
        return Q(resource="projects") & ~project
    return project | Q(resource="contacts") if kind == PEOPLE else project


def may_see(access: Access) -> Q:
    """The changes that a person has a right to: a field that nobody knows may be money, so it takes both rights."""
    if access.sees_all_money:
        return ~Q(field__in=UNTOLD)
    money = (*(PRICED if access.sees_prices else ()), *(COSTS if access.sees_costs else ()))
    allowed = Q()
    for resource, free in _FREE.items():
        more = money if resource == "systems" else ()
        allowed |= Q(resource=resource, field__in=sorted({GONE_OR_BACK, *free, *more} - set(UNTOLD)))
    return allowed
