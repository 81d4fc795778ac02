"""Proposal data as the engine fetches it: a project and language at a time, never listed (document 001)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from portal.lib.errors import MethodNotAllowed, NotFound
from portal.models import Connection
from portal.sync.gate import Gate
from portal.sync.source import Arrival, Key, Limit, Parsed, Part, Record, RecordProblem, Resource
from portal.vendors.opensolar.proposal_figures import OptionFigures, errors_in, options_in
from portal.vendors.opensolar.proposals import NOT_OFFERED, tidy
from portal.vendors.opensolar.values import id_of
from projects.models import Project, Proposal
from projects.sync.settling import settle
from projects.sync.values import day_of

PROPOSALS = "proposals"
ACTION = "user_logins"
LIMITS = {ACTION: (Limit("user", 100, 60), Limit("account", 10_000, 86_400))}
BETWEEN = ":"


def key_for(number: int, language: str = "") -> str:
    """What a proposal is called here: "3001", or "3001:fr" where a language was asked for."""
    return f"{number}{BETWEEN}{language}" if language else str(number)


def fetch_proposals(gate: Gate, vendor_id: str) -> list[Record]:
    """One project's proposal, from the organisation's path or, where that is not served, from the other one.

    Nothing for a project that is gone, and where OpenSolar's answer does not hold it.
    """
    number, _between, language = vendor_id.partition(BETWEEN)
    project = Project.objects.filter(connection=gate.connection, opensolar_id=int(number)).first()
    if project is None or project.removed_at:
        return []
    asked = timezone.now()
    found = _asked(gate, project, language)
    if found is None:
        return []
    tidied = tidy(found)
    # An unchanged one is not written; that it was looked at has to be known all the same.
    Proposal.objects.filter(connection=gate.connection, proposal_key=vendor_id).update(asked_at=asked)
    return [{**tidied.record, "asked_language": language, "asked_remarks": tidied.remarks}]


def _asked(gate: Gate, project: Project, language: str) -> Record | None:
    wanted: dict[str, Any] = {"unsold": not project.is_sold or project.system_sold_ref is None, "language": language}
    gate.take(ACTION)
    try:
        found: Record | None = gate.client.proposal(project.opensolar_id, **wanted)
    except (NotFound, MethodNotAllowed):
        gate.take(ACTION)
        try:
            found = gate.client.proposal(project.opensolar_id, **wanted, plain_path=True)
        except NotFound as error:
            if Proposal.objects.filter(connection=gate.connection).exists():
                raise
            # A project that may not be seen answers 403, so this says that nobody serves these addresses.
            raise MethodNotAllowed(NOT_OFFERED, status=error.status) from error
    return found


def key_of(record: Any) -> Key:
    """Its project's number and the language that was asked for."""
    number = id_of(record.get("id")) if isinstance(record, dict) else None
    if number is None:
        raise RecordProblem("It has no project number.")
    return key_for(number, record.get("asked_language") or "")


def parse(record: Record, shape: str) -> Parsed:
    """The columns; what is missing or written otherwise is unknown, never an error."""
    proposal = record.get("proposal_data")
    proposal = proposal if isinstance(proposal, dict) else {}
    country = record.get("country_iso2") or proposal.get("country_iso2")
    columns = {
        "opensolar_id": id_of(record.get("id")),
        "language_asked": record.get("asked_language") or "",
        "language": _text(record.get("language") or proposal.get("language")),
        "country_iso2": _text(country),
        "valid_until_date": day_of(record.get("valid_until_date")),
        "calculation_errors": errors_in(record),
        "options": [_option(option) for option in options_in(record)],
        "unreadable": record.get("asked_remarks") or [],
    }
    return Parsed(columns)


def after_proposals(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """The figures of the system that stands for the project."""
    settle(connection, [arrival.parsed.columns["opensolar_id"] for arrival in arrivals])


def _option(option: OptionFigures) -> dict[str, Any]:
    """As JSON; figures as text, so that none is rounded."""
    names = ("kw_stc", "output_annual_kwh", "payback_years", "npv", "irr", "roi", "price", "cost")
    own = {"number": option.number, "uuid": option.uuid, "name": option.name or option.title}
    return {**own, "currency": option.currency, **{name: _written(getattr(option, name)) for name in names}}


def _written(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _text(value: Any) -> str:
    return value.strip()[:20] if isinstance(value, str) else ""


RESOURCE = Resource(
    name=PROPOSALS,
    model=Proposal,
    fetch=lambda gate, key: fetch_proposals(gate, str(key))[0],
    key_of=key_of,
    parse=parse,
    shape_of=lambda record: "detail",
    after=after_proposals,
    no_news=frozenset({"options", "unreadable"}),
)
PART = Part(PROPOSALS, PROPOSALS, fetch_proposals, shape="detail", counts_as=PROPOSALS, spends=ACTION)
