"""Proposal data (document 001): one project a request, on either of the two documented paths.

Inside the answer's organisation and project stands `proposal_data` with everything a proposal is made of. It is kept
as it came, but for blobs and secrets: see `tidy`.
"""

from dataclasses import dataclass, field
from typing import Any

import orjson

from portal.lib.answer import Answer
from portal.lib.call import Params
from portal.lib.errors import MalformedAnswer
from portal.lib.redaction import REMOVED, SECRET_KEYS, is_secret, strip_secrets
from portal.vendors.opensolar.blobs import Unreadable, is_packed, packed, unpacked, unpacked_bytes
from portal.vendors.opensolar.values import id_of

PLAIN_PATH = "/api/user_logins/"
PRODUCT = "Raw Data API Access"
"""The product that an organisation needs; any other plan answers 402."""
NOT_IN_PLAN = (
    f"Proposal data needs the product “{PRODUCT}”, which this OpenSolar organisation does not have (402). "
    "Enable it in OpenSolar, wait five minutes, and press “Try again” on the connection’s page."
)
NOT_SHOWN = "OpenSolar does not show this project's proposal to the connected login (403). Check its rights there."
NOT_OFFERED = "OpenSolar offers no proposal data at this address (404)."

# Read wherever proposal data is shown, so they are unpacked once, here. `design` is large and stays as it came.
_BLOBS_IN_SYSTEM = ("bills", "output", "contract_template")
_SHORTEST_SECRET = 8


@dataclass(frozen=True, slots=True)
class Tidied:
    """A project with its blobs unpacked and its secrets out; `remarks` say which blobs could not be read, and why."""

    record: dict[str, Any]
    remarks: list[str] = field(default_factory=list)


def params_of(project_id: int, *, unsold: bool, language: str, compress: bool) -> Params:
    """The documented parameters; those left out are None."""
    return {
        "project_ids": project_id,
        "include_unsold": 1 if unsold else None,
        "language": language or None,
        "compress_data": 1 if compress else None,
    }


def project_in(answer: Answer, project_id: int) -> dict[str, Any] | None:
    """The project asked for, whichever organisation it stands in; the organisation's other keys under `asked_org`.

    None where the answer has no such project. MalformedAnswer if it is no list of organisations.
    """
    value = answer.json()
    orgs = [value] if isinstance(value, dict) else value
    if not isinstance(orgs, list):
        sentence = "OpenSolar sent something else where proposal data was expected. Try again later."
        raise MalformedAnswer(sentence, status=answer.status, sent=True)
    for org in orgs:
        projects = org.get("projects") if isinstance(org, dict) else None
        for project in projects if isinstance(projects, list) else ():
            if isinstance(project, dict) and project_id in (id_of(project.get("id")), id_of(project.get("url"))):
                around = {key: item for key, item in org.items() if key != "projects"}
                return {**project, "id": project_id, "asked_org": around}
    return None


def tidy(project: dict[str, Any]) -> Tidied:
    """Unpacks bills and output in place of their blobs, and takes secrets out of blobs and texts.

    Secrets under their own keys go later, with those of all records: the digest is taken before. A blob that cannot
    be unpacked is left out, so that nobody else trips over it; the remark says so.
    """
    remarks: list[str] = []
    secrets = _secrets_in(project)
    record = _without(project, secrets)
    proposal = record.get("proposal_data")
    if not isinstance(proposal, dict):
        return Tidied(record)
    proposal = dict(proposal)
    _replace(proposal, "design", _checked_design, remarks)
    systems = proposal.get("systems")
    if isinstance(systems, list):
        proposal["systems"] = [_tidy_system(system, place, remarks) for place, system in enumerate(systems, 1)]
    return Tidied({**record, "proposal_data": proposal}, remarks)


def _tidy_system(system: Any, place: int, remarks: list[str]) -> Any:
    data = system.get("data") if isinstance(system, dict) else None
    if isinstance(data, str):
        system = dict(system)
        _replace(system, "data", _cleaned, remarks, f"system {place}")
        data = system.get("data")
    if not isinstance(data, dict):
        return system
    data = dict(data)
    for name in _BLOBS_IN_SYSTEM:
        _replace(data, name, _cleaned, remarks, f"system {place}")
    return {**system, "data": data}


def _replace(holder: dict[str, Any], name: str, read: Any, remarks: list[str], where: str = "") -> None:
    if name not in holder:
        return
    try:
        holder[name] = read(holder[name])
    except Unreadable as error:
        del holder[name]
        remarks.append(f"{name}{' of ' if where else ''}{where} could not be unpacked: {error}")


def _cleaned(value: Any) -> Any:
    return strip_secrets(unpacked(value))


def _checked_design(value: Any) -> Any:
    """The design as it came, if it can be unpacked; packed anew only where a secret stood in it."""
    if not is_packed(value):
        return strip_secrets(value)
    content = unpacked_bytes(value)
    if not any(b'"' + key.encode() + b'"' in content for key in SECRET_KEYS):
        return value
    return packed(orjson.dumps(strip_secrets(unpacked(value))))


def _secrets_in(value: Any, is_inside: bool = False) -> set[str]:
    """Texts under secret keys at any depth: a link's address also stands in messages and templates."""
    if isinstance(value, dict):
        return {text for key, item in value.items() for text in _secrets_in(item, is_inside or is_secret(str(key)))}
    if isinstance(value, list):
        return {text for item in value for text in _secrets_in(item, is_inside)}
    return {value} if is_inside and isinstance(value, str) and len(value) >= _SHORTEST_SECRET else set()


def _without(value: Any, secrets: set[str], is_inside: bool = False) -> Any:
    """The value with these texts taken out of all others; what stands under a secret key is left for later."""
    if isinstance(value, dict):
        return {key: _without(item, secrets, is_inside or is_secret(str(key))) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, secrets, is_inside) for item in value]
    if is_inside or not isinstance(value, str):
        return value
    for secret in secrets:
        value = value.replace(secret, REMOVED)
    return _without_in_json(value)


def _without_in_json(text: str) -> str:
    """Secrets in JSON that stands in a string."""
    if text.lstrip()[:1] not in ("{", "[") or not any(key in text for key in SECRET_KEYS):
        return text
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    clean = strip_secrets(value)
    return text if clean is value else orjson.dumps(clean).decode()
