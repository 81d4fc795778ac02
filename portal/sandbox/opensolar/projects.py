"""The projects: the facts that a row and the whole record share, drawn from a project's index."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from portal.sandbox.opensolar.data import BUSINESSES, SCRIPT_STREET, STREETS, Town
from portal.sandbox.opensolar.draw import Kind, draw, moment_between, one_of, stamp
from portal.sandbox.opensolar.layout import Layout
from portal.sandbox.opensolar.people import Org
from portal.sandbox.wire import JsonObject

PRESALE, PRICING_LOCKED, SOLD, INSTALLED, OTHER = range(5)
SPAN = timedelta(days=548)
"""The oldest project is eighteen months old."""
SCRIPT_INDEX = 3
WORKFLOW = 11
WORKFLOW_STAGES = {PRESALE: (101, 102, 103), PRICING_LOCKED: (104,), SOLD: (105, 106), INSTALLED: (107,), OTHER: (108,)}
_FUNNEL_YOUNG = ((0.72, PRESALE), (0.87, PRICING_LOCKED), (0.97, SOLD), (1.0, OTHER))
_FUNNEL = ((0.42, PRESALE), (0.50, PRICING_LOCKED), (0.62, SOLD), (0.90, INSTALLED), (1.0, OTHER))


@dataclass(slots=True)
class Facts:
    """What was drawn for one project before anything is written down; systems are counted over the organisation."""

    index: int
    number: int
    town: Town
    street: str
    business: str | None
    created: datetime
    modified: datetime
    stage: int
    sold: datetime | None
    sold_system: int | None
    priority: int
    has_workflow: bool
    is_lite: bool

    @property
    def address(self) -> str:
        return f"{self.street}, {self.town.locality} {self.town.state} {self.town.zip}"

    @property
    def title(self) -> str:
        return self.business or self.street


def project_facts(layout: Layout, org: Org, epoch: datetime, index: int) -> Facts:
    chance = draw(layout.seed, org.id, Kind.PROJECT, index)
    systems = layout.systems_of(index)
    created = epoch - SPAN + chance.random() * SPAN
    stage = _stage(chance, epoch - created, bool(systems))
    sold = None
    if stage in (SOLD, INSTALLED):
        sold = moment_between(chance, created, min(epoch, created + timedelta(days=50)))
    street = SCRIPT_STREET if index == SCRIPT_INDEX else one_of(chance, STREETS)
    return Facts(
        index=index,
        number=org.first_project + index,
        town=one_of(chance, org.towns),
        street=f"{1 + int(chance.random() * 240)} {street}",
        business=one_of(chance, BUSINESSES) if chance.random() < 0.08 else None,
        created=created,
        modified=moment_between(chance, sold or created, epoch),
        stage=stage,
        sold=sold,
        sold_system=one_of(chance, systems) if sold else None,
        priority=int(chance.random() * 3),
        has_workflow=chance.random() < 0.7,
        is_lite=chance.random() < 0.03,
    )


def _stage(chance: Random, age: timedelta, has_system: bool) -> int:
    roll = chance.random()
    if not has_system:
        return PRESALE if roll < 0.9 else OTHER
    funnel = _FUNNEL_YOUNG if age < timedelta(days=60) else _FUNNEL
    return next(stage for limit, stage in funnel if roll < limit)


def project_row(facts: Facts, layout: Layout, org: Org, base: str) -> JsonObject:
    """The row under `fieldset=list`, without `contacts_data`."""
    here = f"{base}/api/orgs/{org.id}"
    row: JsonObject = {
        "id": facts.number,
        "url": f"{here}/projects/{facts.number}/",
        "title": facts.title,
        "business_name": facts.business,
        "address": facts.address,
        "contacts": [f"{here}/contacts/{org.first_contact + n}/" for n in layout.contacts_of(facts.index)],
        "priority": facts.priority,
        "stars": [],
        "stage": facts.stage,
        "org_id": org.id,
        "org_name": org.name,
        "is_lite": facts.is_lite,
        "created_date": stamp(facts.created),
        "modified_date": stamp(facts.modified),
        "shared_with": [],
        "customer_proposal_data": _proposal_state(facts) if facts.stage else None,
        "custom_data": None,
    }
    if facts.has_workflow:
        stages = WORKFLOW_STAGES[facts.stage]
        active = stages[facts.index % len(stages)]
        row["workflow"] = {"id": 50_000 + facts.number, "workflow_id": WORKFLOW, "active_stage_id": active}
    return row


def _proposal_state(facts: Facts) -> JsonObject:
    return {
        "has_contacts_active": facts.stage > PRESALE,
        "has_contacts_active_with_login": False,
        "has_customer_view": True,
        "has_customer_view_system": True,
        "ready": facts.sold is not None,
    }
